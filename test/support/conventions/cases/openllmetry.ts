import type { ConventionCases } from '../convention-case.js';

export const openLlmetry: ConventionCases = {
  convention: 'openllmetry',
  library: 'OpenLLMetry (Traceloop)',
  source: 'https://www.traceloop.com/docs/openllmetry/tracing/annotations',
  cases: [
    {
      says: 'reads an agent with its association properties',
      span: {
        name: 'planner.agent',
        attributes: {
          'traceloop.span.kind': 'agent',
          'traceloop.entity.name': 'planner',
          'traceloop.entity.version': 2,
          'traceloop.entity.input': '{"args":["Munich"],"kwargs":{}}',
          'traceloop.entity.output': '{"ok":true}',
          'traceloop.association.properties.user_id': 'u1',
          'traceloop.association.properties.session_id': 's1',
          'traceloop.association.properties.tenant': 'acme',
        },
      },
      expected: {
        type: 'agent',
        name: 'planner.agent',
        version: '2',
        input: { args: ['Munich'], kwargs: {} },
        output: { ok: true },
        user: 'u1',
        session: 's1',
        metadata: { tenant: 'acme' },
      },
    },
    {
      says: 'knows a workflow',
      recorded: { run: 'traceloop-node-server-sdk__workflow-task-agent-tool', span: 'plan_trip' },
      expected: { type: 'chain' },
    },
    {
      says: 'knows a tool',
      recorded: { run: 'traceloop-node-server-sdk__workflow-task-agent-tool', span: 'get_weather' },
      expected: { type: 'tool' },
    },
    {
      says: 'reads a tool called through MCP',
      recorded: { run: 'traceloop-instrumentation-mcp__mcp-call-tool-error', span: 'boom' },
      expected: {
        type: 'tool',
        level: 'ERROR',
        status: 'boom: backend 503',
        input: { tool_name: 'boom', arguments: {} },
        output: { result: 'boom: backend 503', is_error: true },
      },
    },
    {
      says: 'unwraps the arguments of a LangChain tool',
      span: {
        attributes: {
          'traceloop.span.kind': 'tool',
          'traceloop.entity.input': '{"args":["{\\"city\\":\\"Munich\\"}"]}',
        },
      },
      expected: { input: { args: [{ city: 'Munich' }] } },
    },
  ],
};
