import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { type LocalLangfuse, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { type CliEnd, runCli } from '../support/packed/run-cli.js';
import { temporaryDirectory } from '../support/spool/temporary-directory.js';

interface Scene {
  readonly server: LocalLangfuse;
  readonly directory: string;
  readonly keys: Readonly<Record<string, string>>;
  spool(args: readonly string[], env?: Readonly<Record<string, string>>, input?: string): Promise<CliEnd>;
  /** Runs an application until it has put some spans on disk. Returns the ids of those it called safe. */
  write(): Promise<{ readonly safe: readonly string[]; kill(): Promise<readonly string[]> }>;
}

const ENOUGH = 10;

async function scene(): Promise<Scene> {
  const server = await startLocalLangfuse({ profile: 'v3.225' });
  const directory = temporaryDirectory();
  // What was killed left its connections behind.
  onTestFinished(() => server.close({ force: true }));
  const { baseUrl, publicKey, secretKey } = server;
  const keys = { LANGFUSE_BASE_URL: baseUrl, LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey };
  return {
    ...{ server, directory, keys },
    spool: (args, env = {}, input = '') =>
      runCli(['spool', ...args], {
        env: { ...keys, LANGFUSE_PERSISTENCE_DIRECTORY: directory, ...env },
        input,
      }),
    async write() {
      server.faults.always({ status: 503 });
      const child = spawn(process.execPath, ['spool.mjs'], {
        cwd: inject('packedApps').sdk2,
        env: { PATH: process.env['PATH'] ?? '', ...keys, DIRECTORY: directory, SCENE: 'write' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
      let output = '';
      const safe = (): string[] =>
        output.split('\n').flatMap((line) => (line.startsWith('safe ') ? line.split(' ').slice(1) : []));
      await new Promise<void>((resolve) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (safe().length >= ENOUGH) resolve();
        });
      });
      const kill = async (): Promise<readonly string[]> => {
        child.kill('SIGKILL');
        await ended;
        return safe();
      };
      return { safe: safe(), kill };
    },
  };
}

/** A directory with what a killed process left, the server being well again. */
async function leftBehind(): Promise<Scene & { readonly safe: readonly string[] }> {
  const one = await scene();
  const { kill } = await one.write();
  const safe = await kill();
  one.server.faults.clear();
  return { ...one, safe };
}

/** As if the owner had been a container on another machine, and had not been seen for two minutes. */
function leaveToAnotherHost(directory: string): void {
  const name = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((path) => /\/lease$/.test(path));
  if (name === undefined) throw new Error('no lease');
  const path = join(directory, name);
  const lease = JSON.parse(readFileSync(path, 'utf8')) as { readonly owner: object };
  writeFileSync(path, JSON.stringify({ ...lease, owner: { ...lease.owner, host: 'elsewhere', machine: 'another' } }));
  const then = new Date(Date.now() - 120_000);
  utimesSync(path, then, then);
}

interface Listed {
  readonly owners: readonly { readonly name: string; readonly records: number; readonly state: string }[];
  readonly rejects: readonly { readonly id: string; readonly status: number; readonly message: string }[];
}

const listed = async ({ spool }: Scene, ...args: string[]): Promise<Listed> =>
  JSON.parse((await spool(['list', '--json', ...args])).out) as Listed;
/** As the tool writes it. */
const shown = (count: number): string => count.toLocaleString('en-US');

const recordsOf = async (one: Scene): Promise<number> =>
  (await listed(one)).owners.reduce((sum, { records }) => sum + records, 0);
const missingAt = (server: LocalLangfuse, ids: readonly string[]): string[] => {
  const there = new Set(server.observations().map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
};

describe('langfuse-otel spool list', () => {
  it('shows what a killed process left, and that it may be taken over', async () => {
    const one = await leftBehind();
    const { code, out } = await one.spool(['list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^OWNER +PROJECT +STATE +OLDEST +SEEN +RECORDS +SIZE\n\S+ +[0-9a-f]{16}\* +free +\d+ s /);
    const { owners } = await listed(one);
    expect(owners).toHaveLength(1);
    expect(owners[0]?.records).toBeGreaterThanOrEqual(one.safe.length);
  });

  it('shows that a process lives, and changes nothing for it', async () => {
    const one = await scene();
    const { kill } = await one.write();
    expect((await listed(one)).owners.map(({ state }) => state)).toEqual(['perhaps alive']);
    const safe = await kill();
    one.server.faults.clear();
    expect(await recordsOf(one)).toBeGreaterThanOrEqual(safe.length);
  });

  it('says that nothing waits, and that a directory is not there', async () => {
    const { spool, directory } = await scene();
    expect(await spool(['list'])).toEqual({ code: 0, out: `Nothing waits in ${directory}.\n`, err: '' });
    const elsewhere = await spool(['list', '--directory', `${directory}/mistyped`]);
    expect(elsewhere).toEqual({ code: 1, out: '', err: `langfuse-otel: ${directory}/mistyped does not exist\n` });
  });
});

describe('langfuse-otel spool replay', () => {
  it('delivers all that a killed process had called safe, and leaves nothing', async () => {
    const one = await leftBehind();
    const end = await one.spool(['replay']);
    expect(end).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^delivered [\d,]+, refused 0, dropped 0, left 0\n$/),
    });
    expect(end.err).toMatch(/of [\d,]+ records/);
    expect(missingAt(one.server, one.safe)).toEqual([]);
    expect(await listed(one)).toMatchObject({ owners: [] });
    expect(await one.spool(['replay'])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing waits') });
  });

  it('gives up after a while without a server, and everything stays', async () => {
    const one = await leftBehind();
    one.server.faults.always({ status: 503 });
    const before = await recordsOf(one);
    const end = await one.spool(['replay', '--timeout', '0.5']);
    expect(end).toMatchObject({ code: 1, out: `delivered 0, refused 0, dropped 0, left ${shown(before)}\n` });
    expect(end.err).toContain('stopped, because nothing moved');
    expect(await recordsOf(one)).toBe(before);
    one.server.faults.clear();
    expect(await one.spool(['replay'])).toMatchObject({ code: 0 });
    expect(missingAt(one.server, one.safe)).toEqual([]);
  });

  it('stops at once when the keys are wrong, and everything stays', async () => {
    const one = await leftBehind();
    const before = await recordsOf(one);
    const end = await one.spool(['replay'], { LANGFUSE_SECRET_KEY: 'sk-lf-wrong' });
    expect(end).toMatchObject({ code: 1, out: `delivered 0, refused 0, dropped 0, left ${shown(before)}\n` });
    expect(end.err).toContain('stopped, because the server does not let us in: AUTH_ERROR');
    expect(await recordsOf(one)).toBe(before);
  });

  it('ends when it is interrupted, and everything stays', async () => {
    const one = await leftBehind();
    one.server.faults.always({ status: 503 });
    const before = await recordsOf(one);
    const env = { ...one.keys, LANGFUSE_PERSISTENCE_DIRECTORY: one.directory };
    const end = await runCli(['spool', 'replay'], { env, interruptAfter: `of ${shown(before)} records` });
    expect(end).toMatchObject({ code: 1, out: `delivered 0, refused 0, dropped 0, left ${shown(before)}\n` });
    expect(end.err).toContain('interrupted');
    expect(await recordsOf(one)).toBe(before);
  });

  it('leaves alone what belongs to another project', async () => {
    const one = await leftBehind();
    const before = await recordsOf(one);
    const end = await one.spool(['replay'], { LANGFUSE_PUBLIC_KEY: 'pk-lf-other' });
    expect(end.code).toBe(0);
    expect(end.err).toContain(`${shown(before)} records of other projects left alone`);
    expect(one.server.observations()).toEqual([]);
    expect(await recordsOf(one)).toBe(before);
  });

  it('leaves alone what belongs to a process that lives', async () => {
    const one = await scene();
    const { kill } = await one.write();
    const end = await one.spool(['replay']);
    expect(end.out).toMatch(
      /^delivered 0, refused 0, dropped 0, left 0\n[\d,]+ records left to owners that are perhaps alive\n$/,
    );
    const safe = await kill();
    one.server.faults.clear();
    expect(await one.spool(['replay'])).toMatchObject({ code: 0 });
    expect(missingAt(one.server, safe)).toEqual([]);
  });

  it('takes over what another host left, once it is sure that nobody uses it', async () => {
    const one = await leftBehind();
    leaveToAnotherHost(one.directory);
    expect((await listed(one)).owners.map(({ state }) => state)).toEqual(['perhaps alive']);
    const end = await one.spool(['replay']);
    expect(end).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^delivered [\d,]+, refused 0, dropped 0, left 0\n$/),
    });
    expect(end.err).toContain('waiting until it is sure that nobody uses the rest');
    expect(missingAt(one.server, one.safe)).toEqual([]);
  }, 90_000);

  it('keeps what the server refuses when it is told to; the other commands show it', async () => {
    const one = await leftBehind();
    one.server.faults.always({ rejectEvents: () => ({ status: 400, message: 'name is too long' }) });
    const before = await recordsOf(one);
    const end = await one.spool(['replay', '--keep-rejected']);
    expect(end).toMatchObject({ code: 1, out: `delivered 0, refused ${shown(before)}, dropped 0, left 0\n` });
    expect(await one.spool(['list', '--rejects'])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${shown(before)} refused spans\n`),
    });
    const { rejects } = await listed(one, '--rejects');
    expect(rejects[0]).toMatchObject({ status: 400, message: expect.stringContaining('name is too long') });
    const inspected = await one.spool(['inspect', '--rejects', rejects[0]?.id ?? '']);
    expect(JSON.parse(inspected.out)).toMatchObject({ rejection: { status: 400 }, record: { id: rejects[0]?.id } });
    expect(await one.spool(['purge', '--rejects', '--yes'])).toMatchObject({ code: 0 });
    expect((await listed(one, '--rejects')).rejects).toEqual([]);
  });
});

describe('langfuse-otel spool inspect', () => {
  it('shows a record without what people wrote, unless it is asked for', async () => {
    const one = await leftBehind();
    const [first = ''] = one.safe;
    const masked = await one.spool(['inspect', first]);
    expect(masked.code).toBe(0);
    const { record } = JSON.parse(masked.out) as { record: { spanId: string; input: string } };
    expect(record).toMatchObject({
      spanId: first,
      name: 'chat',
      input: expect.stringMatching(/^<[\d,]+ characters>$/),
    });
    const whole = await one.spool(['inspect', first, '--content']);
    expect((JSON.parse(whole.out) as { record: { input: string } }).record.input).toMatch(/^x*$/);
    expect(await recordsOf(one)).toBeGreaterThanOrEqual(one.safe.length);
  });

  it('says that there is no such record', async () => {
    const { spool, directory } = await leftBehind();
    expect(await spool(['inspect', 'feed'])).toEqual({
      code: 1,
      out: '',
      err: `langfuse-otel: there is no record "feed" in ${directory}\n`,
    });
  });
});

describe('langfuse-otel spool purge', () => {
  it('asks, and takes silence and no for no', async () => {
    const one = await leftBehind();
    const before = await recordsOf(one);
    const silent = await one.spool(['purge']);
    expect(silent).toMatchObject({ code: 2, err: expect.stringContaining('give --yes to remove without one') });
    const refused = await one.spool(['purge'], {}, 'n\n');
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining(`Remove ${shown(before)} records for good?`),
    });
    expect(await recordsOf(one)).toBe(before);
    const agreed = await one.spool(['purge'], {}, 'y\n');
    expect(agreed).toMatchObject({ code: 0, out: expect.stringContaining(`${shown(before)} records removed.\n`) });
    expect(await recordsOf(one)).toBe(0);
  });

  it('does not ask with --yes, and touches nothing that lives', async () => {
    const one = await scene();
    const { kill } = await one.write();
    const spared = await one.spool(['purge', '--yes']);
    expect(spared).toMatchObject({ code: 0, err: '1 owner perhaps alive left alone (--alive)\n' });
    await kill();
    expect(await recordsOf(one)).toBeGreaterThan(0);
    expect(await one.spool(['purge', '--yes'])).toMatchObject({ code: 0 });
    expect((await listed(one)).owners).toEqual([]);
    expect(existsSync(join(one.directory, 'v1'))).toBe(true);
  });
});
