/**
 * What it costs that every text is looked at before it leaves: CPU time of translating and encoding real spans, with
 * the repairs and without, in turns, in one process. Fails above the limit.
 *
 *     tsx test/bench/repairs.ts [rounds]
 */
import { register } from 'node:module';
import type { SpanLike } from '../../src/span.js';
import { corpusSpans } from '../support/corpus-spans.js';

/** Of the CPU time of a span. */
const LIMIT_PERCENT = 3;
/** Spans at a time: long enough to be measured, short enough to be left alone by others now and then. */
const CHUNK = 50;

interface Built {
  readonly Translation: new (options: object) => { toRecordNow(span: SpanLike): unknown };
}
interface Encoder {
  encode(records: readonly unknown[], traits: object): { readonly body: Uint8Array };
}

/** Translates and encodes spans; microseconds of CPU. */
type Way = (spans: readonly SpanLike[]) => number;

register(new URL('./bare-hooks.mjs', import.meta.url));
const DIST = new URL('../../dist/esm/', import.meta.url).href;

async function wayOf(query: string): Promise<Way> {
  const { Translation } = (await import(`${DIST}translation.js${query}`)) as Built;
  const { otlpEncoder } = (await import(`${DIST}encode/otlp.js${query}`)) as { readonly otlpEncoder: Encoder };
  return (spans) => {
    const translation = new Translation({ options: {} });
    const startedAt = process.cpuUsage();
    otlpEncoder.encode(
      spans.map((span) => translation.toRecordNow(span)),
      {},
    );
    const { user, system } = process.cpuUsage(startedAt);
    return user + system;
  };
}

const spans = corpusSpans();
const chunks = Array.from({ length: Math.floor(spans.length / CHUNK) }, (_, n) =>
  spans.slice(n * CHUNK, (n + 1) * CHUNK),
);
const rounds = Number(process.argv[2] ?? 200);
const full = await wayOf('?full');
const bare = await wayOf('?bare');
/** The least that each chunk ever took: other processes and the garbage collector only add to it. */
const least = new Map([full, bare].map((way) => [way, chunks.map(() => Number.POSITIVE_INFINITY)]));
for (let round = 0; round < rounds; round++) {
  for (const [n, chunk] of chunks.entries()) {
    for (const way of round % 2 === 0 ? [full, bare] : [bare, full]) {
      const costs = least.get(way);
      if (costs) costs[n] = Math.min(costs[n] ?? Number.POSITIVE_INFINITY, way(chunk));
    }
  }
}
const [withRepairs = 0, without = 0] = [full, bare].map(
  (way) => (least.get(way) ?? []).reduce((sum, cost) => sum + cost, 0) / (chunks.length * CHUNK),
);
const percent = (withRepairs / without - 1) * 100;
console.log(`with repairs ${withRepairs.toFixed(1)} µs of CPU a span, without ${without.toFixed(1)} µs`);
console.log(`repairs: ${percent.toFixed(1)} % of CPU a span in ${rounds} rounds; limit ${LIMIT_PERCENT} %`);
if (!(percent <= LIMIT_PERCENT)) process.exitCode = 1;
