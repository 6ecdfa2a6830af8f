import { Admission } from '../intake/admission.js';
import { Backpressure } from '../intake/backpressure.js';
import { BrokenAdmissions } from '../intake/broken-admissions.js';
import { MemoryRoom } from '../intake/memory-room.js';
import { ProtectedTraces } from '../intake/protected-traces.js';
import { RefusedSpans } from '../intake/refused-spans.js';
import { SheddableSpans } from '../intake/sheddable-spans.js';
import type { SpanQueue } from '../intake/span-queue.js';
import { TraceSampler } from '../intake/trace-sampler.js';
import { type LedgerBook, sumOf } from '../ledger/ledger.js';
import type { Config } from '../options/config.js';
import type { Clock, Held, Waiting } from '../ports.js';
import { BackpressureLog } from '../runtime/backpressure-log.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { SpanLike } from '../span.js';

/** Everything before the queue: who comes in, and what is given up for others. */
export interface Intake {
  readonly admission: Admission;
  readonly backpressure: Backpressure;
  readonly room: MemoryRoom;
  readonly protectedTraces: ProtectedTraces;
  readonly refused: RefusedSpans;
  /** Tells what was not told yet, and watches no longer. */
  close(): void;
}

export interface IntakeSurroundings {
  readonly keeps: (span: SpanLike) => boolean;
  readonly queue: SpanQueue;
  /** What is held in memory behind the queue. */
  readonly behind: { readonly waiting: number; readonly leased: number; readonly size: number };
  /** What of it can still be given up. */
  readonly sheddable: Waiting<Held>;
  /** A span that had come in is given up. */
  readonly forget: (span: SpanLike) => void;
  readonly ledger: LedgerBook;
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
  /** How full the disk is, of its quota, where every span goes to a disk first. */
  readonly diskUtilization: () => number | undefined;
}

/** Puts together what decides, inside the application's `span.end()`, what comes in. */
export function assembleIntake(config: Config, around: IntakeSurroundings): Intake {
  const { backpressure: options, sampleRate } = config;
  const { queue, behind, sheddable, ledger, reporter, clock, keeps, forget, diskUtilization } = around;
  const { strategy, rescueErrors } = options;
  const broken = new BrokenAdmissions(reporter, clock);
  const refused = new RefusedSpans(reporter, clock);
  const protectedTraces = new ProtectedTraces(options.protects);
  const sampler = new TraceSampler({ sampleRate, strategy, rescueErrors }, protectedTraces);
  const room = new MemoryRoom(config.queue, queue, behind);
  const counts = () => {
    const { sampledOut, refused: byReason } = ledger.read();
    return { sampledOut, refused: sumOf(byReason) };
  };
  const log = new BackpressureLog(config.logger, clock, counts, config.onBackpressure);
  const backpressure = new Backpressure({
    strategy,
    marks: { high: options.highWaterMark, low: options.lowWaterMark, leastRate: options.minSamplingRate },
    room,
    sampler,
    waiting: new SheddableSpans({ queue, records: sheddable, ledger, rescueErrors, forget }),
    clock,
    diskUtilization,
    spooled: () => ledger.read().spooled,
    onChange: (status) => log.changed(status),
  });
  const admission = new Admission(
    {
      keeps,
      onBroken: (cause) => broken.add(cause),
      judge: (span) => sampler.judge(span),
      rescueErrors,
      room,
      backpressure,
    },
    queue,
    ledger,
  );
  const close = (): void => {
    backpressure.close();
    broken.tell();
    refused.tell();
  };
  return { admission, backpressure, room, protectedTraces, refused, close };
}
