// What the poisonous applications do, whichever build and SDK they have.
import { writeSync } from 'node:fs';
import { Hostile } from './hostile.mjs';

const { SEED = '1', SPANS = '100', MASK, DIRECTORY, SCENE = 'send' } = process.env;
const MARKER = 'langfuse.observation.metadata.marker';
const say = (value) => writeSync(1, `${JSON.stringify(value)}\n`);

/** What an application writes over attributes after the SDK has looked at them. */
const dirtying = (hostile) => ({
  onStart() {},
  onEnd(span) {
    if (hostile.next() < 0.7)
      Object.assign(span.attributes, hostile.attributes(6), { [MARKER]: span.attributes[MARKER] });
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});

function maskOf(hostile) {
  if (MASK === undefined) return undefined;
  return ({ data }) => {
    if (/^#\d+$/.test(data) || hostile.next() < 0.3) return data;
    if (hostile.next() < 0.02) throw new Error('a mistake of the mask \ud83d');
    return hostile.value();
  };
}

/** Spans with more in one place than any server takes, cut in the middle of a character. */
async function emitHuge({ processor, resources }) {
  const text = `x${'😀'.repeat(300_000)}`.slice(0, -1);
  const list = Array.from({ length: 40 }, (_, n) => `${n}${text.slice(0, 20_000)}`);
  const places = {
    input: { attributes: { 'langfuse.observation.input': text } },
    model: { attributes: { 'langfuse.observation.model.name': text } },
    parameters: { attributes: { 'langfuse.observation.model.parameters': JSON.stringify({ stop: text }) } },
    tags: { attributes: { 'langfuse.trace.tags': list } },
    'trace name': { attributes: { 'langfuse.trace.name': text } },
    'trace metadata': { attributes: { 'langfuse.trace.metadata.x': text } },
    'trace input': { attributes: { 'langfuse.trace.input': text, 'langfuse.observation.input': 'a' } },
    session: { attributes: { 'session.id': text } },
    environment: { attributes: { 'langfuse.environment': text } },
    version: { attributes: { 'langfuse.version': text } },
    experiment: { attributes: { 'langfuse.experiment.metadata': text } },
    prompt: { attributes: { 'langfuse.observation.prompt.name': text, 'langfuse.observation.prompt.version': 1 } },
    key: { attributes: { [text]: 1 } },
    'metadata key': { attributes: { [`langfuse.observation.metadata.${text}`]: 1 } },
    usage: {
      attributes: {
        'langfuse.observation.usage_details': JSON.stringify(Object.fromEntries(list.map((key) => [key, 1]))),
      },
    },
    'many keys': { attributes: Object.fromEntries(list.map((key) => [key, key])) },
    attribute: { attributes: { other: text } },
    event: { events: [{ name: text, time: [1_790_000_000, 0], attributes: { text } }] },
    link: {
      links: [{ context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }, attributes: { text } }],
    },
    name: { name: text },
    status: { status: { code: 2, message: text } },
    resource: { resource: { attributes: { text } } },
    scope: { instrumentationScope: { name: text, version: text, attributes: { text } } },
  };
  for (const [n, place] of Object.values(places).entries()) {
    const id = (n + 1).toString(16).padStart(16, '0');
    const marker = { [MARKER]: `#${n}`, 'gen_ai.operation.name': 'chat' };
    processor.onEnd({
      ...{ name: 'huge', kind: 0, startTime: [1_790_000_000, 0], endTime: [1_790_000_001, 0], status: { code: 0 } },
      ...{ events: [], links: [], resource: resources[0], instrumentationScope: { name: 'huge' }, ...place },
      attributes: { ...place.attributes, ...marker },
      spanContext: () => ({ traceId: id + id, spanId: id, traceFlags: 1 }),
    });
    // One by one: together they are more than the queue holds.
    await processor.flush();
  }
}

/** Spans as applications make them, every second one without an SDK. */
function emit(count, { hostile, processor, tracer, resources }) {
  let parent;
  for (let n = 0; n < count; n++) {
    const marker = { [MARKER]: `#${n}` };
    if (hostile.next() < 0.5) {
      processor.onEnd(hostile.span(n, marker, hostile.of(resources)));
      continue;
    }
    const span = tracer(hostile.text(), hostile.units(4)).startSpan(hostile.text(), {
      attributes: { ...hostile.plainAttributes(), ...marker },
      links: parent && [{ context: parent, attributes: { a: '\ud83d' } }],
    });
    parent = span.spanContext();
    span.addEvent(hostile.text(), hostile.plainAttributes());
    if (hostile.next() < 0.3) span.recordException(new Error(hostile.text()));
    span.setStatus({ code: hostile.below(3), message: hostile.text() });
    span.end();
  }
}

export async function poison({ LangfuseSpanProcessor, open }) {
  const hostile = new Hostile(Number(SEED));
  let ids = 0;
  const processor = new LangfuseSpanProcessor({
    flushInterval: 0.05,
    shouldExportSpan: () => true,
    mask: maskOf(hostile),
    environment: hostile.of([undefined, 'Production', '\ud83d', 'langfuse-x', 'a/b']),
    release: hostile.of([undefined, 'r\ud83d', '\0']),
    version: hostile.of([undefined, 'v\udc00']),
    // Content is cut here and there, in the middle of characters, too.
    ...(SCENE === 'huge' ? { maxBatchBytes: 500_000 } : {}),
    ...(SCENE !== 'huge' && hostile.next() < 0.5 ? { maxEventBytes: hostile.of([30_000, 90_000]) } : {}),
    // What is looked up first, and how long that takes, is proved elsewhere; here it would be waited for.
    ...(DIRECTORY === undefined ? {} : { persistence: { directory: DIRECTORY, lingerMs: 0 }, resendAmbiguous: true }),
    logLevel: 'none',
  });
  const { tracer, close } = open({
    processors: [dirtying(hostile), processor],
    resource: hostile.plainAttributes(),
    spanLimits: { attributeValueLengthLimit: hostile.of([Number.POSITIVE_INFINITY, 7, 1_001]) },
    idGenerator: { generateTraceId: () => hostile.hex(32), generateSpanId: () => hostile.id(16, `-${ids++}`) },
  });
  const resources = Array.from({ length: 3 }, () => ({ attributes: hostile.attributes(4) }));
  const scene = { hostile, processor, tracer, resources };
  if (SCENE === 'huge') await emitHuge(scene);
  else if (SCENE === 'replay')
    await until(
      processor,
      ({ recovered, spooled, queued, inFlight }) => recovered > 0 && spooled + queued + inFlight === 0,
    );
  else emit(Number(SPANS), scene);
  if (SCENE === 'hold') {
    await until(processor, ({ queued, spooled, inFlight }) => queued === 0 && spooled + inFlight >= Number(SPANS));
    say({ status: processor.status() });
    setInterval(() => {}, 1_000);
    return;
  }
  await close();
  say({ status: processor.status() });
}

async function until(processor, isSo) {
  while (!isSo(processor.status().ledger)) await new Promise((resolve) => setTimeout(resolve, 10));
}
