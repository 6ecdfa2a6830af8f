/** A request of either endpoint, reduced to what the answer depends on. */
export interface Conversation {
  readonly lastUserText: string;
  /** Whether tools have answered since the user last spoke. */
  readonly hasToolResults: boolean;
  /** Names of the tools that may be called; empty when the caller forbids calls. */
  readonly tools: readonly string[];
}

export interface ScriptedToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as on the wire. */
  readonly arguments: string;
}

export type ScriptedReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'toolCalls'; readonly calls: readonly ScriptedToolCall[] };

const TOOL_ARGUMENTS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['findTrains', { from: 'Vienna', to: 'Salzburg' }],
  ['getWeather', { city: 'Salzburg' }],
]);

/** The first line whose words occur in the question answers it. */
const LINES: readonly (readonly [about: RegExp, text: string])[] = [
  [/day trip/i, 'Take the 08:30 train from Vienna; Salzburg is dry and 21 °C until five in the afternoon.'],
  [/postcard/i, 'Greetings from Salzburg: the fortress is steep, the cake is round, the train was on time.'],
  [/refund/i, 'Tickets of the flexible fare are refunded in full until the train departs.'],
  [/bicycle/i, 'Yes. Reserve a bicycle space with the ticket; folding bicycles travel free.'],
];

/** First the tools, all of them at once; when they have answered, the final text. */
export function scriptedReply(conversation: Conversation): ScriptedReply {
  if (conversation.tools.length > 0 && !conversation.hasToolResults) {
    return { kind: 'toolCalls', calls: conversation.tools.map(toCall) };
  }
  const line = LINES.find(([about]) => about.test(conversation.lastUserText));
  return { kind: 'text', text: line?.[1] ?? `The script has no line for: ${conversation.lastUserText}` };
}

function toCall(name: string, index: number): ScriptedToolCall {
  return { id: `call_${index + 1}`, name, arguments: JSON.stringify(TOOL_ARGUMENTS.get(name) ?? {}) };
}

/** Pieces of a text as a model streams them: a word and the blank before it. */
export function streamedPieces(text: string): readonly string[] {
  return text.match(/\s*\S+/g) ?? [];
}

/** Arguments of a call as a model streams them: cut where no JSON parser would. */
export function halves(text: string): readonly [string, string] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}
