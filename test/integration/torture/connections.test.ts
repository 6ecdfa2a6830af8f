import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { blackHole } from '../../support/black-hole.js';
import { certificate } from '../../support/certificates/certificates.js';
import { deliveriesAt, exporting } from '../../support/exporting.js';
import { gatewayTo } from '../../support/gateway.js';
import { postsTo } from '../../support/posts.js';
import { allTaken, rawLangfuse } from '../../support/raw-langfuse.js';

const PROFILES = ['v3.225', 'v4-events-only'] as const;

describe.each(PROFILES)('a request to %s', (profile) => {
  it('whose answer is lost after the server took it goes again with the same ids', async () => {
    const { server, processor, endSpans } = await exporting(profile);
    server.faults.next(1, 'resetAfterCommit');
    endSpans(20);
    expect(await processor.flush()).toMatchObject({ delivered: 20, pending: 0 });
    expect(deliveriesAt(server)).toEqual({ ids: 20, most: 2 });
  });

  it('that is never answered is cut off when its time is over, and sent again', async () => {
    const { server, processor, endSpans, errors } = await exporting(profile, { timeout: 0.3 });
    server.faults.next(1, 'hang');
    endSpans(20);
    const report = await processor.flush();
    expect(report).toMatchObject({ delivered: 20, pending: 0 });
    expect(report.durationMs).toBeGreaterThanOrEqual(290);
    expect(errors.map(({ error }) => error.code)).toEqual(['TIMEOUT_ERROR']);
  });

  it('whose answer drips in is patient, as long as the time for an attempt', async () => {
    const { server, processor, endSpans } = await exporting(profile);
    server.faults.next(1, 'slowDrip');
    endSpans(20);
    expect(await processor.flush()).toMatchObject({ delivered: 20, pending: 0 });
    expect(postsTo(server)).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('that drips in for ever is cut off when the time for an attempt is over', async () => {
    let answers = 0;
    const server = await rawLangfuse('3.225.0', (request, response) => {
      answers++;
      if (answers > 1) response.end(allTaken(request));
      else drip(response);
    });
    const { processor, endSpans } = await exporting('v3.225', { baseUrl: server.baseUrl, timeout: 0.3 });
    endSpans(5);
    const report = await processor.flush();
    expect(report.delivered).toBe(5);
    expect(report.durationMs).toBeLessThan(5_000);
  });

  it('without end is read to 4 MiB, no further', async () => {
    let written = 0;
    const server = await rawLangfuse('3.225.0', (_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const write = (): void => {
        while (!response.destroyed && written < 1_000_000_000) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', write);
            return;
          }
        }
      };
      write();
    });
    const { processor, endSpans, errors } = await exporting('v3.225', {
      baseUrl: server.baseUrl,
      circuitBreaker: { failureThreshold: 1, openMs: { initial: 60_000 } },
    });
    endSpans(5);
    expect((await processor.flush()).pending).toBe(5);
    expect(errors[0]?.error.message).toContain('broken JSON');
    // What the sockets between us had buffered comes on top.
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('an idle connection that the server closes just as it is used again', () => {
  it.each(['end', 'reset'] as const)('(%s) costs one silent repeat on ingestion', async (how) => {
    const server = await rawLangfuse('3.225.0', (request, response) => {
      // The health request was the first on it.
      if (request.nth === 1 || server.requests.length !== 2) response.end(allTaken(request));
      else cut(response, how);
    });
    const { processor, endSpans, errors } = await exporting('v3.225', {
      baseUrl: server.baseUrl,
      concurrency: { initial: 1, max: 1 },
    });
    endSpans(1);
    expect((await processor.flush()).delivered).toBe(1);
    endSpans(1);
    expect((await processor.flush()).delivered).toBe(1);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[2]?.body).toBe(server.requests[1]?.body);
    expect(server.connections()).toBe(2);
    expect(errors).toEqual([]);
    expect(processor.status().circuit).toMatchObject({ state: 'closed', failures: 0, lastFailure: undefined });
  });

  it('is not taken for that when the connection is new: that is a failure', async () => {
    const { server, processor, endSpans, errors } = await exporting('v3.225', { protocol: 'ingestion' });
    server.faults.route('/api/public/health', 'reset');
    server.faults.next(1, 'reset');
    endSpans(1);
    expect((await processor.flush()).delivered).toBe(1);
    expect(errors).toHaveLength(1);
  });

  it('on OTLP, where a repeat may show, is a failure that is said and tried again', async () => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only');
    endSpans(1);
    await processor.flush();
    server.faults.next(1, 'reset');
    endSpans(1);
    expect((await processor.flush()).delivered).toBe(1);
    expect(errors.map(({ error }) => error.code)).toEqual(['NETWORK_ERROR']);
  });
});

describe('a server that cannot be reached', () => {
  const unreachable = async (baseUrl: string) => {
    const exporter = await exporting('v3.225', { baseUrl, circuitBreaker: { openMs: { initial: 60_000 } } });
    exporter.endSpans(5);
    const report = await exporter.processor.flush();
    return { ...exporter, report, message: exporter.errors[0]?.error.message };
  };

  it('because its name is unknown keeps the spans and opens the circuit', async () => {
    // No name server is asked for a label of more than 63 characters.
    const { report, processor, message } = await unreachable(`http://${'x'.repeat(64)}.invalid`);
    expect(report.pending).toBe(5);
    expect(message).toMatch(/^NETWORK_ERROR: no connection to .*(ENOTFOUND|EAI)/);
    expect(processor.status().circuit).toMatchObject({ state: 'open', reason: 'failures' });
  });

  it('because nobody listens keeps the spans and opens the circuit', async () => {
    const { baseUrl } = await gatewayTo('http://127.0.0.1:9');
    const { report, processor, message } = await unreachable(baseUrl);
    expect(report.pending).toBe(5);
    expect(message).toMatch(/^NETWORK_ERROR: no connection to .*ECONNREFUSED/);
    expect(processor.status().circuit).toMatchObject({ state: 'open', reason: 'failures' });
  });

  it('because no connection to it ever comes about costs an attempt its time, and is not taken for a lost answer', async () => {
    const baseUrl = await blackHole();
    const { processor, endSpans, errors } = await exporting('v3.225', {
      baseUrl,
      protocol: 'otlp',
      timeout: 0.4,
      resendAmbiguous: false,
      circuitBreaker: { failureThreshold: 2, openMs: { initial: 60_000 } },
    });
    endSpans(5);
    const report = await processor.flush();
    expect(report).toMatchObject({ pending: 5, dropped: 0 });
    expect(report.durationMs).toBeLessThan(5_000);
    expect(errors[0]?.error.message).toMatch(/^TIMEOUT_ERROR: no connection to .* in time/);
    expect(processor.status().circuit).toMatchObject({ state: 'open', reason: 'failures' });
    const closed = await processor.close({ timeoutMs: 600 });
    expect(closed.durationMs).toBeLessThan(700);
    // Nothing left this machine, so nothing is in doubt.
    expect(closed.dropped).toMatchObject({ shutdown_deadline: 5, ambiguous: 0 });
  });

  it('because of its certificate is put on hold, with the remedy, after one request', async () => {
    const server = await rawLangfuse('3.225.0', () => {}, certificate('self-signed'));
    const { report, processor, errors, message } = await unreachable(server.baseUrl);
    expect(report.pending).toBe(5);
    expect(message).toMatch(
      /certificate of https:.* is not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/,
    );
    expect(processor.status().circuit).toMatchObject({ state: 'hold', reason: 'refused' });
    expect(errors).toHaveLength(1);
    expect(server.requests).toEqual([]);
  });
});

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

function cut(response: ServerResponse, how: 'end' | 'reset'): void {
  if (how === 'end') response.socket?.end();
  else response.socket?.resetAndDestroy();
}
