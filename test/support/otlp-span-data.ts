import type { LogRecordLike } from '../../src/log-record.js';
import type { Attributes, HrTime, SpanData } from '../../src/span.js';

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number | string;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpAttribute[] };
  readonly bytesValue?: string;
}
interface OtlpAttribute {
  readonly key: string;
  readonly value?: OtlpValue;
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly flags?: number;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly events?: readonly {
    readonly name: string;
    readonly timeUnixNano: string;
    readonly attributes?: readonly OtlpAttribute[];
  }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes?: readonly OtlpAttribute[];
  }[];
  readonly status?: { readonly code?: number; readonly message?: string };
}
interface OtlpResourceSpans {
  readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
  readonly scopeSpans: readonly {
    readonly scope?: { readonly name?: string; readonly version?: string };
    readonly spans: readonly OtlpSpan[];
  }[];
}

/** OTLP's flag for a parent in another process. */
const IS_REMOTE = 0x200;

/** Recorded spans in the form that translation takes. */
export function spanDataOf(resourceSpans: readonly unknown[]): SpanData[] {
  return (resourceSpans as readonly OtlpResourceSpans[]).flatMap(({ resource, scopeSpans }) => {
    const resourceData = { attributes: attributesOf(resource?.attributes) };
    return scopeSpans.flatMap(({ scope, spans }) => {
      const scopeData = { name: scope?.name ?? '', version: scope?.version };
      return spans.map(
        (span): SpanData => ({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId || undefined,
          parentIsRemote: ((span.flags ?? 0) & IS_REMOTE) !== 0,
          name: span.name,
          kind: Math.max(0, (span.kind ?? 1) - 1),
          startTime: timeOf(span.startTimeUnixNano),
          endTime: timeOf(span.endTimeUnixNano),
          status: { code: span.status?.code ?? 0, message: span.status?.message },
          attributes: attributesOf(span.attributes),
          events: (span.events ?? []).map((event) => ({
            name: event.name,
            time: timeOf(event.timeUnixNano),
            attributes: attributesOf(event.attributes),
          })),
          links: (span.links ?? []).map((link) => ({ ...link, attributes: attributesOf(link.attributes) })),
          resource: resourceData,
          scope: scopeData,
        }),
      );
    });
  });
}

interface OtlpResourceLogs {
  readonly scopeLogs: readonly {
    readonly scope?: { readonly name?: string; readonly version?: string };
    readonly logRecords: readonly {
      readonly timeUnixNano: string;
      readonly traceId: string;
      readonly spanId: string;
      readonly flags: number;
      readonly eventName?: string;
      readonly body?: OtlpValue;
      readonly attributes?: readonly OtlpAttribute[];
    }[];
  }[];
}

/** Recorded log records as a logs SDK hands them to processors. */
export function logRecordsOf(resourceLogs: readonly unknown[] = []): LogRecordLike[] {
  return (resourceLogs as readonly OtlpResourceLogs[]).flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map(({ timeUnixNano, traceId, spanId, flags, eventName, body, attributes }) => ({
        hrTime: timeOf(timeUnixNano),
        spanContext: { traceId, spanId, traceFlags: flags },
        eventName,
        body: decoded(body),
        attributes: attributesOf(attributes),
        instrumentationScope: { name: scope?.name ?? '', version: scope?.version },
      })),
    ),
  );
}

function timeOf(nanos: string): HrTime {
  const digits = String(nanos).padStart(10, '0');
  return [Number(digits.slice(0, -9)), Number(digits.slice(-9))];
}

function attributesOf(attributes: readonly OtlpAttribute[] | undefined): Attributes {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, decoded(value)]));
}

function decoded(value: OtlpValue | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(decoded);
  if (value.kvlistValue !== undefined) return attributesOf(value.kvlistValue.values);
  return value.bytesValue === undefined ? undefined : Buffer.from(value.bytesValue, 'base64');
}
