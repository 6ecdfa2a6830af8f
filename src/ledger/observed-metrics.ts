import { CIRCUIT_STATES, LABELS } from './labels.js';
import type { Ledger } from './ledger.js';
import type { Snapshot } from './snapshot.js';

/** A value, with the labels it has beyond those of its side. */
export type Observed = readonly [value: number, labels?: Readonly<{ [key: string]: string }>];

/** A metric that is read off when somebody collects. */
export interface ObservedMetric {
  readonly name: string;
  readonly kind: 'counter' | 'updown' | 'gauge';
  readonly unit: string;
  readonly description: string;
  /** Whose labels it carries; a bare exporter has no processor. */
  readonly side: 'processor' | 'exporter';
  readonly values: (snapshot: Snapshot) => readonly Observed[];
}

const SPAN = '{span}';

/**
 * OpenTelemetry's own metrics of an SDK, with the meanings of semantic conventions 1.44: a span is processed when it is
 * handed over for export, whatever becomes of it, and in flight from then until its fate is known, through all waits.
 */
const OFFICIAL: readonly ObservedMetric[] = [
  {
    name: 'otel.sdk.processor.span.queue.size',
    kind: 'updown',
    unit: SPAN,
    description: 'Spans in memory that were not yet in a request.',
    side: 'processor',
    values: (snapshot) => [[unsentIn(snapshot)]],
  },
  {
    name: 'otel.sdk.processor.span.queue.capacity',
    kind: 'updown',
    unit: SPAN,
    description: 'Spans that may be held in memory, those in requests included.',
    side: 'processor',
    values: ({ memory }) => [[memory.maxSpans]],
  },
  {
    name: 'otel.sdk.processor.span.processed',
    kind: 'counter',
    unit: SPAN,
    description: 'Spans handed over for export, or with an error.type the reason why not.',
    side: 'processor',
    values: (snapshot) => {
      const { ledger } = snapshot;
      return [
        [ledger.accepted - ledger.sampledOut - unsentIn(snapshot)],
        ...labelled(LABELS.errorType, { ...ledger.refused, sampled_out: ledger.sampledOut }),
      ];
    },
  },
  {
    name: 'otel.sdk.exporter.span.inflight',
    kind: 'updown',
    unit: SPAN,
    description: 'Spans handed over for export whose fate is not known yet.',
    side: 'exporter',
    values: ({ ledger, returned }) => [[ledger.inFlight + returned + ledger.spooled]],
  },
  {
    name: 'otel.sdk.exporter.span.exported',
    kind: 'counter',
    unit: SPAN,
    description: 'Spans delivered, or with an error.type why not.',
    side: 'exporter',
    values: ({ ledger }) => [
      [ledger.delivered],
      ...labelled(LABELS.errorType, { rejected: ledger.rejected, ...ledger.dropped }),
    ],
  },
];

/** The ledger, number by number. */
const LEDGER: readonly ObservedMetric[] = [
  counter('spans.ended', 'Spans that ended.', ({ ended }) => [[ended]]),
  counter('spans.unsampled', 'Turned away by the sampler of the SDK.', ({ unsampled }) => [[unsampled]]),
  counter('spans.filtered', 'Turned away by the filter.', ({ filtered }) => [[filtered]]),
  counter('spans.refused', 'Not taken, for this reason.', ({ refused }) => labelled(LABELS.refusalReason, refused)),
  counter('spans.accepted', 'Taken.', ({ accepted }) => [[accepted]]),
  counter('spans.recovered', 'Found on disk, left by an earlier process.', ({ recovered }) => [[recovered]]),
  counter('spans.delivered', 'The server has them.', ({ delivered }) => [[delivered]]),
  counter('spans.rejected', 'Refused by the server for good.', ({ rejected }) => [[rejected]]),
  counter('spans.sampled_out', 'Given up with their whole trace.', ({ sampledOut }) => [[sampledOut]]),
  counter('spans.dropped', 'Lost, for this reason.', ({ dropped }) => labelled(LABELS.dropReason, dropped)),
];

const STATE: readonly ObservedMetric[] = [
  gauge('queue.utilization', '1', 'How full it is, by count or by bytes; 1 is full.', ({ memory, diskUtilization }) =>
    byQueue(memory.utilization, diskUtilization),
  ),
  gauge('queue.bytes', 'By', 'Estimated size of the spans in memory.', ({ memory }) => byQueue(memory.bytes)),
  gauge('queue.bytes.capacity', 'By', 'What may be in memory.', ({ memory }) => byQueue(memory.maxBytes)),
  gauge('oldest_span.age', 's', 'Since the oldest span in memory ended.', ({ oldestAgeS }) => byQueue(oldestAgeS)),
  gauge('sampling.probability', '1', 'Share of new traces that is kept, sampleRate aside.', ({ backpressure }) => [
    [backpressure.samplingRate],
  ]),
  gauge('sampling.active', '1', '1 while there is pressure.', ({ backpressure }) => [
    [backpressure.isUnderPressure ? 1 : 0],
  ]),
  gauge('circuit.state', '1', '0 closed, 1 half-open, 2 open, 3 hold.', ({ circuit }) => [
    [CIRCUIT_STATES[circuit.state]],
  ]),
  gauge('concurrency.limit', '{request}', 'Requests that may run at the same time.', ({ concurrencyLimit }) => [
    [concurrencyLimit],
  ]),
  {
    ...counter('circuit.transitions', 'Changes of the circuit.', () => []),
    unit: '{transition}',
    values: ({ transitions }) => transitions.map(({ labels, count }) => [count, labels]),
  },
  {
    ...counter('attempts', 'Requests, by what they were and what came of them.', () => []),
    unit: '{request}',
    values: ({ attempts }) => attempts.map(({ labels, count }) => [count, labels]),
  },
];

export const OBSERVED_METRICS: readonly ObservedMetric[] = [...OFFICIAL, ...LEDGER, ...STATE];

/** In memory, and never in a request so far. */
function unsentIn({ ledger, returned }: Snapshot): number {
  return ledger.queued - returned;
}

function counter(name: string, description: string, values: (ledger: Ledger) => readonly Observed[]): ObservedMetric {
  return {
    name: `langfuse.exporter.${name}`,
    kind: 'counter',
    unit: SPAN,
    description,
    side: 'exporter',
    values: ({ ledger }) => values(ledger),
  };
}

function gauge(
  name: string,
  unit: string,
  description: string,
  values: (snapshot: Snapshot) => readonly Observed[],
): ObservedMetric {
  return { name: `langfuse.exporter.${name}`, kind: 'gauge', unit, description, side: 'exporter', values };
}

function labelled(key: string, counts: Readonly<{ [value: string]: number }>): readonly Observed[] {
  return Object.entries(counts).map(([value, count]) => [count, { [key]: value }]);
}

function byQueue(memory: number, disk?: number): readonly Observed[] {
  const values: Observed[] = [[memory, { [LABELS.queue]: 'memory' }]];
  if (disk !== undefined) values.push([disk, { [LABELS.queue]: 'disk' }]);
  return values;
}
