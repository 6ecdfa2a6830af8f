import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Clock, Timer } from '../ports.js';

/** The longest delay a Node timer keeps; anything longer fires after 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The process's own time. Timers never hold the process open, and they run outside every request: neither the
 * OpenTelemetry context nor any other AsyncLocalStorage store of the code that happened to arm them is kept alive.
 */
export function systemClock(): Clock {
  const outside = AsyncLocalStorage.snapshot();
  const detached = <T>(fn: () => T): T => outside(() => context.with(ROOT_CONTEXT, fn));
  return {
    now: () => performance.now(),
    wallMs: () => Date.now(),
    after(ms, fn): Timer {
      const timer = detached(() => setTimeout(fn, Math.min(Math.max(0, ms), MAX_DELAY_MS)));
      timer.unref();
      return { cancel: () => clearTimeout(timer), ref: () => timer.ref(), unref: () => timer.unref() };
    },
    soon(fn): Timer {
      // Stays ref'd: an event loop with nothing but unref'd immediates sleeps in its poll until something else happens.
      // It holds the process for one turn.
      const immediate = detached(() => setImmediate(fn));
      return { cancel: () => clearImmediate(immediate), ref: () => immediate.ref(), unref: () => immediate.unref() };
    },
  };
}
