import { readFileSync } from 'node:fs';

export const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The code block of the README that begins with a comment naming this file. */
export function readmeBlock(file: string): string {
  const block = [...README.matchAll(/```js\n([\s\S]*?)```/g)]
    .map(([, code = '']) => code)
    .find((code) => code.startsWith(`// ${file}`));
  if (block === undefined) throw new Error(`the README has no code for ${file}`);
  return block;
}
