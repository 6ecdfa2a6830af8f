import { isPresent } from '../attributes.js';
import type { Convention } from '../draft.js';
import { keyTest } from '../key-table.js';

/**
 * Strands Agents: GenAI conventions in one of three modes; its own are the turns of the agent's loop and how a tool
 * ended. https://strandsagents.com/latest/documentation/docs/user-guide/observability-evaluation/traces/
 */
export const strands: Convention = {
  name: 'strands',
  owns: keyTest(['agent_loop.', 'event_loop.', 'gen_ai.tool.status']),
  read({ attributes }, draft) {
    const isTurn = isPresent(attributes['agent_loop.cycle_id']) || isPresent(attributes['event_loop.cycle_id']);
    if (isTurn && attributes['gen_ai.operation.name'] === undefined) draft.type ??= 'chain';
    if (attributes['gen_ai.tool.status'] === 'error') draft.level ??= 'ERROR';
  },
};
