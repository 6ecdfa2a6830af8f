import { flagOf, isPresent, textOf } from '../attributes.js';
import type { Convention } from '../draft.js';
import { keyTest } from '../key-table.js';

/**
 * The OpenAI Agents SDK through an OpenTelemetry instrumentation (its own tracing makes no spans): GenAI conventions,
 * with keys for what those have no name for, guardrails and handoffs.
 */
export const openAiAgents: Convention = {
  name: 'openai-agents',
  owns: keyTest(['openai.agent.', 'openai.agents.', 'gen_ai.guardrail.', 'gen_ai.handoff.']),
  read({ attributes }, draft) {
    if (isPresent(attributes['gen_ai.guardrail.name'])) draft.type ??= 'guardrail';
    if (flagOf(attributes['gen_ai.guardrail.triggered']) === true) draft.level ??= 'WARNING';
    const from = textOf(attributes['gen_ai.handoff.from_agent']);
    const to = textOf(attributes['gen_ai.handoff.to_agent']);
    if (from === undefined || to === undefined) return;
    draft.type ??= 'tool';
    draft.input ??= { from_agent: from, to_agent: to };
  },
};
