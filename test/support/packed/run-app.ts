import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inject } from 'vitest';

export interface Ended {
  readonly exitCode: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AppRun {
  /** Beside which SDK. @defaultValue `'sdk2'` */
  readonly beside?: 'sdk2' | 'sdk3';
  /** All there is of `LANGFUSE_*` and `OTEL_*`: nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Longer than the application lives; what still runs then would run for ever. @defaultValue 15 s */
  readonly lifeMs?: number;
}

const LIFE_MS = 15_000;

/** Runs Node, the one that runs the tests, in an application that has installed the packed package. */
export async function runApp(
  args: readonly string[],
  { beside = 'sdk2', env = {}, lifeMs = LIFE_MS }: AppRun = {},
): Promise<Ended> {
  const options = { cwd: inject('packedApps')[beside], env: { PATH: process.env['PATH'], ...env }, timeout: lifeMs };
  try {
    return { exitCode: 0, ...(await promisify(execFile)(process.execPath, args, options)) };
  } catch (failure) {
    const { code, signal, stdout, stderr } = failure as {
      readonly code: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
    };
    return { exitCode: code ?? signal, stdout, stderr };
  }
}
