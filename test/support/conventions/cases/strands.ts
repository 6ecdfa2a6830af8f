import type { ConventionCases } from '../convention-case.js';

export const strands: ConventionCases = {
  convention: 'strands',
  library: 'Strands Agents',
  source: 'https://strandsagents.com/latest/documentation/docs/user-guide/observability-evaluation/traces/',
  cases: [
    {
      says: 'knows a turn of the loop',
      recorded: { run: 'strands-agents-sdk__agent-tools', span: 'execute_agent_loop_cycle' },
      expected: { type: 'chain', name: 'execute_agent_loop_cycle' },
    },
    {
      says: 'reads a model call from its events, Bedrock’s parts as parts',
      recorded: { run: 'strands-agents-sdk__agent-tools', span: 'chat' },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        usage: { input: 163, input_cached_tokens: 1024, output: 342, total: 1529 },
        output: {
          role: 'assistant',
          finish_reason: 'toolUse',
          content: [
            {
              type: 'toolUse',
              name: 'get_weather',
              toolUseId: 'call_af3e133428b9e25c55bc59fe',
              input: { city: 'München' },
            },
          ],
        },
      },
    },
    {
      says: 'reads a tool',
      recorded: { run: 'strands-agents-sdk__agent-tools', span: 'execute_tool' },
      expected: {
        type: 'tool',
        name: 'get_weather',
        input: [{ role: 'tool', content: { city: 'München' }, id: 'call_af3e133428b9e25c55bc59fe' }],
        output: {
          role: 'tool',
          content: [{ json: { city: 'München', temperature: 3.5 } }],
          id: 'call_af3e133428b9e25c55bc59fe',
        },
      },
    },
    {
      says: 'shows the tool that failed',
      span: {
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'f', 'gen_ai.tool.status': 'error' },
      },
      expected: { type: 'tool', level: 'ERROR' },
    },
    {
      says: 'has user, session and tags on the agent',
      recorded: { run: 'strands-agents-sdk__agent-tools', span: 'invoke_agent' },
      expected: { type: 'agent', user: 'user_123', session: 'sess-4f1c', tags: ['prod'] },
    },
  ],
};
