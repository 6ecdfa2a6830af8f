import type { CircuitBreakerStatus } from '../health.js';
import { callSafely } from './call-safely.js';
import type { Logger } from './logger.js';
import { toText } from './to-text.js';

/**
 * Says when the circuit first opens, and tells the application of every change. What has to be mended by a person is
 * said with the error itself; the end of an outage by whoever sees the first success.
 */
export class CircuitLog {
  readonly #logger: Logger;
  readonly #onChange: ((status: CircuitBreakerStatus) => unknown) | undefined;
  #isOutage = false;

  constructor(logger: Logger, onChange: ((status: CircuitBreakerStatus) => unknown) | undefined) {
    this.#logger = logger;
    this.#onChange = onChange;
  }

  changed(status: CircuitBreakerStatus): void {
    const { state, reason, openUntil } = status;
    this.#logger.debug(`circuit ${state}`, { ...status });
    if (state === 'open' && !this.#isOutage) {
      this.#isOutage = true;
      const why = reason === 'throttle' ? 'asked to be left alone' : 'fails';
      this.#logger.warn(`Langfuse ${why}: spans are kept until it takes them again`, { nextTry: openUntil });
    }
    if (state === 'closed') this.#isOutage = false;
    const onChange = this.#onChange;
    if (onChange === undefined) return;
    callSafely(
      () => onChange(status),
      (thrown) => this.#logger.warn('onCircuitChange threw; its exception is ignored', { thrown: toText(thrown) }),
    );
  }
}
