import { type Histogram, type Meter, ROOT_CONTEXT } from '@opentelemetry/api';
import { LABELS } from './labels.js';

type Labels = Readonly<{ [key: string]: string | number }>;

/** A metric of values that are measured as they happen. */
export interface TimedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly buckets: readonly number[];
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const BYTES = [1e3, 1e4, 1e5, 2.5e5, 5e5, 1e6, 2e6, 4e6, 8e6];

export const TIMED_METRICS: Readonly<{ [name in 'operation' | 'request' | 'body']: TimedMetric }> = {
  operation: {
    name: 'otel.sdk.exporter.operation.duration',
    unit: 's',
    description: 'From the first request of a batch until its fate is known or it goes back to wait.',
    buckets: SECONDS,
  },
  request: {
    name: 'langfuse.exporter.request.duration',
    unit: 's',
    description: 'One request, until its answer.',
    buckets: SECONDS,
  },
  body: {
    name: 'langfuse.exporter.request.body.size',
    unit: 'By',
    description: 'Body of a request as it is sent, compressed or not.',
    buckets: BYTES,
  },
};

/** One request and its answer. */
export interface MeasuredRequest {
  readonly ms: number;
  readonly bytes: number;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
}

/** Measures what happens, from when somebody reads it; what happened before is not made up for. */
export class TimedMetrics {
  readonly #labels: Labels;
  #histograms: { readonly [name in keyof typeof TIMED_METRICS]: Histogram } | undefined;

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  begin(meter: Meter): void {
    const made = ({ name, unit, description, buckets }: TimedMetric): Histogram =>
      meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...buckets] } });
    this.#histograms = {
      operation: made(TIMED_METRICS.operation),
      request: made(TIMED_METRICS.request),
      body: made(TIMED_METRICS.body),
    };
  }

  end(): void {
    this.#histograms = undefined;
  }

  /** @param error - why not all of it was delivered, an error code. */
  operation(ms: number, error: string | undefined, status: number | undefined): void {
    this.#record('operation', ms / 1000, { ...errorOf(error), ...statusOf(status) });
  }

  request({ ms, bytes, status }: MeasuredRequest): void {
    this.#record('request', ms / 1000, {
      ...errorOf(status === undefined ? 'no_answer' : undefined),
      ...statusOf(status),
    });
    this.#record('body', bytes, {});
  }

  /** Under the root context: the exemplars of our own doing are no trace of the application's. */
  #record(name: keyof typeof TIMED_METRICS, value: number, labels: Labels): void {
    this.#histograms?.[name].record(value, { ...this.#labels, ...labels }, ROOT_CONTEXT);
  }
}

function errorOf(error: string | undefined): Labels {
  return error === undefined ? {} : { [LABELS.errorType]: error };
}

function statusOf(status: number | undefined): Labels {
  return status === undefined ? {} : { [LABELS.statusCode]: status };
}
