/**
 * An application whose spans go to `DIRECTORY`, and which comes to the end that `SCENE` says. Writes `ready` when there is
 * something to lose.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { type LangfuseOptions, LangfuseSpanProcessor } from '../../../../src/index.js';
import { LOGGING_SCOPE, question } from '../../../support/log-records.js';

const scene = process.env['SCENE'] ?? '';
const delivery = (process.env['DELIVERY'] ?? 'at-least-once') as 'best-effort' | 'spill' | 'at-least-once';
const CHAT = { attributes: { 'gen_ai.operation.name': 'chat', 'langfuse.observation.input': 'a SECRET' } };

function processorWith(options: LangfuseOptions): LangfuseSpanProcessor {
  return new LangfuseSpanProcessor({
    persistence: delivery === 'best-effort' ? undefined : { directory: process.env['DIRECTORY'] ?? '', lingerMs: 0 },
    delivery,
    exportMode: 'immediate',
    shouldExportSpan: () => true,
    logLevel: 'none',
    ...options,
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(5);
}

/** One request is out, and what ended after it waits. */
async function inFlight(): Promise<void> {
  const processor = processorWith({ concurrency: { initial: 1, max: 1 } });
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
  for (let n = 0; n < 5; n++) tracer.startSpan('under way', CHAT).end();
  await until(() => processor.status().ledger.inFlight > 0);
  const { inFlight: out } = processor.status().ledger;
  for (let n = 0; n < 5; n++) tracer.startSpan('waiting', CHAT).end();
  // In memory only, where nothing presses.
  await until(() => delivery !== 'at-least-once' || processor.status().ledger.queued === 0);
  console.log(JSON.stringify({ out }));
}

/** Two requests are out, with many traces in each. */
async function manyInFlight(): Promise<void> {
  const processor = processorWith({ exportMode: 'batched', flushAt: 150, concurrency: { initial: 2, max: 2 } });
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
  for (let n = 0; n < 400; n++) tracer.startSpan('one of many', CHAT).end();
  await until(() => processor.status().ledger.inFlight >= 300);
}

/** The server does not take what has ended. One more span ends at each SIGUSR2. */
async function outage(): Promise<void> {
  const processor = processorWith({ circuitBreaker: { failureThreshold: 1 } });
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
  for (let n = 0; n < 5; n++) tracer.startSpan('in an outage', CHAT).end();
  await until(() => processor.status().ledger.spooled === 5);
  process.on('SIGUSR2', () => tracer.startSpan('one more', CHAT).end());
}

/** The mask of one span has not answered, or answers after `ms`. */
async function masking(ms: number = 60_000): Promise<void> {
  let asked = 0;
  const content = ({ key, data }: { readonly key: string; readonly data: string }) => {
    asked += key === 'input' ? 1 : 0;
    return key === 'input' ? pause(ms, 'a masked input', { ref: false }) : data;
  };
  const processor = processorWith({ mask: { content, timeoutMs: 60_000 } });
  new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child').startSpan('masked', CHAT).end();
  await until(() => asked > 0);
}

/** The answer of one span has not come. */
async function awaitingAnswer(): Promise<void> {
  const processor = processorWith({});
  const logs = processor.logRecordProcessor();
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer(LOGGING_SCOPE);
  const span = tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } });
  logs.onEmit(question(span.spanContext(), 'when?'));
  span.end();
  // It is out of the queue, and waits.
  await pause(20);
}

/** More spans than can be translated in the time that the end of a process may take. Writes how many were. */
async function tooMuch(): Promise<void> {
  let made = 0;
  const content = ({ key, data }: { readonly key: string; readonly data: string }): string => {
    const end = performance.now() + (key === 'input' ? 1 : 0);
    while (performance.now() < end);
    if (key === 'input') made++;
    return data;
  };
  const processor = processorWith({ mask: { content } });
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
  for (let n = 0; n < 2_000; n++) tracer.startSpan('too much', CHAT).end();
  process.on('exit', () => console.log(made));
}

/** Spans of traces of which half are kept. */
async function sampled(): Promise<void> {
  const processor = processorWith({ sampleRate: 0.5 });
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
  for (let n = 0; n < 20; n++) tracer.startSpan('sampled', CHAT).end();
  await until(() => processor.status().ledger.queued === 0);
}

/** Sends what others left, and has nothing to say of its own. */
function replay(): void {
  processorWith({ resendAmbiguous: true });
}

switch (scene) {
  case 'in flight':
    await inFlight();
    break;
  case 'many in flight':
    await manyInFlight();
    break;
  case 'outage':
    await outage();
    break;
  case 'masking':
    await masking();
    process.exit(3);
    break;
  case 'masking, and goes on':
    await masking();
    break;
  case 'masked late':
    await masking(200);
    break;
  case 'awaiting an answer':
    await awaitingAnswer();
    process.exit(3);
    break;
  case 'awaiting an answer, and goes on':
    await awaitingAnswer();
    break;
  case 'too much for the exit':
    await tooMuch();
    process.exit(3);
    break;
  case 'sampled':
    await sampled();
    break;
  case 'replay':
    replay();
    break;
}
console.log('ready');
setInterval(() => {}, 1_000);
