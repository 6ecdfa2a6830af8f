import type { Sampling } from '../ports.js';
import { RESCUED } from './trace-share.js';

/** What a span goes on with, whose trace may have been given up since it came: as it came, as a rescued one, or not. */
export function samplingFate(
  sampling: Sampling | undefined,
  hasError: boolean,
  rescueErrors: boolean,
): Sampling | 'sampledOut' | undefined {
  if (sampling?.isCondemned !== true) return sampling;
  return rescueErrors && hasError ? RESCUED : 'sampledOut';
}
