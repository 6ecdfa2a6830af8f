import type { z } from 'zod';
import type { IngestionEvent } from '../model.js';
import type { Profile } from '../profiles.js';
import { eventSchema } from './event-schema.js';

/** An entry of the 207 for an event that was not taken. */
export interface EntryError {
  readonly id: string;
  readonly status: number;
  readonly message?: string;
  readonly error?: string;
}

export type Verdict =
  | { readonly kind: 'valid'; readonly event: IngestionEvent }
  | { readonly kind: 'invalid'; readonly entry: EntryError };

const schemas = new WeakMap<Profile, z.ZodType>();

/** The event with the server's defaults and conversions, or the entry that refuses it. */
export function validate(profile: Profile, candidate: unknown): Verdict {
  let schema = schemas.get(profile);
  if (!schema) {
    schema = eventSchema(profile);
    schemas.set(profile, schema);
  }
  const parsed = schema.safeParse(candidate);
  if (parsed.success) return { kind: 'valid', event: parsed.data as IngestionEvent };
  const error = JSON.stringify(parsed.error.issues, null, 2);
  return { kind: 'invalid', entry: { id: idOf(candidate), status: 400, message: 'Invalid request data', error } };
}

export function idOf(candidate: unknown): string {
  return textField(candidate, 'id');
}

export function typeOf(candidate: unknown): string {
  return textField(candidate, 'type');
}

function textField(candidate: unknown, key: string): string {
  if (candidate === null || typeof candidate !== 'object') return 'unknown';
  const value: unknown = Reflect.get(candidate, key);
  return typeof value === 'string' ? value : 'unknown';
}
