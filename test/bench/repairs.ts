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
const BATCH = 512;

interface Built {
  readonly Translation: new (options: object) => { toRecord(span: SpanLike): unknown };
}
interface Encoder {
  encode(records: readonly unknown[], traits: object): { readonly body: Uint8Array };
}

register(new URL('./bare-hooks.mjs', import.meta.url));
const DIST = new URL('../../dist/esm/', import.meta.url).href;
const spans = corpusSpans();

async function wayOf(query: string): Promise<() => number> {
  const { Translation } = (await import(`${DIST}translation.js${query}`)) as Built;
  const { otlpEncoder } = (await import(`${DIST}encode/otlp.js${query}`)) as { readonly otlpEncoder: Encoder };
  /** Microseconds of CPU per span. */
  return () => {
    const translation = new Translation({});
    const startedAt = process.cpuUsage();
    for (let at = 0; at < spans.length; at += BATCH) {
      const records = spans.slice(at, at + BATCH).map((span) => translation.toRecord(span));
      otlpEncoder.encode(records, {});
    }
    const { user, system } = process.cpuUsage(startedAt);
    return (user + system) / spans.length;
  };
}

/** A quarter of the rounds were faster: other processes and the garbage collector make rounds only slower. */
function quartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 2] ?? Number.NaN;
}

const rounds = Number(process.argv[2] ?? 150);
const withRepairs = await wayOf('?full');
const without = await wayOf('?bare');
const costs = new Map([withRepairs, without].map((way) => [way, [] as number[]]));
for (let round = -20; round < rounds; round++) {
  const order = round % 2 === 0 ? [withRepairs, without] : [without, withRepairs];
  for (const way of order) {
    const cost = way();
    // The first rounds warm up.
    if (round >= 0) costs.get(way)?.push(cost);
  }
}
const [full, bare] = [withRepairs, without].map((way) => quartile(costs.get(way) ?? []));
const percent = (Number(full) / Number(bare) - 1) * 100;
console.log(`with repairs ${full?.toFixed(1)} µs of CPU a span, without ${bare?.toFixed(1)} µs`);
console.log(`repairs: ${percent.toFixed(1)} % of CPU a span in ${rounds} rounds; limit ${LIMIT_PERCENT} %`);
if (!(percent <= LIMIT_PERCENT)) process.exitCode = 1;
