import { type Convention, takeInput, takeOutput } from '../draft.js';

/** Pydantic AI, Pipecat, VoltAgent, Logfire: the general words, in the order the server asks for them (4.16). */
const INPUTS = ['input', 'pydantic_ai.all_messages', 'tool_arguments', 'prompt'] as const;
const OUTPUTS = ['output', 'final_result', 'tool_response', 'all_messages_events'] as const;
const KEYS: ReadonlySet<string> = new Set([...INPUTS, ...OUTPUTS]);

/** Content under names that belong to nobody. Asked last, so that it hides nothing that is better known. */
export const generic: Convention = {
  name: 'generic',
  owns: (key) => KEYS.has(key),
  read(span, draft) {
    takeInput(span, draft, ...INPUTS);
    takeOutput(span, draft, ...OUTPUTS);
  },
};
