import type { ObservationLevel } from '../../model.js';
import type { SpanData } from '../../span.js';
import { firstText, isObject, isPresent, numberOf, objectOf, parsed, textsOf } from '../attributes.js';
import { type Convention, type Draft, takeInput, takeOutput } from '../draft.js';
import { keyTest } from '../key-table.js';

const MESSAGES = ['pydantic_ai.all_messages', 'all_messages_events'] as const;

/**
 * Logfire and Pydantic AI, which only Python emits: agents with their whole conversation, tools, and Logfire's own
 * integrations of providers. https://ai.pydantic.dev/logfire/
 */
export const logfire: Convention = {
  name: 'logfire',
  owns: keyTest([
    'logfire.',
    'pydantic_ai.',
    'all_messages_events',
    'model_request_parameters',
    'request_data',
    'events',
  ]),
  read(span, draft) {
    const { attributes } = span;
    draft.name ??= firstText(attributes, 'gen_ai.tool.name', 'logfire.msg');
    if (MESSAGES.some((key) => isPresent(attributes[key]))) {
      draft.type ??= 'agent';
      draft.isWrapper = true;
    }
    readEvents(span, draft);
    takeInput(span, draft, 'request_data');
    takeOutput(span, draft, 'response_data');
    readTools(span, draft);
    draft.tags.push(...(textsOf(attributes['logfire.tags']) ?? []));
    draft.level ??= levelOf(numberOf(attributes['logfire.level_num']));
  },
};

/** Messages and answer in one list, told apart by their names. */
function readEvents({ attributes }: SpanData, draft: Draft): void {
  const events = parsed(attributes['events']);
  if (!Array.isArray(events)) return;
  const isChoice = (event: unknown): boolean => isObject(event) && event['event.name'] === 'gen_ai.choice';
  const messages = events.filter((event) => isObject(event) && !isChoice(event));
  if (messages.length > 0) draft.input ??= messages;
  draft.output ??= events.find(isChoice);
  draft.used.add('events');
}

function readTools({ attributes }: SpanData, draft: Draft): void {
  const tools = objectOf(attributes['model_request_parameters'])?.['function_tools'];
  if (Array.isArray(tools) && tools.length > 0) draft.tools ??= tools;
}

/** Numbers of OpenTelemetry's severities. */
function levelOf(severity: number | undefined): ObservationLevel | undefined {
  if (severity === undefined || severity < 1) return undefined;
  if (severity >= 17) return 'ERROR';
  if (severity >= 13) return 'WARNING';
  return severity < 9 ? 'DEBUG' : undefined;
}
