import { type Answer, bareText } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';

/** 4.5 MiB of body as it travels; exactly so much is fine. */
const BODY_LIMIT = 4_718_592;

export type ParsedBody =
  | { readonly kind: 'body'; readonly value: unknown }
  | { readonly kind: 'answer'; readonly answer: Answer };

/**
 * The body parser of Next.js, which comes before everything else, keys included: it never inflates, takes an empty
 * body for `{}`, and leaves a body of any other content type a string.
 */
export function parseBody({ body, headers }: LocalRequest): ParsedBody {
  if (body.length > BODY_LIMIT) return { kind: 'answer', answer: bareText(413, 'Body exceeded 4.5mb limit') };
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const text = body.toString('utf8');
  if (type !== 'application/json' && type !== 'application/ld+json') return { kind: 'body', value: text };
  if (text.length === 0) return { kind: 'body', value: {} };
  try {
    return { kind: 'body', value: JSON.parse(text) };
  } catch {
    return { kind: 'answer', answer: bareText(400, 'Invalid JSON') };
  }
}
