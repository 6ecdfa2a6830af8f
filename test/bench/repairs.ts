/**
 * What it costs that everything is looked at before it leaves: CPU time of recorded spans on the whole way from `onEnd`
 * to the server's answer, with all repairs, with nothing but the searches they cannot do without, and with none at all
 * (`bare-hooks.mjs`), in turns, in one process. Fails above the limit.
 *
 *     tsx test/bench/repairs.ts [rounds]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { register } from 'node:module';
import type { LangfuseSpanProcessor } from '../../src/index.js';
import type { SpanLike } from '../../src/span.js';
import { corpusSpans } from '../support/corpus-spans.js';

/** Of the CPU time of a span. */
const LIMIT_PERCENT = 3;
/** Spans of one request: long enough to be measured, short enough to be left alone by others now and then. */
const CHUNK = 150;
/** Of each kind: copies of the same code differ by a few percent, by how they were compiled and where they lie. */
const COPIES = [1, 2, 3];

/** One copy of the package. */
interface Copy {
  readonly processor: LangfuseSpanProcessor;
  /** What it would send. */
  readonly bodyOf: (span: SpanLike) => string;
  /** Of each chunk, the least CPU time it ever took, in microseconds: other processes and the garbage collector only add. */
  readonly least: number[];
}

interface Modules {
  readonly LangfuseSpanProcessor: typeof LangfuseSpanProcessor;
  readonly Translation: new (parts: object) => { toRecordNow(span: SpanLike): unknown };
  readonly otlpEncoder: { encode(records: readonly unknown[], traits: object): { readonly body: Uint8Array } };
}

register(new URL('./bare-hooks.mjs', import.meta.url));
const DIST = new URL('../../dist/esm/', import.meta.url).href;
const sink = fork(new URL('./sink.mjs', import.meta.url));
const [port]: unknown[] = await once(sink, 'message');

async function load(query: string): Promise<Copy> {
  const files = ['index.js', 'preparation/translation.js', 'encode/otlp.js'];
  const modules = await Promise.all(files.map((file) => import(`${DIST}${file}${query}`)));
  const { LangfuseSpanProcessor: Processor, Translation, otlpEncoder } = Object.assign({}, ...modules) as Modules;
  const processor = new Processor({
    baseUrl: `http://127.0.0.1:${port}`,
    publicKey: 'pk-lf-bench',
    secretKey: 'sk-lf-bench',
    shouldExportSpan: () => true,
  });
  const translation = new Translation({ options: {} });
  const bodyOf = (span: SpanLike): string =>
    Buffer.from(otlpEncoder.encode([translation.toRecordNow(span)], {}).body).toString();
  return { processor, bodyOf, least: [] };
}

/** The copies are what they are said to be: the same but for what has to be mended. */
function check(full: readonly Copy[], found: readonly Copy[], bare: readonly Copy[]): void {
  const [span] = corpusSpans();
  if (span === undefined) throw new Error('no spans');
  const poisoned = { ...span, attributes: { ...span.attributes, 'langfuse.user.id': 'a\0b' } };
  const holdsPoison = ({ bodyOf }: Copy): boolean => bodyOf(poisoned).includes('\\u0000');
  if (full.some(holdsPoison)) throw new Error('with repairs, U+0000 leaves');
  if (!bare.every(holdsPoison)) throw new Error('without repairs, U+0000 is mended');
  for (const { bodyOf } of found) {
    let finds = false;
    try {
      bodyOf(poisoned);
    } catch {
      finds = true;
    }
    if (!finds) throw new Error('the searches do not find U+0000');
  }
}

/** The same spans, in traces that nobody has seen before. */
function inRound(round: number, chunk: readonly SpanLike[]): SpanLike[] {
  const renewed = <T extends { readonly traceId: string }>(context: T): T => ({
    ...context,
    traceId: round.toString(16).padStart(8, '0') + context.traceId.slice(8),
  });
  return chunk.map((span) => {
    const context = renewed(span.spanContext());
    const parent = span.parentSpanContext;
    return { ...span, spanContext: () => context, parentSpanContext: parent && renewed(parent) };
  });
}

async function measure({ processor, least }: Copy, n: number, chunk: readonly SpanLike[]): Promise<void> {
  const startedAt = process.cpuUsage();
  for (const span of chunk) processor.onEnd(span);
  await processor.forceFlush();
  const { user, system } = process.cpuUsage(startedAt);
  least[n] = Math.min(least[n] ?? Number.POSITIVE_INFINITY, user + system);
}

const spans = corpusSpans();
const chunks = Array.from({ length: Math.floor(spans.length / CHUNK) }, (_, n) =>
  spans.slice(n * CHUNK, (n + 1) * CHUNK),
);
const rounds = Number(process.argv[2] ?? 100);
const full = await Promise.all(COPIES.map((n) => load(`?full${n}`)));
const found = await Promise.all(COPIES.map((n) => load(`?found${n}`)));
const bare = await Promise.all(COPIES.map((n) => load(`?bare${n}`)));
check(full, found, bare);
const inTurns = COPIES.flatMap((_, n) => [full[n], found[n], bare[n]]).filter((copy) => copy !== undefined);
for (let round = 0; round < rounds; round++) {
  // Each begins as often as any other: the first one finds the chunk's texts out of the processor's cache.
  const turn = round % inTurns.length;
  for (const [n, chunk] of chunks.entries()) {
    const renewed = inRound(round, chunk);
    for (const copy of [...inTurns.slice(turn), ...inTurns.slice(0, turn)]) await measure(copy, n, renewed);
  }
}
for (const { processor } of inTurns) {
  const { ended, delivered } = processor.status().ledger;
  if (delivered !== ended) throw new Error(`of ${ended} spans ${delivered} were delivered`);
  await processor.shutdown();
}
sink.disconnect();

function costOf({ least }: Copy): number {
  return least.reduce((sum, cost) => sum + cost, 0) / (chunks.length * CHUNK);
}

function meanOf(copies: readonly Copy[]): number {
  return copies.reduce((sum, copy) => sum + costOf(copy), 0) / copies.length;
}

function shown(copies: readonly Copy[]): string {
  return `${meanOf(copies).toFixed(1)} µs of CPU a span (copies: ${copies.map((copy) => costOf(copy).toFixed(1)).join(', ')})`;
}

/** Of the CPU time of a span without any repairs. */
function percentOf(copies: readonly Copy[], more: readonly Copy[]): number {
  return ((meanOf(more) - meanOf(copies)) / meanOf(bare)) * 100;
}

const percent = percentOf(bare, full);
console.log(`${chunks.length * CHUNK} recorded spans, from onEnd to the answer, ${rounds} rounds`);
console.log(`with all repairs: ${shown(full)}`);
console.log(`with searches:    ${shown(found)}`);
console.log(`with none at all: ${shown(bare)}`);
console.log(`the searches alone: ${percentOf(bare, found).toFixed(1)} % of CPU a span`);
console.log(`repairs: ${percent.toFixed(1)} % of CPU a span; limit ${LIMIT_PERCENT} %`);
if (!(percent <= LIMIT_PERCENT)) process.exitCode = 1;
