import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { onTestFinished } from 'vitest';
import {
  type ErrorContext,
  type LangfuseError,
  type LangfuseOptions,
  LangfuseSpanProcessor,
  noopLogger,
} from '../../src/index.js';
import { type LocalLangfuse, type ProfileName, startLocalLangfuse } from './local-langfuse/index.js';

export interface ReportedError {
  readonly error: LangfuseError;
  readonly context: ErrorContext;
}

/** A real tracer, our processor behind it, and a local Langfuse; all closed when the test ends, leaks being failures. */
export interface Exporting {
  readonly server: LocalLangfuse;
  readonly processor: LangfuseSpanProcessor;
  readonly provider: BasicTracerProvider;
  readonly errors: readonly ReportedError[];
  /** Ends `count` spans named `span 0` … in traces of their own. */
  endSpans(count: number, attributes?: { readonly [key: string]: string }): void;
}

const QUICK: LangfuseOptions = {
  flushInterval: 0.05,
  retry: { initialMs: 10, maxMs: 100 },
  // Look-ups wait for seconds; tests that are about them ask for them.
  resendAmbiguous: true,
  shouldExportSpan: () => true,
  logger: noopLogger,
};

export async function exporting(profile: ProfileName, options: LangfuseOptions = {}): Promise<Exporting> {
  const server = await startLocalLangfuse({ profile });
  const errors: ReportedError[] = [];
  const { baseUrl, publicKey, secretKey } = server;
  const processor = new LangfuseSpanProcessor({
    ...QUICK,
    baseUrl,
    publicKey,
    secretKey,
    onError: (error, context) => errors.push({ error, context }),
    ...options,
  });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  onTestFinished(async () => {
    await processor.close({ timeoutMs: 1_000 });
    await server.close();
  });
  const tracer = provider.getTracer('test');
  return {
    server,
    processor,
    provider,
    errors,
    endSpans: (count, attributes = { 'gen_ai.operation.name': 'chat' }) => {
      for (let n = 0; n < count; n++) tracer.startSpan(`span ${n}`, { attributes }).end();
    },
  };
}

/** Every id the server took, and how often the most often taken one. */
export function deliveriesAt(server: LocalLangfuse): { readonly ids: number; readonly most: number } {
  const ids = new Set(server.observations().map(({ id }) => id));
  return { ids: ids.size, most: Math.max(0, ...[...ids].map((id) => server.deliveries(id))) };
}
