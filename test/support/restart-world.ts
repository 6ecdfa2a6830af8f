import { expect, onTestFinished } from 'vitest';
import { type LangfuseOptions, LangfuseSpanProcessor, noopLogger } from '../../src/index.js';
import { type Child, startChild } from './child.js';
import { type ProfileName, startLocalLangfuse } from './local-langfuse/index.js';
import { temporaryDirectory } from './spool/temporary-directory.js';

const CHILD = new URL('../integration/torture/children/persisting.ts', import.meta.url);

/** A server, and a child that writes to a directory of its own and ends as the scene says. */
export async function restartWorld(scene: string, profile: ProfileName = 'v4-events-only', delivery = 'at-least-once') {
  const directory = temporaryDirectory();
  const server = await startLocalLangfuse({ profile });
  // What was killed left its connections behind.
  onTestFinished(() => server.close({ force: true }));
  const { baseUrl, publicKey, secretKey } = server;
  const env = {
    DIRECTORY: directory,
    DELIVERY: delivery,
    LANGFUSE_BASE_URL: baseUrl,
    LANGFUSE_PUBLIC_KEY: publicKey,
    LANGFUSE_SECRET_KEY: secretKey,
  };
  const start = (next: string): Child => startChild(CHILD, { env: { ...env, SCENE: next } });
  /** The next process on the directory. */
  const restart = (options: LangfuseOptions = {}): LangfuseSpanProcessor => {
    const keys = { baseUrl, publicKey, secretKey, logger: noopLogger };
    const next = new LangfuseSpanProcessor({ ...keys, persistence: { directory }, ...options });
    onTestFinished(async () => void (await next.close({ timeoutMs: 500 })));
    return next;
  };
  return { server, directory, start, restart, child: start(scene) };
}

/** Killed when the server has stored one request, and the answer is not out. @returns how many spans were in it. */
export async function killedInFlight({ server, child }: Awaited<ReturnType<typeof restartWorld>>): Promise<number> {
  server.faults.next(1, 'hangAfterCommit');
  await child.wrote('ready');
  await server.waitFor(() => server.observations().length > 0);
  child.process.kill('SIGKILL');
  const { lines } = await child.ended;
  const { out } = JSON.parse(lines[0] ?? '') as { readonly out: number };
  expect(server.observations()).toHaveLength(out);
  return out;
}
