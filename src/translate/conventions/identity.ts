import { SESSION_KEYS, USER_KEYS } from '../../attribute-keys.js';
import { firstText } from '../attributes.js';
import type { Convention } from '../draft.js';

const KEYS: ReadonlySet<string> = new Set<string>([...USER_KEYS, ...SESSION_KEYS]);

/**
 * User and session, under the names of all conventions at once: which of two names wins is then one list, the server's
 * own order first, and not an accident of which convention is asked before the other.
 */
export const identity: Convention = {
  name: 'identity',
  owns: (key) => KEYS.has(key),
  read({ attributes }, draft) {
    draft.userId ??= firstText(attributes, ...USER_KEYS);
    draft.sessionId ??= firstText(attributes, ...SESSION_KEYS);
  },
};
