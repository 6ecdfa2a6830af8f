import type { Profile } from '../profiles.js';

export type Batch =
  | { readonly kind: 'batch'; readonly events: readonly unknown[] }
  | { readonly kind: 'wrong'; readonly message: string };

/** `{ batch: [...] }`; anything else in the body does not matter. */
export function batchOf(body: unknown, validator: Profile['validator']): Batch {
  const wrong = (expected: string, value: unknown): Batch => ({
    kind: 'wrong',
    message: message(expected, value, validator),
  });
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return wrong('object', body);
  const batch: unknown = Reflect.get(body, 'batch');
  return Array.isArray(batch) ? { kind: 'batch', events: batch } : wrong('array', batch);
}

function message(expected: string, value: unknown, validator: Profile['validator']): string {
  const received = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (validator === 'zod 4') return `Invalid input: expected ${expected}, received ${received}`;
  return value === undefined ? 'Required' : `Expected ${expected}, received ${received}`;
}
