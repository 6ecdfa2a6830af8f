import type { ConventionCases } from '../convention-case.js';

export const langChain: ConventionCases = {
  convention: 'langchain',
  library: 'LangChain, LangGraph',
  source: 'https://docs.langchain.com/oss/javascript/langgraph/persistence#threads',
  cases: [
    {
      says: 'takes user and thread from what the run was configured with',
      span: {
        attributes: {
          'openinference.span.kind': 'CHAIN',
          metadata: '{"thread_id":"s1","user_id":"u1","langgraph_node":"agent"}',
        },
      },
      expected: { type: 'chain', user: 'u1', session: 's1', metadata: { langgraph_node: 'agent' } },
    },
    {
      says: 'shows its serialised messages with their roles',
      span: {
        attributes: {
          'traceloop.span.kind': 'workflow',
          'traceloop.entity.input':
            '{"messages":[{"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"Hi"}}]}',
        },
      },
      expected: {
        type: 'chain',
        input: { messages: [{ role: 'user', content: 'Hi', lc_id: ['langchain_core', 'messages', 'HumanMessage'] }] },
      },
    },
    {
      says: 'takes metadata of others for metadata alone',
      span: { attributes: { 'openinference.span.kind': 'CHAIN', metadata: '{"user_id":"u1"}' } },
      expected: { user: undefined, metadata: { user_id: 'u1' } },
    },
  ],
};
