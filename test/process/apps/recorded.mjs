// Exports recorded spans, OTLP/JSON in a gzipped corpus, as if they had ended here, one recording after the other.
import { readFileSync, writeSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';

const processor = new LangfuseSpanProcessor({ shouldExportSpan: () => true, logLevel: 'none' });

function decoded({ stringValue, intValue, doubleValue, boolValue, arrayValue, kvlistValue, bytesValue } = {}) {
  if (arrayValue) return (arrayValue.values ?? []).map(decoded);
  if (kvlistValue) return attributesOf(kvlistValue.values);
  if (bytesValue !== undefined) return Buffer.from(bytesValue, 'base64');
  const number = intValue ?? doubleValue;
  return stringValue ?? boolValue ?? (number === undefined ? undefined : Number(number));
}

const attributesOf = (list = []) => Object.fromEntries(list.map(({ key, value }) => [key, decoded(value)]));
const timeOf = (nanos) => [Number(BigInt(nanos) / 1_000_000_000n), Number(BigInt(nanos) % 1_000_000_000n)];
const IS_REMOTE = 0x200;

function spanOf(span, resource, instrumentationScope) {
  const { traceId, spanId, parentSpanId, flags = 0, events = [], links = [] } = span;
  return {
    ...{ name: span.name, kind: Math.max(0, (span.kind ?? 1) - 1), attributes: attributesOf(span.attributes) },
    ...{ startTime: timeOf(span.startTimeUnixNano), endTime: timeOf(span.endTimeUnixNano) },
    status: { code: span.status?.code ?? 0, message: span.status?.message },
    events: events.map(({ name, timeUnixNano, attributes }) => ({
      ...{ name, time: timeOf(timeUnixNano), attributes: attributesOf(attributes) },
    })),
    links: links.map((link) => ({ context: { ...link, traceFlags: 1 }, attributes: attributesOf(link.attributes) })),
    ...{ resource, instrumentationScope },
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    ...(parentSpanId
      ? { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: 1, isRemote: (flags & IS_REMOTE) !== 0 } }
      : {}),
  };
}

for (const { resourceSpans } of JSON.parse(gunzipSync(readFileSync(process.env.CORPUS)).toString())) {
  for (const { resource, scopeSpans } of resourceSpans) {
    const shared = { attributes: attributesOf(resource?.attributes) };
    for (const { scope = { name: '' }, spans } of scopeSpans) {
      for (const span of spans) processor.onEnd(spanOf(span, shared, scope));
    }
  }
}
await processor.shutdown();
writeSync(1, `${JSON.stringify({ status: processor.status() })}\n`);
