import { objectOf, textOf } from '../attributes.js';
import { type Convention, takeInput, takeOutput } from '../draft.js';

/** Pydantic AI, Pipecat, VoltAgent, Logfire: the general words, in the order the server asks for them (4.16). */
const INPUTS = ['input', 'pydantic_ai.all_messages', 'tool_arguments', 'prompt'] as const;
const OUTPUTS = ['output', 'final_result', 'tool_response', 'all_messages_events'] as const;
/** OpenTelemetry's word for the user before `user.id`. */
const USER = 'enduser.id';
const MODEL = 'model';
const MODEL_CONFIG = 'model_config';
const KEYS: ReadonlySet<string> = new Set([...INPUTS, ...OUTPUTS, USER, MODEL, MODEL_CONFIG]);

/** Content and model under names that belong to nobody. Asked last, so that it hides nothing that is better known. */
export const generic: Convention = {
  name: 'generic',
  owns: (key) => KEYS.has(key),
  read(span, draft) {
    takeInput(span, draft, ...INPUTS);
    takeOutput(span, draft, ...OUTPUTS);
    draft.userId ??= textOf(span.attributes[USER]);
    draft.model ??= textOf(span.attributes[MODEL]);
    const config = objectOf(span.attributes[MODEL_CONFIG]) ?? {};
    for (const name in config) draft.parameters[name] ??= config[name];
  },
};
