import type { Clock } from '../ports.js';
import { within } from '../runtime/deadline.js';
import type { ResourceLike } from '../span.js';

/** Detectors are asked one after another and without a limit of their own; spans are not their hostages. */
const LONGEST_WAIT_MS = 2_000;

/** Waits, once per resource and with a limit, until its asynchronous attributes are there. */
export class ResourceWait {
  readonly #clock: Clock;
  readonly #waited = new WeakSet<ResourceLike>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined when there is nothing to wait for, which is nearly always. */
  for(resource: ResourceLike | undefined): Promise<void> | undefined {
    if (!resource?.asyncAttributesPending || this.#waited.has(resource)) return undefined;
    this.#waited.add(resource);
    const attributes = resource.waitForAsyncAttributes?.();
    return attributes && within(this.#clock, LONGEST_WAIT_MS, attributes, false).then(() => undefined);
  }
}
