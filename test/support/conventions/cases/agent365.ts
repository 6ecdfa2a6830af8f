import type { ConventionCases } from '../convention-case.js';

export const agent365: ConventionCases = {
  convention: 'agent365',
  library: 'Microsoft Agent 365',
  source: 'https://learn.microsoft.com/microsoft-agent-365/developer/observability',
  cases: [
    {
      says: 'takes the session from its own key, and the operation in any case',
      span: {
        scope: { name: 'Agent365Sdk' },
        attributes: {
          'gen_ai.operation.name': 'Chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.conversation.id': 'c1',
          'microsoft.session.id': 's1',
          'gen_ai.input.messages':
            '{"version":"0.1.0","messages":[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]}',
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        session: 's1',
        input: { version: '0.1.0', messages: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }] },
      },
    },
  ],
};
