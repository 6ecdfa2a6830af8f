import { randomBytes } from 'node:crypto';
import type { Credentials } from '../../options/config.js';
import { LangfuseSpanExporter } from '../../otel/span-exporter.js';
import type { Clock } from '../../ports.js';
import { noopLogger } from '../../runtime/logger.js';
import type { SpanLike } from '../../span.js';
import type { Settings } from '../settings.js';
import type { Asking } from './asking.js';
import type { Finding } from './finding.js';
import { readBack } from './read-back.js';

const TIMEOUT_MS = 15_000;
const NAME = 'langfuse-otel doctor';
const NO_HOOKS = { beforeExit: false, exit: false, signals: false } as const;

/** Sends one span by a real exporter, and looks whether the server has it. */
export async function checkWriting(
  settings: Settings,
  credentials: Credentials,
  { asking, clock, signal }: { readonly asking: Asking; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Finding> {
  const errors: string[] = [];
  const exporter = new LangfuseSpanExporter({
    ...credentials,
    baseUrl: settings.baseUrl,
    protocol: settings.protocol,
    enabled: true,
    delivery: 'best-effort',
    sampleRate: 1,
    environment: 'doctor',
    metrics: false,
    logger: noopLogger,
    hooks: NO_HOOKS,
    onError: ({ message }) => void errors.push(message),
  });
  const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
  exporter.export([probeSpan(ids, clock.wallMs())], () => {});
  const { delivered } = await exporter.flush({ timeoutMs: TIMEOUT_MS });
  const { protocol } = exporter.status();
  await exporter.close({ timeoutMs: 500 });
  if (delivered === 0) {
    return { check: 'write', state: 'problem', text: `a span was not taken: ${errors[0] ?? 'no answer in time'}` };
  }
  const facts = { protocol, traceId: ids.traceId };
  const ms = await readBack(asking, ids, clock, signal);
  if (ms === undefined) {
    const text = `a span was taken by ${protocol}, but is not to be read yet (trace ${ids.traceId})`;
    const remedy = "the server's queue may be long; look for the trace in a minute";
    return { check: 'write', state: 'warning', text, remedy, facts };
  }
  const text = `a span was taken by ${protocol} and read back after ${Math.round(ms)} ms (trace ${ids.traceId})`;
  return { check: 'write', state: 'ok', text, facts: { ...facts, readableAfterMs: Math.round(ms) } };
}

function probeSpan(ids: { readonly traceId: string; readonly spanId: string }, nowMs: number): SpanLike {
  const time = [Math.floor(nowMs / 1000), (nowMs % 1000) * 1_000_000] as const;
  return {
    name: NAME,
    kind: 0,
    startTime: time,
    endTime: time,
    status: { code: 0 },
    attributes: { 'langfuse.trace.name': NAME },
    events: [],
    links: [],
    resource: { attributes: {} },
    instrumentationScope: { name: NAME },
    spanContext: () => ({ ...ids, traceFlags: 1 }),
  };
}
