import { describe, expect, it } from 'vitest';
import { noopLogger } from '../../../src/index.js';
import type { LangfuseOptions } from '../../../src/options/options.js';
import { resolveOptions } from '../../../src/options/resolve.js';

const resolve = (options: object, env: { readonly [name: string]: string } = {}) =>
  resolveOptions({ logger: noopLogger, ...(options as LangfuseOptions) }, env);
const hide = (): string => '***';

describe('the mask', () => {
  it('is none, or a function for content, or an object of masks', () => {
    expect(resolve({}).mask).toBeUndefined();
    expect(resolve({ mask: hide }).mask).toEqual({ content: hide, identifiers: undefined, timeoutMs: 2_000 });
    const mask = { identifiers: hide, timeoutMs: 50 };
    expect(resolve({ mask }).mask).toEqual({ content: undefined, identifiers: hide, timeoutMs: 50 });
  });

  it.each<[unknown, RegExp]>([
    [/secret/, /mask must have a mask in it, got a value of type object/],
    ['hide', /mask must be a function or an object of masks, got "hide"/],
    [null, /mask must be a function or an object of masks, got null/],
    [{}, /mask must have a mask in it/],
    [{ contents: hide }, /mask\.contents is not known/],
    [{ content: 'hide' }, /mask\.content must be a function, got "hide"; give a function of \{ data, key \}/],
    [{ content: hide, timeoutMs: 0 }, /mask\.timeoutMs must be a number of at least 1, got 0/],
  ])('is refused when it is not understood: %s', (mask, message) => {
    expect(() => resolve({ mask })).toThrow(message);
  });
});

describe('the upload of media', () => {
  it('is on, and off when an option or the environment says so', () => {
    expect(resolve({}).uploadsMedia).toBe(true);
    expect(resolve({}, { LANGFUSE_MEDIA_UPLOAD_ENABLED: 'FALSE' }).uploadsMedia).toBe(false);
    expect(resolve({}, { LANGFUSE_MEDIA_UPLOAD_ENABLED: '0' }).uploadsMedia).toBe(false);
    const env = { LANGFUSE_MEDIA_UPLOAD_ENABLED: 'false' };
    expect(resolve({ mediaUploadEnabled: true }, env).uploadsMedia).toBe(true);
    expect(() => resolve({ mediaUploadEnabled: 'no' })).toThrow(/mediaUploadEnabled must be true or false/);
  });
});
