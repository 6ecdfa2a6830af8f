import { toJson } from '../../src/encode/json.js';
import type { MaskFunction } from '../../src/mask-function.js';
import type { Observation, Told } from '../../src/model.js';
import { Mask } from '../../src/redact/mask.js';
import { ManualClock } from './manual-clock.js';
import { observation } from './observations.js';

interface Failure {
  readonly failure: string;
  readonly key: string;
}

/** A mask in a time of its own, and what it failed at. */
export function maskWith(
  masks: { readonly content?: MaskFunction; readonly identifiers?: MaskFunction },
  timeoutMs = 100,
) {
  const clock = new ManualClock();
  const failed: Failure[] = [];
  const failures = { add: (failure: string, key: string) => failed.push({ failure, key }) };
  const { content, identifiers } = masks;
  const mask = new Mask({ content, identifiers, timeoutMs }, { toJson, clock, failures });
  const apply = (over: Partial<Observation>) => mask.apply({ observation: observation(over) });
  return { mask, apply, clock, failed };
}

export function atOnce(result: Told | Promise<Told>): Observation {
  if (result instanceof Promise) throw new Error('a mask that answers at once must not cost a promise');
  return result.observation;
}

/** What becomes of an observation whose masks answer at once. */
export function masked(content: MaskFunction, over: Partial<Observation>, identifiers?: MaskFunction): Observation {
  return atOnce(maskWith({ content, ...(identifiers && { identifiers }) }).apply(over));
}
