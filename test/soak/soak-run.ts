import { setTimeout as pause } from 'node:timers/promises';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { LangfuseSpanProcessor, noopLogger, type ShutdownReport } from '../../src/index.js';
import { imbalanceOf, sumOf } from '../../src/ledger/ledger.js';
import { type LocalLangfuse, type ProfileName, startLocalLangfuse } from '../support/local-langfuse/index.js';
import type { Random } from '../support/random.js';
import { randomFault } from './random-faults.js';

const CALM_MS = 60_000;

export interface SoakRun {
  readonly profile: ProfileName;
  readonly faults: number;
  readonly deliveredInStorm: number;
  /** How long it took, once the faults had ended, until nothing waited any more. */
  readonly calmMs: number;
  readonly report: ShutdownReport;
  /** Empty when conservation and liveness hold. */
  readonly violations: readonly string[];
}

/**
 * Random spans and random faults; then the faults end, and two things must hold:
 *
 * - conservation: every span is at the server or in the ledger, and what the ledger calls delivered is at the server;
 * - liveness: nothing is left waiting after a minute.
 *
 * @param directory - where spans survive the process; without one they wait in memory.
 */
export async function soak(
  profile: ProfileName,
  seconds: number,
  random: Random,
  directory?: string,
): Promise<SoakRun> {
  const server = await startLocalLangfuse({ profile });
  const { baseUrl, publicKey, secretKey } = server;
  const processor = new LangfuseSpanProcessor({
    baseUrl,
    publicKey,
    secretKey,
    timeout: 0.5,
    flushInterval: 0.1,
    shouldExportSpan: () => true,
    // Ten look-ups a minute are few for all the doubts of a storm: the others wait for half of this, no longer.
    retry: { initialMs: 20, maxMs: 500, deliveryTimeoutMs: 60_000 },
    circuitBreaker: { openMs: { initial: 50, max: 1_000 } },
    logger: noopLogger,
    persistence: directory === undefined ? undefined : { directory },
  });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const ids: string[] = [];
  const endSpans = (count: number): void => {
    for (let n = 0; n < count; n++) {
      const input = 'x'.repeat(random.between(0, 2_000));
      const span = provider
        .getTracer('soak')
        .startSpan(`span ${n}`, { attributes: { 'langfuse.observation.input': input } });
      ids.push(span.spanContext().spanId);
      span.end();
    }
  };

  let faults = 0;
  const end = performance.now() + 1_000 * seconds;
  while (performance.now() < end) {
    endSpans(random.between(0, random.next() < 0.05 ? 500 : 30));
    // Only when the last ones have been met: behind an open circuit they would pile up to one long outage.
    if (server.faults.waiting === 0 && random.next() < 0.06) {
      faults++;
      server.faults.next(random.between(1, 3), randomFault(random));
    }
    if (random.next() < 0.1) void processor.flush({ timeoutMs: random.between(1, 500) });
    // The operator who mended the keys.
    if (processor.status().circuit.state === 'hold' && random.next() < 0.2) processor.resetCircuitBreaker();
    await pause(random.between(0, 50));
  }

  const deliveredInStorm = processor.status().ledger.delivered;
  server.faults.clear();
  if (processor.status().circuit.state === 'hold') processor.resetCircuitBreaker();
  const calmSince = performance.now();
  while (heldBy(processor) > 0 && performance.now() - calmSince < CALM_MS) await processor.flush({ timeoutMs: 1_000 });
  const calmMs = performance.now() - calmSince;
  const held = heldBy(processor);
  const report = await processor.close();
  const violations = [
    ...(held > 0 ? [`${held} spans are held after a minute of calm`] : []),
    ...check(report, ids, server),
  ];
  await server.close();
  return { profile, faults, deliveredInStorm, calmMs, report, violations };
}

function heldBy(processor: LangfuseSpanProcessor): number {
  const { queued, inFlight, spooled } = processor.status().ledger;
  return queued + inFlight + spooled;
}

function check(report: ShutdownReport, ids: readonly string[], server: LocalLangfuse): readonly string[] {
  const violations: string[] = [];
  const imbalance = imbalanceOf(report);
  if (imbalance) violations.push(imbalance);
  if (report.ended !== ids.length) violations.push(`${ids.length} spans ended, the ledger says ${report.ended}`);
  const atServer = new Set(server.observations().map(({ id }) => id));
  const arrived = ids.filter((id) => atServer.has(id)).length;
  if (arrived !== atServer.size)
    violations.push(`${atServer.size - arrived} observations at the server are of no span`);
  // A span that was given up may have arrived all the same, never the other way round.
  const notDelivered = report.rejected + report.sampledOut + sumOf(report.dropped) + sumOf(report.refused);
  if (arrived < report.delivered) violations.push(`${report.delivered} delivered, but only ${arrived} at the server`);
  if (arrived > report.delivered + notDelivered) violations.push(`${arrived} arrived, more than the ledger knows of`);
  if (report.delivered + notDelivered !== ids.length)
    violations.push('some spans are neither delivered nor named as lost');
  return violations;
}
