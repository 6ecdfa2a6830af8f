/**
 * What a person would read in an input or output, in one line: of a list of messages the last one, of a tool call its
 * name and arguments, of anything unknown its JSON.
 */
export function toWords(content: unknown): string {
  // Control characters from content could move the cursor or set the terminal's title.
  return speak(content)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}

type Fields = Readonly<Record<string, unknown>>;

function speak(content: unknown): string {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return speakText(content);
  if (Array.isArray(content)) return speakList(content);
  if (typeof content === 'object') return speakObject({ ...content });
  return String(content);
}

/** Instrumentations put JSON into strings; what does not parse is prose. */
function speakText(text: string): string {
  if (!/^\s*["[{]/.test(text)) return text;
  try {
    return speak(JSON.parse(text));
  } catch {
    return text;
  }
}

function speakList(items: readonly unknown[]): string {
  const isMessages = items.some((item) => typeof item === 'object' && item !== null && 'role' in item);
  const spoken = items.map(speak).filter((words) => words !== '');
  return isMessages ? (spoken.at(-1) ?? '') : spoken.join(', ');
}

/** Where the words of a message are, or of what surrounds it; the first that says something. */
const SPEAKING_FIELDS = [
  'text',
  'content',
  'messages',
  'prompt',
  'parts',
  'tool_calls',
  'toolCalls',
  'choices',
  'message',
] as const;

function speakObject(fields: Fields): string {
  const call = speakCall(fields);
  if (call !== undefined) return call;
  for (const field of SPEAKING_FIELDS) {
    const words = speak(fields[field]);
    if (words !== '') return words;
  }
  return JSON.stringify(fields);
}

/** OpenAI, AI SDK and semantic conventions name the same two things differently. */
function speakCall(fields: Fields): string | undefined {
  const wrapped = fields['function'];
  const call = typeof wrapped === 'object' && wrapped !== null ? { ...fields, ...wrapped } : fields;
  const name = call['toolName'] ?? call['name'];
  if (typeof name !== 'string') return undefined;
  const given = call['input'] ?? call['arguments'] ?? call['args'];
  if (given !== undefined) return `${name}(${compact(given)})`;
  const result = call['output'] ?? call['result'];
  return result === undefined ? undefined : `${name}: ${compact(unwrapped(result))}`;
}

/** The AI SDK says of a result whether it is text or JSON: `{ type, value }`. */
function unwrapped(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'value' in result ? result.value : result;
}

function compact(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
