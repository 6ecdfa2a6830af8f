import { type FoundMedia, isFile } from './found-media.js';
import { isTextual, knownType, typeInside, typeOfFormat } from './media-types.js';

type Part = Readonly<{ [key: string]: unknown }>;

/**
 * Names under which libraries put a file's content: AI SDK (`data`, `image`, `base64`, `uint8ArrayData`), Anthropic,
 * Gemini, MCP and OpenAI's audio (`data`), the GenAI conventions' blobs (`content`), MCP's resources (`blob`),
 * Bedrock (`bytes`), OpenAI's images (`b64_json`, `result`).
 */
const CONTENT_KEYS = [
  'data',
  'image',
  'content',
  'base64',
  'base64Data',
  'uint8ArrayData',
  'blob',
  'bytes',
  'b64_json',
  'result',
] as const;

const TYPE_KEYS = ['mediaType', 'mimeType', 'media_type', 'mime_type', 'contentType', 'content_type'] as const;

/** A part says so when its content is encoded; without that, text would be taken for a file. */
const ENCODED: ReadonlySet<unknown> = new Set(['base64', 'file', 'blob', 'media', 'image', 'audio', 'document']);

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** The file in one part of a message, and the key it is under; undefined for any other object. */
export function mediaIn(part: Part): { readonly key: string; readonly found: FoundMedia } | undefined {
  // Anthropic's documents may be plain text, with a media type and all.
  if (part['type'] === 'text') return undefined;
  for (const key of CONTENT_KEYS) {
    const base64 = base64In(part[key]);
    if (base64 === undefined) continue;
    const stated = TYPE_KEYS.map((name) => knownType(part[name])).find((type) => type !== undefined);
    const contentType = stated ?? typeOfFormat(part['format']) ?? typeInside(base64);
    if (contentType === undefined || (isTextual(contentType) && !isSurelyEncoded(part, base64))) continue;
    return { key, found: { contentType, base64, source: 'bytes' } };
  }
  return undefined;
}

function isSurelyEncoded(part: Part, base64: string): boolean {
  return ENCODED.has(part['type']) && base64.length % 4 === 0;
}

function base64In(content: unknown): string | undefined {
  const base64 = typeof content === 'string' ? content : bytesIn(content)?.toString('base64');
  if (base64 === undefined || !isFile(base64)) return undefined;
  return BASE64.test(base64) ? base64 : undefined;
}

/** What `JSON.stringify` makes of bytes: `{ type: 'Buffer', data: [137, …] }`, or `{ '0': 137, … }`. */
function bytesIn(content: unknown): Buffer | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  if (Array.isArray(content)) return toBytes(content);
  const { type, data, 0: first } = content as { type?: unknown; data?: unknown; 0?: unknown };
  if (type === 'Buffer' && Array.isArray(data)) return toBytes(data);
  if (first === undefined) return undefined;
  const keys = Object.keys(content);
  return keys.at(-1) === String(keys.length - 1) ? toBytes(Object.values(content)) : undefined;
}

function toBytes(values: readonly unknown[]): Buffer | undefined {
  return values.every(isByte) ? Buffer.from(values) : undefined;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}
