import type { Clock } from '../ports.js';

/**
 * Runs `work` with a signal that is aborted after `ms`, or with `parent`. The timer does not hold the process open:
 * whatever is awaited (a socket, a flush) does that.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = clock.after(ms, abort);
  if (parent?.aborted) abort();
  else parent?.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    timer.cancel();
    parent?.removeEventListener('abort', abort);
  }
}

/**
 * Waits for `promise`, but not longer than `ms`. True when it came in time.
 *
 * @param holdsProcess - whether the process stays for it: only where somebody awaits a flush or a shutdown.
 */
export function within(
  clock: Clock,
  ms: number,
  promise: PromiseLike<unknown>,
  holdsProcess: boolean = true,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, () => resolve(false));
    if (holdsProcess) timer.ref();
    const finish = (): void => {
      timer.cancel();
      resolve(true);
    };
    promise.then(finish, finish);
  });
}
