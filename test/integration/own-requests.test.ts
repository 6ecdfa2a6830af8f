import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, it, onTestFinished } from 'vitest';
import { LangfuseSpanProcessor, noopLogger } from '../../src/index.js';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';

it('an instrumented HTTP client traces the requests of the application, and none of ours', async () => {
  const server = await startLocalLangfuse();
  const { baseUrl, publicKey, secretKey } = server;
  const seen = new InMemorySpanExporter();
  const langfuse = new LangfuseSpanProcessor({ baseUrl, publicKey, secretKey, logger: noopLogger });
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(seen), langfuse] });
  const unregister = registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [new UndiciInstrumentation()],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(async () => {
    unregister();
    context.disable();
    await provider.shutdown();
    // The application's fetch keeps its connection.
    await server.close({ force: true });
  });

  await (await fetch(`${baseUrl}/api/public/health`)).text();
  provider
    .getTracer('app')
    .startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } })
    .end();
  await provider.forceFlush();

  expect(server.requests.length).toBeGreaterThan(1);
  expect(server.observations()).toHaveLength(1);
  const urls = seen.getFinishedSpans().map(({ name, attributes }) => attributes['url.path'] ?? name);
  expect(urls).toEqual(['/api/public/health', 'chat']);
});
