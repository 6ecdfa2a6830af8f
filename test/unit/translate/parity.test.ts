import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model.js';
import { corpusSpans } from '../../support/corpus-spans.js';
import { type Pair, pairs } from '../../support/parity/pairs.js';
import { missingFrom } from '../../support/parity/texts.js';

const PAIRS = pairs();

/** A field in which we differ from the server's own mapping, to the better. */
interface Better {
  readonly why: string;
  readonly is: (pair: Pair, server: unknown, ours: unknown) => boolean;
}

/** Every difference that no rule explains, and every rule that explains none. */
function verdict(
  field: (pair: Pair) => readonly [server: unknown, ours: unknown],
  rules: readonly Better[] = [],
): { readonly worse: readonly unknown[]; readonly needless: readonly string[] } {
  const met = new Set<string>();
  const worse = PAIRS.flatMap((pair) => {
    const [server, ours] = field(pair).map((value) => value ?? undefined);
    if (JSON.stringify(server) === JSON.stringify(ours)) return [];
    const reasons = rules.filter(({ is }) => is(pair, server, ours));
    for (const { why } of reasons) met.add(why);
    return reasons.length > 0 ? [] : [{ where: pair.where, server, ours }];
  });
  return { worse, needless: rules.map(({ why }) => why).filter((why) => !met.has(why)) };
}

const AS_GOOD = { worse: [], needless: [] };

const has = ({ span }: Pair, ...keys: readonly string[]): boolean => keys.some((key) => key in span.attributes);
const says = ({ span }: Pair, key: string, ...values: readonly string[]): boolean =>
  values.includes(String(span.attributes[key]));
/** Spans and events have no place for these fields before v4: the server's event schema takes them away. */
const isBare = ({ serverType }: Pair): boolean => serverType === 'SPAN' || serverType === 'EVENT';
/** Everything of ours that somebody sees. */
const seen = ({ traceId: _, id: __, ...rest }: Observation): unknown => rest;

describe('against the server’s own mapping, every recorded span has', () => {
  it('the same type, or a better one', () => {
    const rules: readonly Better[] = [
      { why: 'SPAN is what the server says when it knows no better', is: ({ serverType }) => serverType === 'SPAN' },
      {
        why: 'a reranker finds documents, it generates none',
        is: (pair, _, ours) => ours === 'RETRIEVER' && says(pair, 'gen_ai.operation.name', 'rerank'),
      },
      {
        why: 'a span around model calls is none itself',
        is: (pair, server) => server === 'GENERATION' && says(pair, 'ai.operationId', 'ai.embedMany'),
      },
      {
        why: 'LangSmith calls a retriever an embedding in the attribute that the server reads',
        is: (pair, _, ours) => ours === 'RETRIEVER' && says(pair, 'langsmith.span.kind', 'retriever'),
      },
    ];
    const { worse } = verdict(({ serverType, ours }) => [serverType, ours.type.toUpperCase()], rules);
    expect(worse).toEqual([]);
  });

  it('the same name, level, version and environment', () => {
    expect(verdict(({ server, ours }) => [server.name, ours.name])).toEqual(AS_GOOD);
    const broken: Better = {
      why: 'a call that was broken off has failed, whatever the status says',
      is: ({ span }, _, ours) =>
        ours === 'ERROR' &&
        missingFrom(span.attributes, 'error').length + missingFrom(span.attributes, 'incomplete').length < 2,
    };
    const thrown: Better = {
      why: 'LangSmith records what was thrown and leaves the status unset',
      is: ({ span }, _, ours) => ours === 'ERROR' && span.events.some(({ name }) => name === 'exception'),
    };
    expect(verdict(({ server, ours }) => [server.level, ours.level], [broken, thrown]).worse).toEqual([]);
    expect(verdict(({ server, ours }) => [server.environment, ours.environment])).toEqual(AS_GOOD);
    expect(
      verdict(
        ({ server, ours }) => [server.version, ours.version],
        [{ why: 'OpenLLMetry versions its entities', is: (pair) => has(pair, 'traceloop.entity.version') }],
      ),
    ).toEqual(AS_GOOD);
  });

  it('the same status message, or one where an error had none', () => {
    const rule: Better = {
      why: 'an error whose status says nothing is explained by its exception or its type',
      is: ({ ours }, server) => !server && ours.level === 'ERROR',
    };
    const { worse } = verdict(({ server, ours }) => [server.statusMessage, ours.statusMessage], [rule]);
    expect(worse).toEqual([]);
  });

  it('the same model, or one where the server knows none', () => {
    const rules: readonly Better[] = [
      { why: 'the server reads other keys', is: (_, server, ours) => server === undefined && ours !== undefined },
      {
        why: 'a span around model calls would have the server charge them twice',
        is: (pair, server) => server === undefined || says(pair, 'ai.operationId', 'ai.embedMany'),
      },
      {
        why: 'the name of Genkit’s plugin before the model’s finds no price',
        is: (pair, server, ours) => has(pair, 'genkit:name') && String(server).endsWith(`/${ours}`),
      },
    ];
    const { worse } = verdict((pair) => [isBare(pair) ? undefined : pair.server.model, pair.ours.model], rules);
    expect(worse).toEqual([]);
  });

  it('the same moment of the first token, or one where the server knows none', () => {
    const rule: Better = {
      why: 'the server knows only the keys of the AI SDK and its own',
      is: (_, server, ours) => server === undefined && ours !== undefined,
    };
    const momentOf = ({ ours: { completionStartTime: time } }: Pair): string | undefined =>
      time && new Date(time[0] * 1000 + Math.floor(time[1] / 1e6)).toISOString();
    expect(verdict((pair) => [pair.server.completionStartTime, momentOf(pair)], [rule])).toEqual(AS_GOOD);
  });

  it('the same prompt', () => {
    const link = ({ server }: Pair) =>
      server.promptName ? { name: server.promptName, version: server.promptVersion } : undefined;
    const rule: Better = {
      why: 'no server shows it on spans',
      is: (pair, server) => server === undefined && isBare(pair),
    };
    expect(verdict((pair) => [link(pair), pair.ours.prompt], [rule]).worse).toEqual([]);
  });

  it('the same parameters of the model, as numbers where they are numbers', () => {
    const elsewhere: Readonly<Record<string, (pair: Pair, value: string) => boolean>> = {
      // Beside the model's own name, or as what they are: what came of the call, and tools.
      model: ({ span, ours }) =>
        ours.model !== undefined || 'ai.operationId' in span.attributes || ours.type === 'agent',
      system: ({ ours }, value) => missingFrom(ours.attributes, value).length === 0,
      finishReason: ({ ours }, value) => missingFrom(ours.attributes, value).length === 0,
      tools: ({ ours }, value) => missingFrom(ours.input, value).length === 0,
      available_tools: ({ ours }, value) => missingFrom(ours.input, value).length === 0,
      maxTokens: ({ ours }, value) =>
        Object.values(ours.modelParameters ?? {})
          .map(String)
          .includes(value),
    };
    const worse = PAIRS.filter((pair) => !isBare(pair)).flatMap((pair) =>
      Object.entries(pair.server.modelParameters ?? {})
        // What the server fills in where a span of the AI SDK says nothing.
        .filter(([, value]) => value !== null && value !== 'null')
        .filter(([name, value]) => {
          const ours = pair.ours.modelParameters?.[name];
          return String(ours) !== String(value) && elsewhere[name]?.(pair, String(value)) !== true;
        })
        .map(([name, value]) => ({ where: pair.where, name, value, ours: pair.ours.modelParameters })),
    );
    expect(worse).toEqual([]);
  });

  /** `lc: 1, type: 'constructor'`, around each of LangChain's serialised messages. */
  const FRAME = new Set(['constructor', '1']);

  it.each(['input', 'output'] as const)('every text of the server’s %s', (half) => {
    const worse = PAIRS.flatMap((pair) => {
      const missing = missingFrom(seen(pair.ours), pair.server[half]).filter((text) => !FRAME.has(text));
      const isLost = missingFrom(undefined, pair.server[half]).length > 0 && pair.ours[half] === undefined;
      return missing.length > 0 || isLost ? [{ where: pair.where, missing, isLost }] : [];
    });
    expect(worse).toEqual([]);
  });

  it('every key of the user’s metadata, with the same value', () => {
    const BLOCKS = new Set(['attributes', 'resourceAttributes', 'scope']);
    const worse = PAIRS.flatMap(({ where, server, ours }) =>
      Object.entries(server.metadata ?? {})
        .filter(([key]) => !BLOCKS.has(key))
        .filter(([key, value]) => !(key in ours.metadata) || missingFrom(ours.metadata[key], value).length > 0)
        .map(([key, value]) => ({ where, key, value, ours: ours.metadata[key] })),
    );
    expect(worse).toEqual([]);
  });

  it('every attribute the server shows, there or in the field it means', () => {
    const worse = PAIRS.flatMap(({ where, server, ours }) =>
      Object.entries((server.metadata?.['attributes'] ?? {}) as Readonly<Record<string, string>>)
        .filter(([key, value]) => !(key in ours.attributes) && missingFrom(seen(ours), value).length > 0)
        .map(([key, value]) => ({ where, key, value })),
    );
    expect(worse.filter(({ key }) => !OF_NO_USE.has(key))).toEqual([]);
  });

  it('the resource and the scope', () => {
    const resource = ({ server, ours }: Pair) =>
      [server.metadata?.['resourceAttributes'], ours.resource.attributes] as const;
    const scope = ({ server, ours }: Pair) =>
      [server.metadata?.['scope'], { name: ours.scope.name, version: ours.scope.version, attributes: {} }] as const;
    expect(verdict(resource)).toEqual(AS_GOOD);
    expect(verdict(scope)).toEqual(AS_GOOD);
  });

  it('its exceptions and events, which the server drops', () => {
    const lost = PAIRS.filter(
      ({ span, ours }) =>
        missingFrom(
          seen(ours),
          span.events.map(({ attributes }) => attributes),
        ).length > 0,
    );
    expect(lost.map(({ where }) => where)).toEqual([]);
    expect(corpusSpans().some(({ events }) => events.length > 0)).toBe(true);
  });
});

/** Said by a field of the observation in other words, so that the text itself need not be kept. */
const OF_NO_USE: ReadonlySet<string> = new Set([
  'langfuse.observation.completion_start_time',
  'langfuse.internal.is_app_root',
]);
