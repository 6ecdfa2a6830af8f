import { LangfuseError } from '../errors.js';
import type { FlushReport } from '../ledger/status.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import { addProcessHook } from '../runtime/process-hooks.js';

/** How long the last flush of a process whose event loop is empty may hold it. */
const BEFORE_EXIT_MS = 5_000;

export interface ProcessEndParts {
  readonly hooks: { readonly beforeExit: boolean; readonly exit: boolean; readonly signals: boolean };
  readonly reporter: ErrorReporter;
  /** How many spans have ended so far. */
  readonly ended: () => number;
  readonly flush: (timeoutMs: number) => Promise<FlushReport>;
  readonly close: () => Promise<unknown>;
  /** Brings to disk what is held, without waiting for anything. */
  readonly save: () => void;
}

/** Sends what is held when the process comes to its end. The function that is returned takes the hooks away again. */
export function watchProcessEnd({ hooks, reporter, ended, flush, close, save }: ProcessEndParts): () => void {
  let flushed = 0;
  const flushOnce = async (): Promise<void> => {
    // A flush lets the event loop run, and an empty event loop asks again.
    if (ended() === flushed) return;
    flushed = ended();
    const { pending } = await flush(BEFORE_EXIT_MS);
    if (pending === 0) return;
    const text = `${pending} spans could not be delivered before the process has nothing left to do; if it ends, they are lost`;
    const error = new LangfuseError('SHUTDOWN_ERROR', text, { isRetryable: false });
    reporter.report(error, { operation: 'shutdown', spanCount: pending });
  };
  return addProcessHook({
    beforeExit: hooks.beforeExit ? flushOnce : undefined,
    exit: hooks.exit ? save : undefined,
    signal: hooks.signals ? close : undefined,
  });
}
