type Value = string | number | boolean | readonly string[];
export type OtlpAttributes = Readonly<Record<string, Value>>;

export interface OtlpSpanParts {
  readonly attributes?: OtlpAttributes;
  readonly resource?: OtlpAttributes;
  readonly scope?: object;
  readonly events?: readonly { readonly name: string; readonly attributes: OtlpAttributes }[];
  /** Fields of the span in OTLP/JSON, right or wrong. */
  readonly span?: Readonly<Record<string, unknown>>;
}

/** An OTLP/JSON trace export of one valid span, except for what `parts` say. */
export function otlpExport(...spans: readonly OtlpSpanParts[]): unknown {
  return {
    resourceSpans: spans.map(
      ({ attributes = {}, resource = {}, scope = { name: 'test-scope' }, events = [], span }) => ({
        resource: { attributes: keyValues(resource) },
        scopeSpans: [
          {
            scope,
            spans: [
              {
                traceId: '83d71a89db8a92d2504f210fc5f3733d',
                spanId: '75b898347817a46b',
                name: 'work',
                startTimeUnixNano: '1795420800000000000',
                endTimeUnixNano: '1795420800250000000',
                attributes: keyValues(attributes),
                events: events.map((event) => ({ name: event.name, attributes: keyValues(event.attributes) })),
                status: {},
                ...span,
              },
            ],
          },
        ],
      }),
    ),
  };
}

function keyValues(attributes: OtlpAttributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
}
