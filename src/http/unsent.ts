import type { Dispatcher } from 'undici';

/** No byte of the request was written: whatever happened, the server knows nothing of it. */
export class Unsent extends Error {
  constructor(cause: unknown) {
    super('the request was not sent', { cause });
    this.name = 'Unsent';
  }
}

/**
 * Does `work` with a dispatcher that is watched; a failure before it had a connection to write to is an `Unsent`. So is
 * an abort before that, which undici would answer only when the connection comes or is given up.
 */
export async function tellUnsent<T>(
  agent: Dispatcher,
  signal: AbortSignal,
  work: (watched: Dispatcher) => Promise<T>,
): Promise<T> {
  let hasBegun = false;
  const watch: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(...told) {
        hasBegun = true;
        handler.onRequestStart?.(...told);
      },
      onResponseStart: (...told) => handler.onResponseStart?.(...told),
      onResponseData: (...told) => handler.onResponseData?.(...told),
      onResponseEnd: (...told) => handler.onResponseEnd?.(...told),
      onResponseError: (...told) => handler.onResponseError?.(...told),
    });
  let giveUp = (): void => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => {
      if (!hasBegun) reject(signal.reason);
    };
  });
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work(agent.compose(watch)), givenUp]);
  } catch (failure) {
    throw hasBegun ? failure : new Unsent(failure);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
