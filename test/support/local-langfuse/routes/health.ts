import { type Answer, json } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';
import type { Context } from './context.js';

/** Asks for no key, and does not tell the write mode. */
export function health(_request: LocalRequest, { profile }: Context): Answer {
  return json(200, { status: 'OK', version: profile.version });
}
