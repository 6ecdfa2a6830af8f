import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SDK_NAME, SDK_VERSION } from '../../../src/http/identity.js';

it('the name and version that servers are told are those of the package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect({ name: SDK_NAME, version: SDK_VERSION }).toEqual({ name, version });
});
