import type { ObservationRecord, ResourceJson } from '../record.js';
import type { PayloadCodec } from './payload-codec.js';
import { fromFields, toFields } from './record-fields.js';

/*
 * The payload of a record: four texts in UTF-8, preceded by their lengths (u32; all ones when there is none).
 *
 *   ┌────────┬─────────┬──────────┬────────────┬────────┬─────────┬──────────┬────────────┐
 *   │ fields │ input   │ output   │ resource   │ fields │ input   │ output   │ resource   │
 *   │ length │ length  │ length   │ length     │ text   │ text    │ text     │ JSON       │
 *   └────────┴─────────┴──────────┴────────────┴────────┴─────────┴──────────┴────────────┘
 *
 * Content stands by itself because quoting it would be most of the work; the resource because it is the same text for
 * all records of a provider, and is made once. It is repeated in each record so that no record depends on another one.
 */
const LENGTHS_BYTES = 16;
const NONE = 0xffff_ffff;

type Parts = [fields: string, input: string | undefined, output: string | undefined, resource: string];

/** Bytes that `writeRecord` takes at most. */
export function mostBytesOf(parts: Parts): number {
  let units = 0;
  for (const part of parts) units += part === undefined ? 0 : part.length;
  return LENGTHS_BYTES + 3 * units;
}

/** The four texts of a record. */
export function partsOf(record: ObservationRecord): Parts {
  return [toFields(record), record.input, record.output, textOf(record.resource)];
}

/** Writes them at `at`, and returns how many bytes that took. */
export function writeParts(parts: Parts, bytes: Buffer, at: number): number {
  let end = at + LENGTHS_BYTES;
  for (let n = 0; n < parts.length; n++) {
    const part = parts[n];
    const length = part === undefined ? NONE : bytes.write(part, end, 'utf8');
    bytes.writeUInt32LE(length, at + 4 * n);
    if (length !== NONE) end += length;
  }
  return end - at;
}

export function encodeRecord(record: ObservationRecord): Buffer {
  const parts = partsOf(record);
  const bytes = Buffer.allocUnsafe(mostBytesOf(parts));
  return bytes.subarray(0, writeParts(parts, bytes, 0));
}

/** Undefined when it cannot be one, or when this build cannot read how it is coded. */
export function decodeRecord(payload: Buffer, codec: PayloadCodec): ObservationRecord | undefined {
  try {
    return toRecord(textsIn(codec.open(payload)));
  } catch {
    return undefined;
  }
}

function textsIn(bytes: Buffer): readonly (string | undefined)[] {
  let at = LENGTHS_BYTES;
  const texts: (string | undefined)[] = [];
  for (let n = 0; n < 4; n++) {
    const length = bytes.readUInt32LE(4 * n);
    if (length === NONE) {
      texts.push(undefined);
      continue;
    }
    if (at + length > bytes.length) throw new RangeError('a text that is longer than its payload');
    texts.push(bytes.toString('utf8', at, at + length));
    at += length;
  }
  return texts;
}

function toRecord([fields, input, output, resource]: readonly (string | undefined)[]): ObservationRecord | undefined {
  if (fields === undefined || resource === undefined) return undefined;
  return fromFields(fields, { input, output, resource: resourceFrom(resource) });
}

const texts = new WeakMap<ResourceJson, string>();

function textOf(resource: ResourceJson): string {
  const known = texts.get(resource);
  if (known !== undefined) return known;
  const text = JSON.stringify(resource);
  texts.set(resource, text);
  return text;
}

/** The last few, so that the records of a provider share one object again. */
const MAX_RESOURCES = 16;
const resources = new Map<string, ResourceJson>();

function resourceFrom(text: string): ResourceJson {
  const known = resources.get(text);
  if (known !== undefined) return known;
  const { attributes, otlp } = JSON.parse(text) as { readonly attributes: unknown; readonly otlp: unknown };
  const resource = { attributes: String(attributes), otlp: String(otlp) };
  if (resources.size >= MAX_RESOURCES) resources.clear();
  resources.set(text, resource);
  texts.set(resource, text);
  return resource;
}
