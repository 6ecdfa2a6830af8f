import type { Convention } from '../draft.js';
import { agent365 } from './agent365.js';
import { flue } from './flue.js';
import { genAi } from './gen-ai.js';
import { genAiEvents } from './gen-ai-events.js';
import { genAiInstructions } from './gen-ai-instructions.js';
import { genAiLegacy } from './gen-ai-legacy.js';
import { generic } from './generic.js';
import { genkit } from './genkit.js';
import { googleAdk } from './google-adk.js';
import { laminar } from './laminar.js';
import { langChain } from './langchain.js';
import { langfuse } from './langfuse.js';
import { langSmith } from './langsmith.js';
import { langWatch } from './langwatch.js';
import { liveKit } from './livekit.js';
import { logfire } from './logfire.js';
import { mastra } from './mastra.js';
import { mcp } from './mcp.js';
import { mlflow } from './mlflow.js';
import { openAiAgents } from './openai-agents.js';
import { openInference } from './openinference.js';
import { openLit } from './openlit.js';
import { openLlmetry } from './openllmetry.js';
import { semanticKernel } from './semantic-kernel.js';
import { sentry } from './sentry.js';
import { smolagents } from './smolagents.js';
import { strands } from './strands.js';
import { tanStack } from './tanstack.js';
import { vectorDb } from './vector-db.js';
import { vercelAi } from './vercel-ai.js';
import { voltAgent } from './voltagent.js';

/**
 * In the order of precedence for a span that carries several: what was stated outright for Langfuse; the library that
 * made the span, which knows most of the call; the general conventions from the newest form to the oldest; what only
 * other languages emit; words that belong to nobody. At most 31: each has a bit of its own. `docs/conventions.md` has
 * the list with what each reads.
 */
export const CONVENTIONS: readonly Convention[] = [
  langfuse,
  vercelAi,
  langSmith,
  genkit,
  mastra,
  googleAdk,
  liveKit,
  strands,
  voltAgent,
  tanStack,
  openLit,
  laminar,
  langWatch,
  flue,
  agent365,
  openAiAgents,
  genAiEvents,
  genAi,
  sentry,
  openInference,
  langChain,
  genAiLegacy,
  openLlmetry,
  mcp,
  vectorDb,
  logfire,
  mlflow,
  semanticKernel,
  smolagents,
  generic,
  genAiInstructions,
];
