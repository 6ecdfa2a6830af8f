import { agent365 } from './cases/agent365.js';
import { flue } from './cases/flue.js';
import { genAi } from './cases/gen-ai.js';
import { genAiEvents } from './cases/gen-ai-events.js';
import { genAiInstructions } from './cases/gen-ai-instructions.js';
import { genAiLegacy } from './cases/gen-ai-legacy.js';
import { generic } from './cases/generic.js';
import { genkit } from './cases/genkit.js';
import { googleAdk } from './cases/google-adk.js';
import { laminar } from './cases/laminar.js';
import { langChain } from './cases/langchain.js';
import { langfuse } from './cases/langfuse.js';
import { langSmith } from './cases/langsmith.js';
import { langWatch } from './cases/langwatch.js';
import { liveKit } from './cases/livekit.js';
import { logfire } from './cases/logfire.js';
import { mastra } from './cases/mastra.js';
import { mcp } from './cases/mcp.js';
import { mlflow } from './cases/mlflow.js';
import { openAiAgents } from './cases/openai-agents.js';
import { openInference } from './cases/openinference.js';
import { openLit } from './cases/openlit.js';
import { openLlmetry } from './cases/openllmetry.js';
import { semanticKernel } from './cases/semantic-kernel.js';
import { sentry } from './cases/sentry.js';
import { smolagents } from './cases/smolagents.js';
import { strands } from './cases/strands.js';
import { tanStack } from './cases/tanstack.js';
import { vectorDb } from './cases/vector-db.js';
import { vercelAi } from './cases/vercel-ai.js';
import { voltAgent } from './cases/voltagent.js';
import type { ConventionCases } from './convention-case.js';

/** In the order of precedence. */
export const CONVENTION_CASES: readonly ConventionCases[] = [
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
