import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('the example on the page about explain prints what the page says', () => {
  const page = readFileSync(join(ROOT, 'docs/explain.md'), 'utf8');
  const [, code = ''] = /```js explain\.mjs\n([\s\S]*?)```/.exec(page) ?? [];
  const [, printed = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  mkdirSync(join(ROOT, 'temp'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, 'temp', 'explain-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'explain.mjs'), code);
  const stdout = execFileSync(process.execPath, ['explain.mjs'], { cwd: directory, encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(printed));
});
