import type { Clock, HttpRequest, HttpResponse, Timer, Transport } from '../ports.js';

/** Shorter waits would only hammer the server at the end of a shutdown. */
const LEAST_MS = 250;

/** How long anything may take: as long as it likes, until a shutdown sets a deadline. */
export class Patience {
  readonly #clock: Clock;
  #deadline: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isLimited(): boolean {
    return this.#deadline !== undefined;
  }

  limit(deadline: number): void {
    this.#deadline = deadline;
  }

  /** During a shutdown half of what is left, so that there is time for another try; `ms` when that is less. */
  of(ms: number): number {
    if (this.#deadline === undefined) return ms;
    return Math.min(ms, Math.max(LEAST_MS, (this.#deadline - this.#clock.now()) / 2));
  }
}

interface Running {
  readonly cut: () => void;
  timer: Timer | undefined;
}

/** A transport whose requests, those under way included, are cut off when a shutdown needs their time. */
export class PatientTransport implements Transport {
  readonly #transport: Transport;
  readonly #patience: Patience;
  readonly #clock: Clock;
  readonly #running = new Set<Running>();

  constructor(transport: Transport, patience: Patience, clock: Clock) {
    this.#transport = transport;
    this.#patience = patience;
    this.#clock = clock;
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const controller = new AbortController();
    const abort = (): void => controller.abort(signal.reason);
    const cut = (): void => controller.abort(new CutOffError());
    const running: Running = { cut, timer: undefined };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    if (this.#patience.isLimited) this.#watch(running);
    this.#running.add(running);
    try {
      return await this.#transport.send(request, controller.signal);
    } finally {
      this.#running.delete(running);
      running.timer?.cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  /** A deadline was set: it holds for what is under way, too. */
  limited(): void {
    for (const running of this.#running) this.#watch(running);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #watch(running: Running): void {
    running.timer ??= this.#clock.after(this.#patience.of(Number.POSITIVE_INFINITY), running.cut);
  }
}

/** Reads as a time-out, whoever classifies it. */
class CutOffError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('cut off: the shutdown needs the time');
    this.name = 'CutOffError';
  }
}
