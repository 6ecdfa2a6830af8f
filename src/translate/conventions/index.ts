import type { Convention } from '../draft.js';
import { genAi } from './gen-ai.js';
import { genAiEvents } from './gen-ai-events.js';
import { genAiLegacy } from './gen-ai-legacy.js';
import { generic } from './generic.js';
import { langfuse } from './langfuse.js';
import { openInference } from './openinference.js';
import { openLlmetry } from './openllmetry.js';
import { vercelAi } from './vercel-ai.js';

/**
 * In the order of precedence for a span that carries several: what was stated outright for Langfuse, then the library
 * that knows most of the call, then the general conventions from the newest form to the oldest. At most 31: each has a
 * bit of its own.
 */
export const CONVENTIONS: readonly Convention[] = [
  langfuse,
  vercelAi,
  genAi,
  genAiEvents,
  openInference,
  genAiLegacy,
  openLlmetry,
  generic,
];
