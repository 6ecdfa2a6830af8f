import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificate, certificateFile } from '../../support/certificates/certificates.js';
import { startChild } from '../../support/child.js';
import { startLocalLangfuse } from '../../support/local-langfuse/index.js';
import { rawLangfuse } from '../../support/raw-langfuse.js';

const APPLICATION = new URL('./children/application.ts', import.meta.url);

async function application(scene: string) {
  const server = await startLocalLangfuse({ profile: 'v4-events-only' });
  onTestFinished(() => server.close());
  const { baseUrl, publicKey, secretKey } = server;
  const env = { SCENE: scene, ...variables(baseUrl), LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey };
  return { server, child: startChild(APPLICATION, { env }) };
}

const variables = (baseUrl: string) => ({
  LANGFUSE_BASE_URL: baseUrl,
  LANGFUSE_PUBLIC_KEY: 'pk-lf-local',
  LANGFUSE_SECRET_KEY: 'sk-lf-local',
});

describe('a process', () => {
  it('with nothing left to do sends what it holds, and ends by itself', async () => {
    const { server, child } = await application('idle');
    const { code, signal, errors } = await child.ended;
    expect([code, signal, errors]).toEqual([0, null, '']);
    expect(server.observations()).toHaveLength(1);
  });

  it('that ends by itself keeps its exit code', async () => {
    const { server, child } = await application('exit-code');
    expect((await child.ended).code).toBe(7);
    expect(server.observations()).toHaveLength(1);
  });

  it('is not held, and sends nothing, when the hook is off', async () => {
    const { server, child } = await application('no-hooks');
    expect((await child.ended).code).toBe(0);
    expect(server.requests).toEqual([]);
  });

  it('with a server that hangs is held for five seconds, not for ever', async () => {
    const { server, child } = await application('idle');
    server.faults.route('/api/public/health', 'hang');
    server.faults.always('hang');
    await child.wrote('ready');
    const startedAt = performance.now();
    const { code, errors } = await child.ended;
    expect(code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect(errors).toContain('1 spans could not be delivered before the process has nothing left to do');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'that gets %s delivers first, then dies of it as it would have',
    async (name) => {
      const { server, child } = await application('signal');
      await child.wrote('ready');
      child.process.kill(name);
      const { code, signal } = await child.ended;
      expect([code, signal]).toEqual([null, name]);
      expect(server.observations()).toHaveLength(1);
    },
  );

  it('that listens to the signal itself decides itself, and its spans are delivered', async () => {
    const { server, child } = await application('signal-with-listener');
    await child.wrote('ready');
    child.process.kill('SIGTERM');
    const { code, signal, lines } = await child.ended;
    expect([code, signal]).toEqual([5, null]);
    expect(lines).toContain('the application was asked to end');
    expect(server.observations()).toHaveLength(1);
  });

  it('that gets a second signal does not wait any longer', async () => {
    const { server, child } = await application('signal');
    server.faults.route('/api/public/health', 'hang');
    server.faults.always('hang');
    await child.wrote('ready');
    child.process.kill('SIGTERM');
    await server.waitFor(() => server.requests.length > 0);
    const startedAt = performance.now();
    child.process.kill('SIGTERM');
    expect((await child.ended).signal).toBe('SIGTERM');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('that calls process.exit() ends at once with its code, and what it held in memory is lost', async () => {
    const { server, child } = await application('exit-call');
    const { code, lines } = await child.ended;
    expect([code, lines]).toEqual([9, ['exiting with {"queued":1}']]);
    expect(server.observations()).toHaveLength(0);
  });

  it('that dies of its own exception dies of it as it would have', async () => {
    const { child } = await application('uncaught');
    const { code, signal, errors } = await child.ended;
    expect([code, signal]).toEqual([1, null]);
    expect(errors).toContain('Error: a mistake of the application');
  });

  it('that closed has no listener, timer or socket of ours left', async () => {
    const { child } = await application('closed');
    const { lines, errors } = await child.ended;
    expect(errors).toBe('');
    expect(JSON.parse(lines[0] ?? '')).toEqual({ listeners: [0, 0, 0], resources: [] });
  });
});

describe('an expired certificate', () => {
  it('of an authority that is trusted is put on hold', async () => {
    const { baseUrl } = await rawLangfuse('3.225.0', () => {}, certificate('expired'));
    const env = {
      SCENE: 'hold',
      ...variables(baseUrl),
      NODE_EXTRA_CA_CERTS: fileURLToPath(certificateFile('expired')),
    };
    const { lines, errors } = await startChild(APPLICATION, { env }).ended;
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ pending: 1, circuit: 'hold' });
    expect(errors).toContain('is not accepted (CERT_HAS_EXPIRED)');
  });
});
