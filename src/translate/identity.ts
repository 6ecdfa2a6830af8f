import { SESSION_KEYS, USER_KEYS } from '../attribute-keys.js';
import type { Attributes } from '../span.js';
import { firstTextOf } from './attributes.js';
import type { Draft } from './draft.js';

const KEYS: ReadonlySet<string> = new Set([...USER_KEYS, ...SESSION_KEYS]);

export function isIdentityKey(key: string): boolean {
  return KEYS.has(key);
}

/**
 * User and session, under the names of all conventions at once: which of two names wins is then one list, the server's
 * own order first, and not an accident of which convention is asked before the other.
 */
export function readIdentity(attributes: Attributes, draft: Draft): void {
  draft.userId = firstTextOf(attributes, USER_KEYS);
  draft.sessionId = firstTextOf(attributes, SESSION_KEYS);
}
