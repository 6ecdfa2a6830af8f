import { toJsonOrThrow } from '../encode/json.js';
import type { MaskFunction } from '../mask-function.js';
import { DEFAULTS } from '../options/defaults.js';
import type { MaskOptions } from '../options/mask-options.js';
import { Mask } from '../redact/mask.js';
import { systemClock } from '../runtime/clock.js';

/** A mask for where nothing is sent and nobody is told: markers in the result say what failed. */
export function pureMask(given: MaskFunction | MaskOptions): Mask {
  const { content, identifiers } = typeof given === 'function' ? { content: given, identifiers: undefined } : given;
  const options = { content, identifiers, timeoutMs: DEFAULTS.mask.timeoutMs };
  return new Mask(options, { toJson: toJsonOrThrow, clock: systemClock(), failures: { add() {} } });
}
