import { ROOT_CONTEXT } from '@opentelemetry/api';
import { assembleIntake } from '../../src/assembly/intake.js';
import { Tries } from '../../src/delivery/tries.js';
import { weighted } from '../../src/delivery/weighted.js';
import type { BackpressureStatus } from '../../src/health.js';
import { SpanGroup } from '../../src/intake/span-group.js';
import { SpanQueue } from '../../src/intake/span-queue.js';
import { LedgerBook } from '../../src/ledger/ledger.js';
import type { LangfuseOptions } from '../../src/options/options.js';
import { resolveOptions } from '../../src/options/resolve.js';
import type { Lease } from '../../src/ports.js';
import { ErrorReporter } from '../../src/runtime/error-reporter.js';
import type { SpanLike } from '../../src/span.js';
import { MemorySpool } from '../../src/spool/memory-spool.js';
import { logLines } from './log-lines.js';
import { ManualClock } from './manual-clock.js';
import { record } from './observations.js';
import { Random } from './random.js';
import { spanLike } from './spans.js';

const STEP_MS = 10;
const RECORD = record();

export interface WorldOptions {
  readonly options?: LangfuseOptions;
  readonly maxSpans?: number;
  /** Requests at a time, records in each, and how long one takes: together the most that can be drained. */
  readonly sender?: { readonly concurrency: number; readonly batch: number; readonly latencyMs: number } | undefined;
  readonly seed?: number;
  readonly diskUtilization?: () => number | undefined;
}

interface Trace {
  readonly id: string;
  /** One in fifty; its spans are named `vip`. */
  readonly isProtected: boolean;
  offered: number;
  delivered: number;
  /** Of its spans together. */
  adjusted: number;
}

interface Due {
  readonly trace: Trace;
  readonly isError: boolean;
}

/**
 * The real intake and memory spool under a load of traces, with a sender that is a pair of numbers, in a time of its
 * own. Traces have 12 spans on average, which end at random within 3 s.
 */
export function overloadWorld({
  options = {},
  maxSpans = 8192,
  sender = { concurrency: 4, batch: 75, latencyMs: 300 },
  seed = 1,
  diskUtilization = () => undefined,
}: WorldOptions = {}) {
  const clock = new ManualClock();
  const numbers = new Random(seed);
  const random = (): number => numbers.next();
  const { lines, logger } = logLines();
  const changes: BackpressureStatus[] = [];
  const config = resolveOptions(
    { logger, queue: { maxSpans }, onBackpressure: (status) => changes.push(status), ...options },
    {},
  );
  const queue = new SpanQueue();
  const spool = new MemorySpool();
  const ledger = new LedgerBook(() => ({
    queued: queue.length + spool.waiting,
    inFlight: spool.leased,
    spooled: 0,
  }));
  const errors: unknown[] = [];
  const reporter = new ErrorReporter(logger, clock, 'http://localhost', (error) => errors.push(error));
  const intake = assembleIntake(config, {
    keeps: () => true,
    queue,
    behind: spool,
    sheddable: spool,
    forget() {},
    ledger,
    reporter,
    clock,
    diskUtilization,
  });
  const group = new SpanGroup();
  const traces: Trace[] = [];
  const byId = new Map<string, Trace>();
  const due = new Map<number, Due[]>();
  let step = 0;
  let isDown = false;
  let isHanging = false;
  const unanswered: Lease[] = [];
  let underWay = 0;
  let mostUsed = 0;
  let rescued = 0;

  const startTrace = (): void => {
    const isProtected = random() < 0.02;
    const id = Array.from({ length: 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    const trace = { id, isProtected, offered: 0, delivered: 0, adjusted: 0 };
    traces.push(trace);
    byId.set(id, trace);
    intake.protectedTraces.start(spanLike({ traceId: id, name: nameOf(trace) }), ROOT_CONTEXT);
    const spans = 1 + Math.floor(random() * 23);
    const lengthMs = random() * 3_000;
    for (let n = 0; n < spans; n++) {
      const at = step + 1 + Math.floor((random() * lengthMs) / STEP_MS);
      const list = due.get(at) ?? [];
      list.push({ trace, isError: random() < 0.01 });
      due.set(at, list);
    }
  };
  const end = ({ trace, isError }: Due): void => {
    trace.offered++;
    const span: SpanLike = spanLike({
      traceId: trace.id,
      status: { code: isError ? 2 : 0 },
      name: nameOf(trace),
    });
    const admitted = intake.admission.admit(span, group);
    if (admitted === 'queue_full' || admitted === 'backpressure') intake.refused.add(admitted);
  };
  const prepare = (): void => {
    for (let next = queue.take(); next; next = queue.take()) {
      const { traceId, spanId } = next.span.spanContext();
      const made = { ...RECORD, traceId, spanId, statusCode: next.span.status.code };
      spool.append({ record: made, sampling: next.sampling, group, tries: new Tries() });
    }
  };
  const deliver = (lease: Lease): void => {
    if (isHanging) {
      unanswered.push(lease);
      return;
    }
    underWay--;
    if (isDown) {
      lease.release(lease.held);
      return;
    }
    for (const held of lease.held) {
      const trace = byId.get(held.record.traceId);
      const entries = weighted(held).metadata;
      const count = Number(entries.find(({ key }) => key === 'langfuse.sampling.adjusted_count')?.value ?? 1);
      if (held.sampling?.isPartial) rescued++;
      else if (trace) trace.delivered++;
      if (trace) trace.adjusted += count;
    }
    lease.settle(lease.held);
    ledger.deliver(lease.held.length);
  };
  const send = (): void => {
    while (underWay < sender.concurrency) {
      const lease = isDown ? undefined : spool.lease(sender.batch, Number.POSITIVE_INFINITY);
      if (lease === undefined) return;
      underWay++;
      clock.after(sender.latencyMs, () => deliver(lease));
    }
  };

  /** Lets `ms` pass with so many spans a second on average. */
  const run = async (ms: number, spansPerSecond: number): Promise<void> => {
    const tracesPerStep = (spansPerSecond / 12) * (STEP_MS / 1000);
    let owed = 0;
    for (const last = step + ms / STEP_MS; step < last; ) {
      step++;
      for (owed += tracesPerStep; owed >= 1; owed--) {
        startTrace();
      }
      for (const item of due.get(step) ?? []) end(item);
      due.delete(step);
      prepare();
      send();
      mostUsed = Math.max(mostUsed, intake.backpressure.status().utilization);
      await clock.advance(STEP_MS);
    }
  };
  return {
    clock,
    ledger,
    intake,
    lines: lines as readonly string[],
    changes,
    errors,
    traces: traces as readonly Trace[],
    run,
    fail: () => {
      isDown = true;
    },
    /** Requests under way get no answer, and keep what they hold. */
    hang: () => {
      isHanging = true;
    },
    recover: () => {
      isDown = false;
      isHanging = false;
      for (const lease of unanswered.splice(0)) deliver(lease);
    },
    status: () => intake.backpressure.status(),
    /** Traces of which a part was delivered. */
    torn: () => traces.filter(({ offered, delivered }) => delivered > 0 && delivered < offered).length,
    mostUsed: () => mostUsed,
    /** How many spans the delivered ones say they stand for. */
    adjusted: () => traces.reduce((sum, { adjusted }) => sum + adjusted, 0),
    rescued: () => rescued,
  };
}

function nameOf({ isProtected }: Trace): string {
  return isProtected ? 'vip' : 'work';
}
