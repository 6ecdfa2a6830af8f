/**
 * The content of a message made of parts, as it was before it was written as JSON text because an attribute cannot hold
 * a list of objects. A list of anything else may be what somebody said.
 */
export function isListOfParts(structure: object): boolean {
  return Array.isArray(structure) && structure.length > 0 && structure.every(isPart);
}

function isPart(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  if ('type' in item && typeof item.type === 'string') return true;
  if ('text' in item && typeof item.text === 'string') return true;
  const [key, ...others] = Object.keys(item);
  return others.length === 0 && PARTS.has(key ?? '');
}

/** Parts that name their kind by their only key: Bedrock and Strands, Gemini, Genkit. */
const PARTS: ReadonlySet<string> = new Set([
  'toolUse',
  'toolResult',
  'reasoningContent',
  'image',
  'document',
  'video',
  'cachePoint',
  'guardContent',
  'json',
  'functionCall',
  'functionResponse',
  'function_call',
  'function_response',
  'inlineData',
  'inline_data',
  'fileData',
  'media',
  'toolRequest',
  'toolResponse',
]);
