import { describe, expect, it } from 'vitest';
import { LangfuseServer } from '../../../src/delivery/protocol.js';
import type { Protocol } from '../../../src/model.js';
import type { HttpResponse, Transport } from '../../../src/ports.js';
import { noopLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../support/manual-clock.js';

/** A transport port that answers health requests as the test says. */
function serverAt(baseUrl: string, health: () => Promise<HttpResponse>, protocol?: Protocol) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const transport: Transport = {
    send: (request, signal) => {
      asked.push(request.path);
      return Promise.race([
        health(),
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ]);
    },
    close: async () => {},
  };
  return { clock, asked, server: new LangfuseServer({ baseUrl, protocol }, transport, clock, noopLogger) };
}

const says =
  (text: string, status = 200) =>
  async () => ({ status, headers: {}, text });
const version = (v: string) => says(JSON.stringify({ status: 'OK', version: v }));

describe('which server is this', () => {
  it.each([
    ['2.95.12', 'ingestion'],
    ['3.37.0', 'ingestion'],
    ['3.225.4', 'ingestion'],
    ['4.0.0', 'otlp'],
    ['4.16.0', 'otlp'],
    ['v5.1.0-rc.1', 'otlp'],
  ])('version %s takes %s', async (v, protocol) => {
    const { server } = serverAt('http://langfuse.internal', version(v));
    expect([await server.decide(), server.traits.version]).toEqual([protocol, v]);
  });

  it('believes the version of an unhealthy server', async () => {
    const { server } = serverAt('http://langfuse.internal', says('{"status":"unhealthy","version":"4.2.0"}', 503));
    expect(await server.decide()).toBe('otlp');
  });

  it.each(['https://cloud.langfuse.com', 'https://us.cloud.langfuse.com', 'https://hipaa.cloud.langfuse.com'])(
    'does not ask %s, which takes nothing but OTLP',
    async (url) => {
      const { server, asked } = serverAt(url, version('3.0.0'));
      expect([await server.decide(), asked]).toEqual(['otlp', []]);
    },
  );

  it('does not ask when the protocol is OTLP by order', async () => {
    const { server, asked } = serverAt('http://langfuse.internal', version('2.0.0'), 'otlp');
    expect([await server.decide(), asked]).toEqual(['otlp', []]);
  });

  it('asks an ingestion server by order for its version, because old ones know fewer types', async () => {
    const { server } = serverAt('http://langfuse.internal', version('3.37.0'), 'ingestion');
    expect([await server.decide(), server.traits.manyTypes]).toEqual(['ingestion', false]);
  });

  it.each([['<html></html>'], ['{"version":"latest"}'], ['{"version":4}'], ['null'], ['']])(
    'offers ingestion events when the health endpoint says %j',
    async (text) => {
      const { server } = serverAt('http://langfuse.internal', says(text));
      expect([await server.decide(), server.traits.version]).toEqual(['ingestion', undefined]);
    },
  );

  it('waits a second for the health endpoint and not longer', async () => {
    const { server, clock } = serverAt('http://langfuse.internal', () => new Promise(() => {}));
    const decided = server.decide();
    await clock.advance(1_000);
    expect(await decided).toBe('ingestion');
  });

  it('lets every first batch wait for the one question', async () => {
    const { server } = serverAt('http://langfuse.internal', version('4.16.0'));
    expect(await Promise.all([server.decide(), server.decide(), server.decide()])).toEqual(['otlp', 'otlp', 'otlp']);
  });

  it('asks once for any number of first batches, and again after a minute when it still does not know', async () => {
    const { server, asked, clock } = serverAt('http://langfuse.internal', says('down', 500));
    await Promise.all([server.decide(), server.decide(), server.decide()]);
    await server.decide();
    expect(asked).toHaveLength(1);
    await clock.advance(60_000);
    await server.decide();
    expect(asked).toHaveLength(2);
  });

  it('tries the other protocol when one is refused, and gives up when both are', async () => {
    const { server } = serverAt('http://langfuse.internal', version('3.225.4'));
    await server.decide();
    expect([server.refuses('ingestion'), server.protocol]).toEqual([true, 'otlp']);
    expect(server.refuses('otlp')).toBe(false);
  });

  it('does not switch twice when several requests are refused at once', async () => {
    const { server } = serverAt('http://langfuse.internal', version('3.225.4'));
    await server.decide();
    expect([server.refuses('ingestion'), server.refuses('ingestion'), server.protocol]).toEqual([true, true, 'otlp']);
  });

  it('starts over after both were refused, so that a repaired server is found', async () => {
    const { server } = serverAt('http://langfuse.internal', version('4.0.0'));
    await server.decide();
    server.refuses('otlp');
    server.refuses('ingestion');
    expect([server.refuses('ingestion'), server.protocol]).toEqual([true, 'otlp']);
  });

  it('keeps to a protocol by order, whatever the server says', () => {
    const { server } = serverAt('http://langfuse.internal', version('4.0.0'), 'ingestion');
    expect([server.refuses('ingestion'), server.protocol]).toEqual([false, 'ingestion']);
  });

  it('learns from a refusal that a server is old, whatever version it names', async () => {
    const { server } = serverAt('http://langfuse.internal', version('4.0.0'));
    await server.decide();
    server.lacksTypes();
    expect(server.traits.manyTypes).toBe(false);
  });
});
