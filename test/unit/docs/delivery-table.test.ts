import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/delivery.md', ROOT), 'utf8');
const paths = readdirSync(new URL('test/', ROOT), { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.test.ts') && !path.includes('node_modules'),
);

/** The tests that the page names, as file and words of a title. */
const named = [...page.matchAll(/`([a-z-]+\.test)`((?::| and|,)? "[^"]+")+/g)].map(([text, file = '']) => ({
  file,
  titles: [...text.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
}));

it('docs/delivery.md names tests that there are', () => {
  const missing: string[] = [];
  for (const { file, titles } of named) {
    const texts = paths
      .filter((path) => path.endsWith(`/${file}.ts`))
      .map((path) => readFileSync(new URL(`test/${path}`, ROOT), 'utf8'));
    for (const title of titles) if (!texts.some((text) => text.includes(title))) missing.push(`${file}: ${title}`);
  }
  expect(missing).toEqual([]);
  expect(named.length).toBeGreaterThan(25);
});
