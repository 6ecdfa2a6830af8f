/**
 * What it costs that everything is looked at before it leaves: CPU time of translating recorded spans and encoding them
 * for OTLP, with all repairs and with none at all (`bare-hooks.mjs`), in turns, in one process. Fails above the limit.
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
/** Of each kind: two copies of the same code differ by up to 1 %, by how they were compiled and where they lie. */
const COPIES = [1, 2, 3];

interface Built {
  readonly Translation: new (options: object) => { toRecordNow(span: SpanLike): unknown };
}
interface Encoder {
  encode(records: readonly unknown[], traits: object): { readonly body: Uint8Array };
}

/** One copy of the package. */
interface Copy {
  readonly encode: (spans: readonly SpanLike[]) => string;
  /** Of each chunk, the least CPU time it ever took, in microseconds: other processes and the garbage collector only add. */
  readonly least: number[];
}

register(new URL('./bare-hooks.mjs', import.meta.url));
const DIST = new URL('../../dist/esm/', import.meta.url).href;

async function load(query: string): Promise<Copy & { readonly measure: (n: number, spans: SpanLike[]) => void }> {
  const { Translation } = (await import(`${DIST}translation.js${query}`)) as Built;
  const { otlpEncoder } = (await import(`${DIST}encode/otlp.js${query}`)) as { readonly otlpEncoder: Encoder };
  const bodyOf = (spans: readonly SpanLike[]): Uint8Array => {
    const translation = new Translation({ options: {} });
    return otlpEncoder.encode(
      spans.map((span) => translation.toRecordNow(span)),
      {},
    ).body;
  };
  const least: number[] = [];
  return {
    least,
    encode: (spans) => Buffer.from(bodyOf(spans)).toString(),
    measure: (n, spans) => {
      const startedAt = process.cpuUsage();
      bodyOf(spans);
      const { user, system } = process.cpuUsage(startedAt);
      least[n] = Math.min(least[n] ?? Number.POSITIVE_INFINITY, user + system);
    },
  };
}

/** The copies are what they are said to be: the same but for what has to be mended. */
function check(full: readonly Copy[], bare: readonly Copy[], spans: readonly SpanLike[]): void {
  const [poisoned] = spans.map((span) => ({ ...span, attributes: { ...span.attributes, 'langfuse.user.id': 'a\0b' } }));
  if (poisoned === undefined) throw new Error('no spans');
  const holdsPoison = ({ encode }: Copy): boolean => encode([poisoned]).includes('\\u0000');
  if (full.some(holdsPoison)) throw new Error('with repairs, U+0000 leaves');
  if (!bare.every(holdsPoison)) throw new Error('without repairs, U+0000 is mended');
}

const spans = corpusSpans();
const chunks = Array.from({ length: Math.floor(spans.length / CHUNK) }, (_, n) =>
  spans.slice(n * CHUNK, (n + 1) * CHUNK),
);
const rounds = Number(process.argv[2] ?? 100);
const full = await Promise.all(COPIES.map((n) => load(`?full${n}`)));
const bare = await Promise.all(COPIES.map((n) => load(`?bare${n}`)));
check(full, bare, spans);
const inTurns = COPIES.flatMap((_, n) => [full[n], bare[n]]).filter((copy) => copy !== undefined);
for (let round = 0; round < rounds; round++) {
  // Each begins as often as any other: the first one finds the chunk's texts out of the processor's cache.
  const turn = round % inTurns.length;
  for (const [n, chunk] of chunks.entries())
    for (const { measure } of [...inTurns.slice(turn), ...inTurns.slice(0, turn)]) measure(n, chunk);
}

function costOf({ least }: Copy): number {
  return least.reduce((sum, cost) => sum + cost, 0) / (chunks.length * CHUNK);
}

function meanOf(copies: readonly Copy[]): number {
  return copies.reduce((sum, copy) => sum + costOf(copy), 0) / copies.length;
}

function shown(copies: readonly Copy[]): string {
  return `${meanOf(copies).toFixed(1)} µs of CPU a span (copies: ${copies.map((copy) => costOf(copy).toFixed(1)).join(', ')})`;
}

const percent = (meanOf(full) / meanOf(bare) - 1) * 100;
console.log(`${chunks.length * CHUNK} recorded spans, translated and encoded for OTLP, ${rounds} rounds`);
console.log(`with all repairs: ${shown(full)}`);
console.log(`with none at all: ${shown(bare)}`);
console.log(`repairs: ${percent.toFixed(1)} % of CPU a span; limit ${LIMIT_PERCENT} %`);
if (!(percent <= LIMIT_PERCENT)) process.exitCode = 1;
