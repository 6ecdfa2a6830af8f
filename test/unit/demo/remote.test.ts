import { describe, expect, it } from 'vitest';
import { remoteBaseUrl } from '../../../examples/demo/remote.js';

const KEYS = { LANGFUSE_PUBLIC_KEY: 'pk', LANGFUSE_SECRET_KEY: 'sk' };

describe('where the demo sends to', () => {
  it('is a local server unless both keys are set', () => {
    const url = { LANGFUSE_BASE_URL: 'https://langfuse.example' };
    expect(remoteBaseUrl(url)).toBeUndefined();
    expect(remoteBaseUrl({ ...url, LANGFUSE_PUBLIC_KEY: 'pk' })).toBeUndefined();
    expect(remoteBaseUrl({ ...url, ...KEYS, LANGFUSE_SECRET_KEY: '' })).toBeUndefined();
  });

  it('is the server in the environment, by default Langfuse Cloud', () => {
    expect(
      remoteBaseUrl({ ...KEYS, LANGFUSE_BASE_URL: 'https://a.example/', LANGFUSE_HOST: 'https://b.example' }),
    ).toBe('https://a.example');
    expect(remoteBaseUrl({ ...KEYS, LANGFUSE_HOST: 'https://b.example/base' })).toBe('https://b.example/base');
    expect(remoteBaseUrl(KEYS)).toBe('https://cloud.langfuse.com');
  });
});
