import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ExportResultLike,
  type LangfuseOptions,
  LangfuseSpanExporter,
  LangfuseSpanProcessor,
} from '../../src/index.js';
import { projectHash } from '../../src/spool/project-directory.js';
import { deliveriesAt, exporting } from '../support/exporting.js';
import { type LocalLangfuse, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { logLines } from '../support/log-lines.js';
import { spanLike } from '../support/spans.js';
import { temporaryDirectory } from '../support/spool/temporary-directory.js';

const PROFILE = 'v4-events-only';

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const segmentsIn = (directory: string): string[] => filesBelow(directory).filter((path) => path.endsWith('.log'));

/** A processor for a server that is there already. */
function processorFor(server: LocalLangfuse, options: LangfuseOptions): LangfuseSpanProcessor {
  const { baseUrl, publicKey, secretKey } = server;
  const { logger } = logLines();
  const keys = { baseUrl, publicKey, secretKey, logger };
  const processor = new LangfuseSpanProcessor({
    ...keys,
    flushInterval: 0.02,
    shouldExportSpan: () => true,
    ...options,
  });
  onTestFinished(async () => void (await processor.close({ timeoutMs: 500 })));
  return processor;
}

describe('at least once', () => {
  it('delivers as ever, and leaves nothing on disk', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    endSpans(20);
    expect(await processor.flush()).toMatchObject({ delivered: 20, spooled: 0, pending: 0 });
    expect(processor.status()).toMatchObject({ ledger: { delivered: 20, spooled: 0 }, spool: { records: 0 } });
    const report = await processor.close();
    expect(report).toMatchObject({ delivered: 20, spooled: 0 });
    expect(deliveriesAt(server)).toEqual({ ids: 20, most: 1 });
    expect(filesBelow(directory)).toEqual([]);
  });

  it('has a span on disk long before it is worth a request', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, { flushInterval: 60, persistence: { directory } });
    endSpans(3);
    await expect.poll(() => processor.status().ledger.spooled).toBe(3);
    endSpans(4);
    await expect.poll(() => processor.status().ledger.spooled).toBe(7);
    expect(server.observations()).toEqual([]);
    expect(await processor.flush()).toMatchObject({ delivered: 7, pending: 0 });
  });

  it('leaves on disk what the server does not take, loses none of it, and the next one delivers it unasked', async () => {
    const directory = temporaryDirectory();
    const { server, processor, errors, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    server.faults.always({ status: 503 });
    endSpans(30);
    expect(await processor.flush({ timeoutMs: 300 })).toMatchObject({ delivered: 0, spooled: 30, pending: 0 });
    expect(processor.status().spool).toEqual({
      ...{ directory, maxBytes: 134_217_728, segments: 1, oldest: undefined, degraded: undefined },
      records: expect.any(Number),
      bytes: expect.any(Number),
    });
    const report = await processor.close({ timeoutMs: 600 });
    expect(report).toMatchObject({ delivered: 0, spooled: 30, queued: 0, inFlight: 0 });
    expect(errors.filter(({ error }) => error.code === 'SHUTDOWN_ERROR')).toEqual([]);

    server.faults.clear();
    const next = processorFor(server, { persistence: { directory } });
    await server.waitFor(() => deliveriesAt(server).ids === 30);
    const { ledger } = next.status();
    expect([ledger.ended, ledger.recovered]).toEqual([0, 30]);
    await next.close();
    expect(next.status().ledger).toMatchObject({ recovered: 30, delivered: 30, spooled: 0 });
    expect(filesBelow(directory)).toEqual([]);
  });

  it('sends on by the other protocol what was written for one', async () => {
    const directory = temporaryDirectory();
    const first = await exporting('v3.225', { persistence: { directory }, protocol: 'ingestion' });
    const { server } = first;
    server.faults.always({ status: 503 });
    first.endSpans(5, { 'langfuse.observation.input': 'a question' });
    await first.processor.close({ timeoutMs: 600 });
    server.faults.clear();
    const next = processorFor(server, { persistence: { directory }, protocol: 'otlp' });
    await server.waitFor(() => deliveriesAt(server).ids === 5);
    expect(next.status().protocol).toBe('otlp');
    expect(server.observations().map(({ input }) => input)).toEqual(Array.from({ length: 5 }, () => 'a question'));
  });

  it('keeps the spans of one project from another', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    server.faults.always({ status: 503 });
    endSpans(3);
    await processor.close({ timeoutMs: 600 });
    server.faults.clear();
    const { lines, logger } = logLines();
    const other = processorFor(server, { persistence: { directory }, publicKey: 'pk-lf-other', logger });
    await expect.poll(() => lines.join('\n')).toContain('spans of other projects');
    other.onEnd(spanLike({ id: '00000000000000aa' }));
    await other.flush({ timeoutMs: 500 });
    expect(other.status().ledger.recovered).toBe(0);
    expect(server.observations().filter(({ name }) => name?.startsWith('span '))).toEqual([]);
  });

  it('writes files that only this user can read, and no key into any of them', async () => {
    const directory = join(temporaryDirectory(), 'below', 'spool');
    const { server, processor, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    server.faults.always({ status: 503 });
    endSpans(3);
    await processor.close({ timeoutMs: 600 });
    const paths = readdirSync(directory, { recursive: true, withFileTypes: true });
    for (const entry of paths) {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      expect(mode, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600);
    }
    const content = filesBelow(directory).map((path) => readFileSync(path, 'latin1'));
    expect(content.join('')).not.toContain(server.secretKey);
    expect(content.join('')).not.toContain(server.publicKey);
  });

  it('in a directory that cannot be used goes on in memory, with one error', async () => {
    const directory = join(temporaryDirectory(), 'file');
    writeFileSync(directory, 'not a directory');
    const { processor, errors, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    endSpans(5);
    expect(await processor.flush()).toMatchObject({ delivered: 5 });
    const { code } = errors[0]?.error ?? {};
    expect([code, errors.length]).toEqual(['PERSISTENCE_ERROR', 1]);
    expect(processor.status().spool?.degraded).toContain('looking for what was left');
  });

  it('follows no symbolic link below its directory', async () => {
    const directory = temporaryDirectory();
    const elsewhere = temporaryDirectory();
    symlinkSync(elsewhere, join(directory, 'v1'));
    const { processor, errors, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    endSpans(2);
    expect(await processor.flush()).toMatchObject({ delivered: 2 });
    expect(errors[0]?.error.message).toContain('is not a directory');
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('leaves alone what is not its own, and says so', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    server.faults.always({ status: 503 });
    endSpans(2);
    await processor.close({ timeoutMs: 600 });
    const [segment = ''] = segmentsIn(directory);
    const owner = join(segment, '..');
    const secret = join(temporaryDirectory(), 'secret');
    writeFileSync(secret, 'a secret');
    symlinkSync(secret, join(owner, 'seg-77.log'));
    mkdirSync(join(owner, 'seg-78.log'));
    writeFileSync(join(owner, 'seg-79.log'), '');
    writeFileSync(join(owner, 'seg-80.log'), readFileSync(segment));
    chmodSync(join(owner, 'seg-80.log'), 0o000);
    writeFileSync(join(owner, 'notes.txt'), 'notes');
    server.faults.clear();
    const { lines, logger } = logLines();
    const next = processorFor(server, { persistence: { directory }, logger });
    await server.waitFor(() => deliveriesAt(server).ids === 2);
    await next.close();
    expect(lines.filter((line) => line.includes('left as it is')).length).toBeGreaterThanOrEqual(3);
    expect(readFileSync(secret, 'utf8')).toBe('a secret');
    const left = filesBelow(directory).map((path) => path.slice(path.lastIndexOf('/') + 1));
    expect(left).toContain('notes.txt');
    expect(left).not.toContain('seg-79.log');
  });
});

describe('an exporter behind another processor', () => {
  const exported = (exporter: LangfuseSpanExporter, count: number): Promise<ExportResultLike> => {
    const spans = Array.from({ length: count }, (_, n) => spanLike({ id: `00000000000000b${n}` }));
    return new Promise((resolve) => exporter.export(spans, resolve));
  };

  it('reports success as soon as the spans are safe on disk, long before a server takes them', async () => {
    const directory = temporaryDirectory();
    const server = await startLocalLangfuse({ profile: PROFILE });
    server.faults.always('hang');
    const { baseUrl, publicKey, secretKey } = server;
    const { logger } = logLines();
    const exporter = new LangfuseSpanExporter({ baseUrl, publicKey, secretKey, logger, persistence: { directory } });
    onTestFinished(async () => {
      await exporter.close({ timeoutMs: 500 });
      await server.close();
    });
    expect(await exported(exporter, 3)).toEqual({ code: 0 });
    expect(exporter.status().ledger.delivered).toBe(0);
    expect(segmentsIn(directory)).toHaveLength(1);
  });

  it('whose disk fails reports success only when the server has them', async () => {
    const directory = join(temporaryDirectory(), 'file');
    writeFileSync(directory, '');
    const server = await startLocalLangfuse({ profile: PROFILE });
    const { baseUrl, publicKey, secretKey } = server;
    const { logger } = logLines();
    const exporter = new LangfuseSpanExporter({ baseUrl, publicKey, secretKey, logger, persistence: { directory } });
    onTestFinished(async () => {
      await exporter.close({ timeoutMs: 500 });
      await server.close();
    });
    expect(await exported(exporter, 3)).toEqual({ code: 0 });
    expect(exporter.status().ledger.delivered).toBe(3);
  });
});

describe('spans that the server refuses as data', () => {
  it('are kept where that is wanted', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, {
      persistence: { directory, keepRejected: true },
    });
    server.faults.next(1, { status: 400 });
    endSpans(1);
    expect(await processor.flush()).toMatchObject({ rejected: 1 });
    await processor.close();
    const rejects = join(directory, 'v1', projectHash(server.baseUrl, server.publicKey), 'rejects');
    expect(existsSync(rejects)).toBe(true);
    expect(segmentsIn(rejects)).toHaveLength(1);
  });

  it('are not kept by default', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    server.faults.next(1, { status: 400 });
    endSpans(1);
    expect(await processor.flush()).toMatchObject({ rejected: 1 });
    await processor.close();
    expect(filesBelow(directory)).toEqual([]);
  });
});
