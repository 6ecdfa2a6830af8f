import type { Attributes } from '../span.js';
import { textsOf } from './attributes.js';

const REASONS = ['ai.response.finishReason', 'gen_ai.response.finish_reasons'] as const;

/**
 * A stream that ended in an error: the AI SDK and the conventions say so in the finish reason only, and leave the
 * status unset. Without usage and not marked as an error, it would get tokens and a price made up by the server.
 */
export function isBrokenOff(attributes: Attributes): boolean {
  return REASONS.some((key) => textsOf(attributes[key])?.includes('error'));
}
