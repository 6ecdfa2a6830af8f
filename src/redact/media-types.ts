/** The content types that Langfuse's media store takes (4.16; older servers take fewer, and say so). */
const KNOWN: ReadonlySet<string> = new Set([
  ...['png', 'jpeg', 'jpg', 'webp', 'gif', 'svg+xml', 'tiff', 'bmp', 'avif', 'heic'].map((type) => `image/${type}`),
  ...['mpeg', 'mp3', 'wav', 'ogg', 'oga', 'aac', 'mp4', 'flac', 'opus', 'webm'].map((type) => `audio/${type}`),
  ...['mp4', 'webm', 'ogg', 'mpeg', 'quicktime', 'x-msvideo', 'x-matroska'].map((type) => `video/${type}`),
  ...['plain', 'html', 'css', 'csv', 'markdown', 'x-python', 'x-typescript'].map((type) => `text/${type}`),
  ...['javascript', 'x-yaml', 'pdf', 'msword', 'vnd.ms-excel', 'zip', 'json', 'xml', 'octet-stream', 'rtf'].map(
    (type) => `application/${type}`,
  ),
  ...['x-ndjson', 'vnd.apache.parquet', 'gzip', 'x-tar', 'x-7z-compressed'].map((type) => `application/${type}`),
  ...['spreadsheetml.sheet', 'wordprocessingml.document', 'presentationml.presentation'].map(
    (type) => `application/vnd.openxmlformats-officedocument.${type}`,
  ),
]);

/** What others call the same. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['audio/x-wav', 'audio/wav'],
  ['audio/wave', 'audio/wav'],
  ['audio/x-m4a', 'audio/mp4'],
  ['application/x-pdf', 'application/pdf'],
  ['text/xml', 'application/xml'],
  ['text/javascript', 'application/javascript'],
]);

/** `format` of OpenAI's audio and Bedrock's images, as a content type. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['wav', 'audio/wav'],
  ['mp3', 'audio/mpeg'],
  ['flac', 'audio/flac'],
  ['opus', 'audio/opus'],
  ['aac', 'audio/aac'],
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['pdf', 'application/pdf'],
]);

/** How files begin, in base64: as many characters as are the same whatever follows. */
const BEGINNINGS: readonly (readonly [base64: string, type: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['JVBERi0', 'application/pdf'],
  ['SUQz', 'audio/mpeg'],
  ['T2dnUw', 'audio/ogg'],
  ['ZkxhQw', 'audio/flac'],
];
const RIFF = 'UklGR';
/** What a RIFF file is, from its ninth byte on. */
const RIFF_KINDS: readonly (readonly [kind: string, type: string])[] = [
  ['WAVE', 'audio/wav'],
  ['WEBP', 'image/webp'],
];

/** A type that can be uploaded, without parameters; undefined for any other. */
export function knownType(stated: unknown): string | undefined {
  if (typeof stated !== 'string') return undefined;
  const [bare = ''] = stated.split(';', 1);
  const type = bare.trim().toLowerCase();
  const name = ALIASES.get(type) ?? type;
  return KNOWN.has(name) ? name : undefined;
}

export function typeOfFormat(format: unknown): string | undefined {
  return typeof format === 'string' ? FORMATS.get(format) : undefined;
}

/** The type that the first bytes give away. */
export function typeInside(base64: string): string | undefined {
  for (const [beginning, type] of BEGINNINGS) if (base64.startsWith(beginning)) return type;
  if (!base64.startsWith(RIFF)) return undefined;
  const kind = Buffer.from(base64.slice(0, 16), 'base64').toString('latin1', 8, 12);
  return RIFF_KINDS.find(([name]) => name === kind)?.[1];
}

/** Types whose content could be mistaken for base64, because it is text itself. */
export function isTextual(type: string): boolean {
  return type.startsWith('text/') || /json|xml|yaml|javascript/.test(type);
}
