import { z } from 'zod';
import type { Profile } from '../profiles.js';

const DEFAULT = 'default';
const MAX_LENGTH = 40;
const STRICT = /^(?!langfuse)[a-z0-9-_]+$/;

export function environmentSchema(rule: Profile['environment']): z.ZodType {
  switch (rule) {
    case 'ignored':
      // Stripped like every unknown key: the trace ends up in the default environment.
      return z.unknown().transform(() => DEFAULT);
    case 'strict':
      return z.string().max(MAX_LENGTH).regex(STRICT).default(DEFAULT);
    case 'strict after lower-casing':
      return z.string().toLowerCase().max(MAX_LENGTH).regex(STRICT).default(DEFAULT);
    case 'repaired':
      return z.unknown().transform(repairedEnvironment);
    default:
      return rule satisfies never;
  }
}

/** Never refuses: what cannot be repaired is the default environment. */
export function repairedEnvironment(value: unknown): string {
  if (typeof value !== 'string') return DEFAULT;
  const cut = value
    .toLowerCase()
    .replace(/^(?:langfuse[-_]?)+/, '')
    .slice(0, MAX_LENGTH);
  return /^[a-z0-9-_]+$/.test(cut) ? cut : DEFAULT;
}
