import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { BasicTracerProvider as BasicTracerProvider1 } from 'otel1-sdk-trace-base';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LangfuseOptions, LangfuseSpanProcessor, noopLogger } from '../../src/index.js';
import { type LocalLangfuse, type ProfileName, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { CAN_RUN_SDK_3 } from '../support/node-version.js';
import { LOGGED, type Made, makeSpans, NESTED } from '../support/sdk-workload.js';

const EXPORT_WITH_SDK_3 = fileURLToPath(new URL('../otel3/export-spans.ts', import.meta.url));

/** An application on one SDK, from its start to its shutdown. */
type Leg = (server: LocalLangfuse) => Promise<Made>;

const sdk1: Leg = async (server) => {
  const { resource } = new BasicTracerProvider1();
  const provider = new BasicTracerProvider1({
    resource: resource.merge({ attributes: { 'service.name': 'legs' }, merge: () => resource }),
    spanProcessors: [new LangfuseSpanProcessor(optionsFor(server))],
  });
  const made = makeSpans(provider.getTracer('legs', '1.2.3'));
  await provider.shutdown();
  return made;
};

const sdk2: Leg = async (server) => {
  const langfuse = new LangfuseSpanProcessor(optionsFor(server));
  const logs = new LoggerProvider({ processors: [langfuse.logRecordProcessor()] });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'legs' }),
    spanProcessors: [langfuse],
  });
  const made = makeSpans(provider.getTracer('legs', '1.2.3'), logs.getLogger('legs'));
  await Promise.all([provider.shutdown(), logs.shutdown()]);
  return made;
};

const sdk3: Leg = async ({ baseUrl, publicKey, secretKey }) => {
  const env = {
    PATH: process.env['PATH'],
    LANGFUSE_BASE_URL: baseUrl,
    LANGFUSE_PUBLIC_KEY: publicKey,
    LANGFUSE_SECRET_KEY: secretKey,
  };
  const child = promisify(execFile)(process.execPath, ['--import', 'tsx', EXPORT_WITH_SDK_3], { env, timeout: 20_000 });
  const { stdout, stderr } = await child;
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Made;
};

function optionsFor({ baseUrl, publicKey, secretKey }: LocalLangfuse): LangfuseOptions {
  return { baseUrl, publicKey, secretKey, logger: noopLogger };
}

const LEGS = [
  { sdk: '1.30', leg: sdk1, canRun: true, keepsNested: false, hasLogs: false },
  { sdk: '2.x', leg: sdk2, canRun: true, keepsNested: false, hasLogs: true },
  { sdk: '3.x', leg: sdk3, canRun: CAN_RUN_SDK_3, keepsNested: true, hasLogs: true },
].filter(({ canRun }) => canRun);
const PROFILES: readonly ProfileName[] = ['v3.225', 'v4-events-only'];

describe.each(LEGS)('an application on SDK $sdk', ({ leg, keepsNested, hasLogs }) => {
  it.each(PROFILES)('arrives whole at a server of %s', async (profile) => {
    const server = await startLocalLangfuse({ profile });
    onTestFinished(() => server.close());
    const { traceId, agentId, chatId } = await leg(server);
    expect(server.observations()).toHaveLength(2);
    expect(server.observation(agentId)).toMatchObject({
      traceId,
      parentObservationId: null,
      name: 'agent',
      type: 'AGENT',
    });
    const chat = server.observation(chatId);
    expect(chat).toMatchObject({
      traceId,
      parentObservationId: agentId,
      name: 'chat',
      type: 'GENERATION',
      model: 'gpt-5',
    });
    expect(chat?.metadata).toMatchObject({ scope: { name: 'legs', version: '1.2.3' } });
    expect(serviceNameIn(chat?.metadata)).toBe('legs');
    expect(chat?.input).toEqual(keepsNested ? NESTED['gen_ai.input.messages'] : null);
    expect(chat?.output).toEqual(hasLogs ? { role: 'assistant', content: LOGGED } : null);
    const nested = { 'app.nested': JSON.stringify(NESTED['app.nested']) };
    expect(chat?.metadata).toMatchObject({ attributes: { 'app.list': '["a","b"]', ...(keepsNested ? nested : {}) } });
  });
});

/** v4 shows the resource flat, v3 as an object. */
function serviceNameIn(metadata: unknown): unknown {
  const { resourceAttributes, ...flat } = metadata as { readonly [key: string]: unknown };
  const nested = resourceAttributes as { readonly [key: string]: unknown } | undefined;
  return nested?.['service.name'] ?? flat['resourceAttributes.service.name'];
}
