import type { ConventionCases } from '../convention-case.js';

export const mcp: ConventionCases = {
  convention: 'mcp',
  library: 'MCP',
  source: 'https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/',
  cases: [
    {
      says: 'reads a tool call',
      span: {
        name: 'tools/call f',
        attributes: {
          'mcp.method.name': 'tools/call',
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'f',
          'gen_ai.tool.call.arguments': '{"a":1}',
          'gen_ai.tool.call.result': '{"b":2}',
          'mcp.session.id': 's1',
        },
      },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: { b: 2 }, session: 's1' },
    },
    {
      says: 'reads the arguments and the result that Sentry adds',
      span: {
        attributes: {
          'mcp.method.name': 'tools/call',
          'mcp.request.argument.city': 'Munich',
          'mcp.tool.result.content': 'Sleet',
          'mcp.tool.result.is_error': true,
        },
      },
      expected: { type: 'tool', input: { city: 'Munich' }, output: 'Sleet', level: 'ERROR' },
    },
    {
      says: 'knows a resource that is read',
      span: { attributes: { 'mcp.method.name': 'resources/read' } },
      expected: { type: 'retriever' },
    },
  ],
};
