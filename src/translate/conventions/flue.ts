import type { ObservationType } from '../../model.js';
import type { Attributes } from '../../span.js';
import { firstText, isPresent } from '../attributes.js';
import type { Convention } from '../draft.js';
import { type KeyTable, keyTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'flue',
  owns: ['flue.'],
  input: ['flue.turn.input', 'flue.tool.arguments', 'flue.task.prompt', 'flue.workflow.payload'],
  output: ['flue.turn.output', 'flue.tool.result', 'flue.task.result', 'flue.operation.result', 'flue.workflow.result'],
};

/** Flue: turns follow the GenAI conventions; tools, tasks and workflows have keys of their own. https://flue.dev */
export const flue: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  read(span, draft) {
    const { attributes } = span;
    if (attributes['gen_ai.operation.name'] === undefined) draft.type ??= typeOf(attributes);
    readTable(TABLE, span, draft);
    if (draft.type === 'tool') draft.name ??= firstText(attributes, 'gen_ai.tool.name', 'flue.tool.name');
  },
};

function typeOf(attributes: Attributes): ObservationType | undefined {
  const has = (...keys: readonly string[]): boolean => keys.some((key) => isPresent(attributes[key]));
  if (has('flue.tool.name', 'flue.tool.call_id')) return 'tool';
  // Everything below a task names the task: its own span has the prompt.
  if (has('flue.task.agent', 'flue.task.prompt')) return 'agent';
  return has('flue.workflow.payload', 'flue.workflow.result') ? 'chain' : undefined;
}
