import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A loaded machine may take its time; a demo that hangs must not hang the tests. */
const TIMEOUT_MS = 60_000;

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The demo as a process of its own, with the package as `npm run build` made it. */
function runDemo(args: readonly string[], langfuse: Readonly<Record<string, string>> = {}): Promise<Run> {
  // Whoever runs the tests may have a Langfuse of their own in the environment.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(LANGFUSE|OTEL)_/.test(name));
  const options = { cwd: ROOT, env: { ...Object.fromEntries(inherited), ...langfuse }, timeout: TIMEOUT_MS };
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', 'examples/demo/main.ts', ...args];
    const child = execFile(process.execPath, command, options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}

const linesOf = (run: Run) => run.stdout.trimEnd().split('\n');
const lastLineOf = (run: Run) => linesOf(run).at(-1);
const treesOf = (run: Run) => run.stdout.replace(/^protocol [\s\S]*/m, '').replace(/ +\d+(\.\d)? m?s$/gm, '');

describe('the demo', () => {
  let v3: Run;
  let v4: Run;
  beforeAll(async () => {
    [v3, v4] = await Promise.all([runDemo(['--server', 'v3']), runDemo(['--server', 'v4'])]);
  }, TIMEOUT_MS);

  it('ends well on both server generations, with nothing to complain about', () => {
    expect([v3, v4]).toMatchObject([
      { exitCode: 0, stderr: '' },
      { exitCode: 0, stderr: '' },
    ]);
  });

  it('delivers every span that the filter keeps', () => {
    const line =
      'ledger balanced: ended 11 = filtered 1 + accepted 10; accepted 10 = delivered 10 + rejected 0 + dropped 0';
    expect([lastLineOf(v3), lastLineOf(v4)]).toEqual([line, line]);
  });

  it('says which protocol reached which server', () => {
    expect(linesOf(v3).at(-2)).toMatch(/^protocol ingestion, Langfuse 3\./);
    expect(linesOf(v4).at(-2)).toMatch(/^protocol otlp, Langfuse 4\./);
  });

  it('shows identical trees on both server generations, apart from durations', () => {
    expect(treesOf(v3)).toBe(treesOf(v4));
  });

  it('shows agents, model calls and tools with their tokens, within 100 columns', () => {
    expect(v4.stdout).toMatch(/^├─ GENERATION .* gpt-5-mini +1187 +342 +1529 +\d+ ms$/m);
    expect(v4.stdout).toMatch(/^└─ GENERATION .* gpt-4o-mini +1187 +342 +1529 +\d+ ms$/m);
    expect(v4.stdout).toMatch(/^├─ TOOL findTrains +\d+ ms$/m);
    expect(v4.stdout).toMatch(/^CHAIN support-chat +\d+ ms$/m);
    expect(
      Math.max(
        ...linesOf(v4)
          .slice(0, -1)
          .map((line) => [...line].length),
      ),
    ).toBeLessThanOrEqual(100);
  });

  it(
    'sends to the server in the environment when there is one, and says where the traces are',
    async () => {
      const langfuse = await startLocalLangfuse({ profile: 'v4-events-only' });
      try {
        const run = await runDemo([], {
          LANGFUSE_BASE_URL: `${langfuse.baseUrl}/`,
          LANGFUSE_PUBLIC_KEY: langfuse.publicKey,
          LANGFUSE_SECRET_KEY: langfuse.secretKey,
        });
        const traceIds = new Set(langfuse.observations().map((row) => row.traceId));
        const urls = linesOf(run).filter((line) => line.includes('/trace/'));
        expect(run).toMatchObject({ exitCode: 0, stderr: '' });
        expect(run.stdout).toMatch(`Sending to ${langfuse.baseUrl}\n`);
        expect(new Set(urls)).toEqual(new Set([...traceIds].map((id) => `${langfuse.baseUrl}/trace/${id}`)));
        expect(traceIds.size).toBe(3);
        expect(lastLineOf(run)).toMatch(/^ledger balanced: /);
      } finally {
        await langfuse.close();
      }
    },
    TIMEOUT_MS,
  );

  it(
    'explains itself',
    async () => {
      const run = await runDemo(['--help']);
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      expect(run.stdout).toMatch(/^Usage: npm run demo -- /);
    },
    TIMEOUT_MS,
  );

  it(
    'refuses a wrong argument with an explanation',
    async () => {
      const run = await runDemo(['--server', 'v5']);
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(run.stderr).toContain('--server must be v3 or v4, got "v5"');
    },
    TIMEOUT_MS,
  );
});
