/** What is done for an exporter when its process ends. */
export interface ProcessHook {
  /** The event loop is empty: what is held may still be sent. Called again only when there is something new. */
  beforeExit?: (() => Promise<unknown>) | undefined;
  /** The process ends, now: what is to be done must be done before this returns. */
  exit?: (() => void) | undefined;
  /** The process was asked to end. */
  signal?: (() => Promise<unknown>) | undefined;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof SIGNALS)[number];

/** One per process, also when this package is loaded twice: listeners are few, whatever the number of exporters. */
const REGISTRY = Symbol.for('opentelemetry-exporter-langfuse.process-hooks');

/** Adds the hook. The function that is returned takes it away again, and the listeners with the last one. */
export function addProcessHook(hook: ProcessHook): () => void {
  const shared = globalThis as { [REGISTRY]?: Registry };
  shared[REGISTRY] ??= new Registry();
  return shared[REGISTRY].add(hook);
}

class Registry {
  readonly #hooks = new Set<ProcessHook>();
  #isDraining = false;

  add(hook: ProcessHook): () => void {
    this.#hooks.add(hook);
    this.#listen();
    return () => {
      this.#hooks.delete(hook);
      this.#listen();
    };
  }

  readonly #beforeExit = (): void => {
    for (const { beforeExit } of this.#hooks) beforeExit?.().catch(() => {});
  };

  readonly #exit = (): void => {
    for (const { exit } of this.#hooks) {
      try {
        exit?.();
      } catch {
        // The application's exit code, and the hooks of others, are worth more than what is lost here.
      }
    }
  };

  /** A second signal means: now. */
  readonly #signal = (name: Signal): void => {
    if (this.#isDraining) {
      this.#die(name);
      return;
    }
    this.#isDraining = true;
    const drains = [...this.#hooks].map(({ signal }) => signal?.());
    void Promise.allSettled(drains).then(() => this.#die(name));
  };

  /** As without us: whoever else listens decides what the signal does, else the process dies of it, with its exit code. */
  #die(name: Signal): void {
    this.#isDraining = false;
    const isOurs = process.listeners(name).every((listener) => listener === this.#signal);
    for (const signal of SIGNALS) process.off(signal, this.#signal);
    if (isOurs) process.kill(process.pid, name);
  }

  /** As many listeners as there is need for: one or none for each event. */
  #listen(): void {
    const hooks = [...this.#hooks];
    process.off('beforeExit', this.#beforeExit);
    if (hooks.some(({ beforeExit }) => beforeExit !== undefined)) process.on('beforeExit', this.#beforeExit);
    process.off('exit', this.#exit);
    if (hooks.some(({ exit }) => exit !== undefined)) process.on('exit', this.#exit);
    // While a signal is dealt with, its listener stays: without one a second signal kills before the drain is over.
    if (this.#isDraining) return;
    const wantsSignals = hooks.some(({ signal }) => signal !== undefined);
    for (const name of SIGNALS) {
      process.off(name, this.#signal);
      if (wantsSignals) process.on(name, this.#signal);
    }
  }
}
