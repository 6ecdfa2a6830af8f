import { describe, expect, it } from 'vitest';
import { toObservation } from '../../../src/translate/observation.js';
import { corpus } from '../../support/corpus.js';
import { spanDataOf } from '../../support/otlp-span-data.js';

/** Every text and number in a value, JSON text opened as far as it goes. */
function leaves(value: unknown, into = new Set<string>()): ReadonlySet<string> {
  const inner = typeof value === 'string' ? structureOf(value) : value;
  if (typeof inner === 'object' && inner !== null) for (const item of Object.values(inner)) leaves(item, into);
  else if (inner !== undefined && inner !== null && inner !== '') into.add(String(inner));
  return into;
}

function structureOf(text: string): unknown {
  try {
    const structure: unknown = JSON.parse(text);
    return typeof structure === 'object' ? structure : text;
  } catch {
    return text;
  }
}

/** The marks of LangChain's serialisation, `lc: 1` and `type: "constructor"`, in whose place there is a role. */
const SERIALISATION: ReadonlySet<string> = new Set(['1', 'constructor']);

describe('the content that the server’s own mapping shows', () => {
  it.each(corpus().map((run) => [run.name, run] as const))('is all there for %s', (_, run) => {
    const server = new Map(run.serverEvents.map(({ body }) => [body['id'], body]));
    for (const span of spanDataOf(run.resourceSpans)) {
      const body = server.get(span.spanId);
      const observation = toObservation(span, {});
      const { input, output, attributes, metadata, modelParameters } = observation;
      const kept = leaves([input, output, attributes, metadata, modelParameters]);
      const lost = [...leaves([body?.['input'], body?.['output']])].filter(
        (text) => !kept.has(text) && !SERIALISATION.has(text),
      );
      expect.soft(lost, span.name).toEqual([]);
      // An answer is where answers are, and not only kept among the attributes.
      for (const half of ['input', 'output'] as const)
        if (leaves(body?.[half]).size > 0) expect.soft(observation[half], `${span.name}: ${half}`).toBeDefined();
    }
  });
});
