import { describe, expect, it } from 'vitest';
import { concealed } from '../../../src/cli/concealed.js';
import { checkKeys } from '../../../src/cli/doctor/check-keys.js';
import { checkProtocol } from '../../../src/cli/doctor/check-protocol.js';
import type { Settings } from '../../../src/cli/settings.js';
import { formatAge, formatBytes } from '../../../src/cli/units.js';

describe('the check of the keys', () => {
  it.each([
    ['pk-lf-1', 'sk-lf-2', 'ok', 'well-formed'],
    [undefined, 'sk-lf-2', 'problem', 'LANGFUSE_PUBLIC_KEY not set'],
    ['pk-lf-1', ' ', 'problem', 'LANGFUSE_SECRET_KEY not set'],
    ['sk-lf-2', 'pk-lf-1', 'problem', 'exchanged'],
    ['sk-lf-2', 'sk-lf-2', 'problem', 'the same key'],
    ['"pk-lf-1"', 'sk-lf-2', 'problem', 'LANGFUSE_PUBLIC_KEY has quotes'],
    ['pk-lf-1', 'sk-lf-2\tx', 'problem', 'LANGFUSE_SECRET_KEY has quotes'],
    ['local-public', 'local-secret', 'warning', 'do not begin with'],
  ])('finds of %j and %j: %s', (publicKey, secretKey, state, text) => {
    const finding = checkKeys({ LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey });
    expect(finding).toMatchObject({ state, text: expect.stringContaining(text) });
  });
});

describe('the choice of protocol in words', () => {
  const settings = (over: Partial<Settings>): Settings => ({
    ...{ baseUrl: 'https://langfuse.example.com', hasUsableUrl: true, credentials: undefined, isSwitchedOff: false },
    ...{ protocol: 'auto', directory: undefined, warnings: [] },
    ...over,
  });

  it.each([
    [{}, '4.0.0', 'ok', 'OTLP: 4.0.0 is 4.0.0 or later'],
    [{}, '3.225.4', 'ok', 'ingestion events: 3.225.4 is older than 4.0.0'],
    [{}, undefined, 'note', 'ingestion events: the version is unknown'],
    [{ baseUrl: 'https://us.cloud.langfuse.com' }, undefined, 'ok', 'OTLP: Langfuse Cloud takes nothing else'],
    [{ protocol: 'otlp' }, '4.1.0', 'ok', 'OTLP: LANGFUSE_PROTOCOL says so'],
    [{ protocol: 'otlp' }, '2.95.12', 'warning', 'though 2.95.12 is better served by the other one'],
  ] as const)('is for %j and version %s: %s, %s', (over, version, state, text) => {
    expect(checkProtocol(settings(over), version)).toMatchObject({ state, text: expect.stringContaining(text) });
  });
});

describe('what is printed', () => {
  it('never holds the secret key, plain or as it travels', () => {
    const env = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-secret' };
    const header = `Basic ${Buffer.from('pk-lf-1:sk-lf-secret').toString('base64')}`;
    expect(concealed(env)(`sk-lf-secret, ${header}, sk-lf-secret`)).toBe('***, Basic ***, ***');
    expect(concealed({})('as it is')).toBe('as it is');
  });

  it('has sizes and ages that people read', () => {
    expect([0, 1023, 1024, 8_388_608, 5e12].map(formatBytes)).toEqual([
      ...['0 bytes', '1,023 bytes', '1.0 KiB', '8.0 MiB', '4.5 TiB'],
    ]);
    expect([-5, 119_999, 120_000, 7_200_000, 172_800_000].map(formatAge)).toEqual([
      ...['0 s', '119 s', '2 min', '2 h', '2 d'],
    ]);
  });
});
