import {
  type BatchObservableCallback,
  createNoopMeter,
  type Meter,
  type MeterProvider,
  metrics,
  type Observable,
} from '@opentelemetry/api';
import type { CircuitBreakerStatus } from '../health.js';
import { callSafely } from '../runtime/call-safely.js';
import { ATTEMPTS, attemptLabels, LABELS, TRANSITIONS, transitionLabels } from './labels.js';
import { OBSERVED_METRICS, type ObservedMetric } from './observed-metrics.js';
import type { Snapshot } from './snapshot.js';
import { Tally } from './tally.js';
import { TimedMetrics } from './timed-metrics.js';

export interface MetersOptions {
  /** `'global'`: the one that the application registers, now or later. Undefined: no metrics. */
  readonly provider: MeterProvider | 'global' | undefined;
  readonly name: string;
  readonly version: string;
  /** A bare exporter has no processor to tell of. */
  readonly hasProcessor: boolean;
  readonly server: URL;
}

/** Of the semantic conventions whose meanings the official names have here. */
const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0';

/** How many processors, and exporters, this process has made: what tells their series apart. */
const made = { processor: 0, exporter: 0 };

type Tallies = Pick<Snapshot, 'attempts' | 'transitions'>;

/**
 * Tells the numbers to OpenTelemetry's metrics, for those who asked for it. Nearly all of them are read off when
 * somebody collects, so counting costs nothing and a reader that comes late still gets everything.
 */
export class Meters {
  readonly #options: MetersOptions;
  readonly #read: (tallies: Tallies) => Snapshot;
  readonly #attempts = new Tally(ATTEMPTS);
  readonly #transitions = new Tally(TRANSITIONS);
  readonly #labels: { readonly [side in ObservedMetric['side']]: Readonly<{ [key: string]: string | number }> };
  readonly timed: TimedMetrics;
  #circuit: CircuitBreakerStatus['state'] = 'closed';
  #hasBegun = false;
  #isClosed = false;

  /** @param read - all numbers at this moment. */
  constructor(options: MetersOptions, read: (tallies: Tallies) => Snapshot) {
    this.#options = options;
    this.#read = read;
    const { server } = options;
    const port = Number(server.port) || (server.protocol === 'https:' ? 443 : 80);
    this.#labels = {
      processor: componentLabels('LangfuseSpanProcessor', options.hasProcessor ? made.processor++ : 0),
      exporter: {
        ...componentLabels('LangfuseSpanExporter', made.exporter++),
        [LABELS.serverAddress]: server.hostname,
        [LABELS.serverPort]: port,
      },
    };
    this.timed = new TimedMetrics(this.#labels.exporter);
  }

  /** Makes the instruments, once there is a provider. Cheap when there is nothing to do: called again and again. */
  begin(): void {
    if (this.#options.provider === undefined || this.#hasBegun || this.#isClosed) return;
    callSafely(
      () => {
        const meter = this.#meter();
        if (meter === undefined) return;
        this.#hasBegun = true;
        this.#begin(meter);
      },
      () => {
        // A broken meter provider costs its own metrics.
      },
    );
  }

  /** No more numbers, but for the last ones: whoever collects next still gets them. */
  close(): void {
    this.#isClosed = true;
    this.timed.end();
  }

  attempted(...what: Parameters<typeof attemptLabels>): void {
    this.#attempts.add(attemptLabels(...what));
  }

  circuitChanged({ state, reason }: CircuitBreakerStatus): void {
    this.#transitions.add(transitionLabels(this.#circuit, state, reason));
    this.#circuit = state;
  }

  #meter(): Meter | undefined {
    const { provider, name, version } = this.#options;
    const from = provider === 'global' ? metrics.getMeterProvider() : provider;
    const meter = from?.getMeter(name, version, { schemaUrl: SCHEMA_URL });
    return meter?.constructor === createNoopMeter().constructor ? undefined : meter;
  }

  #begin(meter: Meter): void {
    const observables = new Map<ObservedMetric, Observable>();
    for (const metric of OBSERVED_METRICS) {
      if (metric.side === 'exporter' || this.#options.hasProcessor)
        observables.set(metric, instrumentOf(meter, metric));
    }
    const all = [...observables.values()];
    const observe: BatchObservableCallback = (result) => {
      const snapshot = this.#read({ attempts: this.#attempts.read(), transitions: this.#transitions.read() });
      for (const [metric, observable] of observables) {
        const side = this.#labels[metric.side];
        for (const [value, labels] of metric.values(snapshot))
          result.observe(observable, value, { ...side, ...labels });
      }
      // Later: whoever calls is going through the list of callbacks just now.
      if (this.#isClosed) queueMicrotask(() => meter.removeBatchObservableCallback(observe, all));
    };
    meter.addBatchObservableCallback(observe, all);
    this.timed.begin(meter);
  }
}

function instrumentOf(meter: Meter, { name, kind, unit, description }: ObservedMetric): Observable {
  switch (kind) {
    case 'counter':
      return meter.createObservableCounter(name, { unit, description });
    case 'updown':
      return meter.createObservableUpDownCounter(name, { unit, description });
    case 'gauge':
      return meter.createObservableGauge(name, { unit, description });
  }
}

function componentLabels(type: string, index: number): Readonly<{ [key: string]: string }> {
  return { [LABELS.componentType]: type, [LABELS.componentName]: `${type}/${index}` };
}
