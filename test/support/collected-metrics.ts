import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';

class PulledReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

export interface Point {
  readonly labels: Readonly<{ [key: string]: unknown }>;
  /** Of a histogram, its count. */
  readonly value: number;
}

export interface Collected {
  readonly scopes: readonly { readonly name: string; readonly version?: string | undefined }[];
  readonly units: ReadonlyMap<string, string>;
  readonly points: ReadonlyMap<string, readonly Point[]>;
  /** The value of the only point of a metric, or of the one with this label. */
  value(name: string, key?: string, label?: string): number | undefined;
}

/** A real meter provider, read when the test says so. */
export function collecting(): { readonly meterProvider: MeterProvider; collect(): Promise<Collected> } {
  const reader = new PulledReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  return { meterProvider, collect: () => collectFrom(reader) };
}

async function collectFrom(reader: MetricReader): Promise<Collected> {
  const { resourceMetrics, errors } = await reader.collect();
  if (errors.length > 0) throw new AggregateError(errors);
  const points = new Map<string, readonly Point[]>();
  const units = new Map<string, string>();
  for (const { metrics } of resourceMetrics.scopeMetrics) {
    for (const { descriptor, dataPointType, dataPoints } of metrics) {
      const countOf = (value: unknown): number =>
        dataPointType === DataPointType.HISTOGRAM ? (value as { readonly count: number }).count : Number(value);
      units.set(descriptor.name, descriptor.unit);
      points.set(
        descriptor.name,
        dataPoints.map(({ attributes, value }) => ({ labels: attributes, value: countOf(value) })),
      );
    }
  }
  const value: Collected['value'] = (name, key, label) =>
    points.get(name)?.find(({ labels }) => key === undefined || labels[key] === label)?.value;
  return { scopes: resourceMetrics.scopeMetrics.map(({ scope }) => scope), units, points, value };
}
