import type { ObservationType } from '../../model.js';
import { flagOf, textOf } from '../attributes.js';
import { type Convention, type Draft, takeOutput } from '../draft.js';

/**
 * Calls to MCP servers, client's and server's side, by OpenTelemetry's conventions (since 1.39) and by Sentry's, which
 * add arguments and results. https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
 */
export const mcp: Convention = {
  name: 'mcp',
  owns: (key) => key.startsWith('mcp.'),
  read(span, draft) {
    const { attributes } = span;
    draft.type ??= METHODS.get(textOf(attributes['mcp.method.name']) ?? '');
    draft.input ??= argumentsIn(attributes, draft);
    takeOutput(span, draft, 'mcp.tool.result.content', 'mcp.prompt.result.message_content');
    if (flagOf(attributes['mcp.tool.result.is_error']) === true) draft.level ??= 'ERROR';
    draft.sessionId ??= textOf(attributes['mcp.session.id']);
  },
};

const METHODS: ReadonlyMap<string, ObservationType> = new Map([
  ['tools/call', 'tool'],
  ['resources/read', 'retriever'],
]);

const ARGUMENT = 'mcp.request.argument.';

function argumentsIn(attributes: Readonly<Record<string, unknown>>, draft: Draft): object | undefined {
  const given: [string, unknown][] = [];
  for (const key in attributes) {
    if (!key.startsWith(ARGUMENT)) continue;
    given.push([key.slice(ARGUMENT.length), attributes[key]]);
    draft.used.add(key);
  }
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
