/**
 * What a span costs at the door, inside the application's `span.end()`, while load is shed: `npm run bench:admission`.
 * Writes the median and the 99th percentile of the nanoseconds a span, over turns of 1,000 spans. Exits with 1 when the
 * median is above a microsecond.
 */

import { assembleIntake } from '../../src/assembly/intake.js';
import { noopLogger } from '../../src/index.js';
import { SpanGroup } from '../../src/intake/span-group.js';
import { SpanQueue } from '../../src/intake/span-queue.js';
import { LedgerBook } from '../../src/ledger/ledger.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { systemClock } from '../../src/runtime/clock.js';
import { ErrorReporter } from '../../src/runtime/error-reporter.js';
import type { SpanLike } from '../../src/span.js';
import { MemorySpool } from '../../src/spool/memory-spool.js';
import { Random } from '../support/random.js';
import { spanLike } from '../support/spans.js';

const TURNS = 2_000;
const SPANS_PER_TURN = 1_000;
const SPANS_PER_TRACE = 12;
const LIMIT_NS = 1_000;

function measure(strategy: 'sample' | 'off') {
  const queue = new SpanQueue();
  const spool = new MemorySpool();
  const ledger = new LedgerBook(() => ({ queued: queue.length, inFlight: 0, spooled: 0 }));
  const clock = systemClock();
  const config = resolveOptions({ logger: noopLogger, backpressure: { strategy } }, {});
  const { admission, backpressure, close } = assembleIntake(config, {
    keeps: () => true,
    queue,
    behind: spool,
    sheddable: spool,
    forget() {},
    ledger,
    reporter: new ErrorReporter(noopLogger, clock, '', undefined),
    clock,
    diskUtilization: () => undefined,
  });
  const group = new SpanGroup();
  const random = new Random(1);
  const hex = (): string =>
    Math.floor(random.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const turn = (): readonly SpanLike[] => {
    const ids = Array.from({ length: SPANS_PER_TURN / SPANS_PER_TRACE + 1 }, () => hex() + hex() + hex() + hex());
    return Array.from({ length: SPANS_PER_TURN }, (_, n) => spanLike({ traceId: ids[n % ids.length] ?? '' }));
  };
  // Full once, so that load is shed from here on.
  const samples: number[] = [];
  for (let n = 0; n < TURNS + 200; n++) {
    const spans = turn();
    const start = process.hrtime.bigint();
    for (const span of spans) admission.admit(span, group);
    const ns = Number(process.hrtime.bigint() - start) / SPANS_PER_TURN;
    if (n >= 200) samples.push(ns);
    // What is sent: about a tenth of what comes.
    for (let taken = 0; taken < SPANS_PER_TURN / 10; taken++) queue.take()?.sampling?.commit();
  }
  const { isUnderPressure } = backpressure.status();
  close();
  samples.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(samples[Math.floor(samples.length * share)] ?? 0);
  return { strategy, medianNs: at(0.5), p99Ns: at(0.99), isUnderPressure };
}

const results = [measure('off'), measure('sample')];
for (const result of results) console.log(JSON.stringify(result));
process.exitCode = results.some(({ medianNs }) => medianNs > LIMIT_NS) ? 1 : 0;
