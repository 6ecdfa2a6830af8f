import type { Convention } from '../draft.js';
import { conventionOf } from '../key-table.js';

/** Microsoft Agent 365: GenAI conventions, with the session under a key of its own. */
export const agent365: Convention = conventionOf({
  name: 'agent365',
  owns: ['microsoft.'],
  session: ['microsoft.session.id', 'microsoft.conversation.id'],
  user: ['microsoft.user.id', 'microsoft.caller.id'],
});
