import { expect, it } from 'vitest';
import { runApp } from '../support/packed/run-app.js';

const PRELOADS = [
  ['--require', './pre.cjs'],
  ['--import', './pre.mjs'],
] as const;

it.each(PRELOADS.flatMap(([flag, preload]) => ['same.cjs', 'same.mjs'].map((app) => [flag, preload, app] as const)))(
  '%s %s and the application %s share one instance of the package',
  async (flag, preload, app) => {
    expect(await runApp([flag, preload, app])).toEqual({ exitCode: 0, stdout: 'one instance\n', stderr: '' });
  },
);
