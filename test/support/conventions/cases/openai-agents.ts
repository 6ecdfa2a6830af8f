import type { ConventionCases } from '../convention-case.js';

export const openAiAgents: ConventionCases = {
  convention: 'openai-agents',
  library: 'OpenAI Agents SDK',
  source: 'https://github.com/open-telemetry/opentelemetry-python-contrib/tree/main/instrumentation-genai',
  cases: [
    {
      says: 'knows a guardrail that was triggered',
      span: { attributes: { 'gen_ai.guardrail.name': 'pii', 'gen_ai.guardrail.triggered': true } },
      expected: { type: 'guardrail', level: 'WARNING' },
    },
    {
      says: 'reads a handoff',
      span: { attributes: { 'gen_ai.handoff.from_agent': 'triage', 'gen_ai.handoff.to_agent': 'refunds' } },
      expected: { type: 'tool', input: { from_agent: 'triage', to_agent: 'refunds' } },
    },
  ],
};
