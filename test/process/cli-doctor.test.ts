import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LocalLangfuse, type LocalLangfuseOptions, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { type CliEnd, runCli } from '../support/packed/run-cli.js';
import { temporaryDirectory } from '../support/spool/temporary-directory.js';

type Env = Readonly<Record<string, string>>;

interface Clinic {
  readonly server: LocalLangfuse;
  examine(args?: readonly string[], env?: Env): Promise<CliEnd>;
}

async function clinic(options: LocalLangfuseOptions = {}): Promise<Clinic> {
  const server = await startLocalLangfuse(options);
  // That the tool leaves no connection open is checked here too.
  onTestFinished(() => server.close());
  const { baseUrl, publicKey, secretKey } = server;
  const keys = { LANGFUSE_BASE_URL: baseUrl, LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey };
  return { server, examine: (args = [], env = {}) => runCli(['doctor', ...args], { env: { ...keys, ...env } }) };
}

/** The lines of one check. */
const linesOf = (end: CliEnd, check: string): string[] =>
  end.out.split('\n').filter((line) => line.split(/ +/)[1] === check);

describe('langfuse-otel doctor', () => {
  it.each([
    ['v2.95', '2.95.12', 'ingestion events: 2.95.12 is older than 4.0.0'],
    ['v3.225', '3.225.4', 'ingestion events: 3.225.4 is older than 4.0.0'],
    ['v4-legacy', '4.16.0', 'OTLP: 4.16.0 is 4.0.0 or later'],
    ['v4-events-only', '4.16.0', 'OTLP: 4.16.0 is 4.0.0 or later'],
  ] as const)('finds %s well, and reads back the span it wrote there', async (profile, version, protocol) => {
    const { server, examine } = await clinic({ profile });
    const end = await examine();
    expect(end).toMatchObject({ code: 0, err: '' });
    expect(linesOf(end, 'server').join()).toContain(`Langfuse ${version} answered in`);
    expect(linesOf(end, 'protocol').join()).toContain(protocol);
    expect(linesOf(end, 'write').join()).toContain('read back after');
    const [probe, ...others] = server.observations();
    expect(others).toEqual([]);
    expect(probe?.name).toBe('langfuse-otel doctor');
    expect(end.out).toContain(`(trace ${probe?.traceId})`);
    expect(end.out).not.toContain(server.secretKey);
    expect(end.out).not.toContain(server.publicKey);
  });

  it('says the same to programs', async () => {
    const { examine } = await clinic();
    const { code, out } = await examine(['--json']);
    const { ok, checks } = JSON.parse(out) as {
      ok: boolean;
      checks: { check: string; state: string; facts?: object }[];
    };
    expect([code, ok]).toEqual([0, true]);
    expect(checks.map(({ check }) => check)).toEqual([
      ...['keys', 'address', 'proxy', 'server', 'protocol', 'clock', 'access', 'write', 'persistence'],
    ]);
    expect(checks.find(({ check }) => check === 'write')?.facts).toMatchObject({ protocol: 'otlp' });
  });

  it('writes nothing anywhere with --no-write', async () => {
    const { server, examine } = await clinic();
    const directory = join(temporaryDirectory(), 'spool');
    const end = await examine(['--no-write', '--directory', directory]);
    expect(end.code).toBe(0);
    expect(linesOf(end, 'write')).toEqual(['skipped  write        --no-write']);
    expect(server.requests.map(({ method }) => method)).not.toContain('POST');
    expect(existsSync(directory)).toBe(false);
  });

  it('asks a server that lives below a path', async () => {
    const { examine } = await clinic({ basePath: '/langfuse' });
    expect(await examine()).toMatchObject({ code: 0 });
  });

  it('finds keys that the server does not accept, and sends it no span', async () => {
    const { server, examine } = await clinic();
    const end = await examine([], { LANGFUSE_SECRET_KEY: 'sk-lf-somebody-elses' });
    expect(end.code).toBe(1);
    expect(linesOf(end, 'access').join()).toMatch(/^problem .*AUTH_ERROR: the server answered 401/);
    expect(linesOf(end, 'write').join()).toMatch(/^skipped /);
    expect(server.requests.map(({ method }) => method)).not.toContain('POST');
    expect(end.out).not.toContain('somebody-elses');
  });

  it('does not repeat the secret key where an answer does', async () => {
    const { server, examine } = await clinic();
    server.faults.route('/api/public/health', { status: 500, body: `<p>bad request by ${server.secretKey}</p>` });
    const end = await examine();
    expect(end.code).toBe(1);
    expect(end.out).toContain('bad request by ***');
  });

  it('finds that nobody answers', async () => {
    const { server, examine } = await clinic();
    const end = await examine([], { LANGFUSE_BASE_URL: 'http://127.0.0.1:1' });
    expect(end.code).toBe(1);
    expect(linesOf(end, 'server').join()).toContain('no connection to http://127.0.0.1:1 (ECONNREFUSED)');
    expect(linesOf(end, 'write')).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('finds that something else answers', async () => {
    const { server, examine } = await clinic();
    const page = '<html><title>Welcome</title></html>';
    server.faults.route('/api/public/health', { status: 200, body: page, contentType: 'text/html' });
    const end = await examine();
    expect(end.code).toBe(1);
    expect(linesOf(end, 'server').join()).toContain(
      'it answered with a page; check that baseUrl is the address of Langfuse itself',
    );
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/public/health']);
  });

  it('finds a server that is not well', async () => {
    const { server, examine } = await clinic();
    server.faults.route('/api/public/health', { health: { status: 503 } });
    const end = await examine();
    expect(end.code).toBe(1);
    expect(linesOf(end, 'server').join()).toMatch(/^problem .*Langfuse 4\.16\.0 .*is not well: status 503/);
  });

  it('finds that spans are not taken', async () => {
    const { server, examine } = await clinic();
    server.faults.always({ status: 400, body: { message: 'no room for spans' } });
    const end = await examine();
    expect(end.code).toBe(1);
    expect(linesOf(end, 'write').join()).toMatch(/^problem .*a span was not taken: .*no room for spans/);
  });

  it('finds a clock that is wrong', async () => {
    const { server, examine } = await clinic();
    const headers = { date: new Date(Date.now() - 600_000).toUTCString() };
    const body = { status: 'OK', version: '4.16.0' };
    server.faults.route('/api/public/health', { status: 200, headers, body });
    const end = await examine(['--no-write']);
    expect(end.code).toBe(1);
    expect(linesOf(end, 'clock').join()).toMatch(/^problem .*is (59\d|6[01]\d) s ahead of the server's/);
  });

  it('says that a proxy is not used', async () => {
    const { examine } = await clinic();
    const end = await examine(['--no-write'], { HTTPS_PROXY: 'http://proxy.example:3128' });
    expect(end.code).toBe(0);
    expect(linesOf(end, 'proxy').join()).toMatch(/^note .*HTTPS_PROXY is set and not used/);
  });

  it('says what switches the export off, and what is ignored', async () => {
    const { server, examine } = await clinic();
    const end = await examine([], { LANGFUSE_TRACING_ENABLED: 'false', LANGFUSE_TIMEOUT: 'soon' });
    expect(end.code).toBe(1);
    expect(linesOf(end, 'settings').join()).toContain('LANGFUSE_TRACING_ENABLED is false: nothing is exported');
    expect(linesOf(end, 'settings').join()).toContain('LANGFUSE_TIMEOUT is ignored');
    expect(server.requests.map(({ method }) => method)).not.toContain('POST');
  });

  it('finds a path that is no directory', async () => {
    const { examine } = await clinic();
    const directory = join(temporaryDirectory(), 'file');
    writeFileSync(directory, '');
    const end = await examine(['--no-write'], { LANGFUSE_PERSISTENCE_DIRECTORY: directory });
    expect(end.code).toBe(1);
    expect(linesOf(end, 'persistence').join()).toMatch(/^problem .*file is not a directory/);
  });
});
