import { isObject } from '../store/field-rules.js';

/** Text as it is, bytes as hex (facts §1.2); throws for anything else. */
export function decodedId(value: unknown): string {
  if (typeof value === 'string') return value;
  const bytes = bytesOf(value);
  if (!bytes) throw new TypeError('id is neither text nor bytes');
  return Buffer.from(bytes).toString('hex');
}

export function isId(value: unknown): boolean {
  return typeof value === 'string' || bytesOf(value) !== undefined;
}

/** A list of bytes, or a Buffer as JSON has it. */
function bytesOf(value: unknown): number[] | undefined {
  const list: unknown = isObject(value) && value['type'] === 'Buffer' ? value['data'] : value;
  if (!Array.isArray(list)) return undefined;
  const bytes = list.filter((byte): byte is number => Number.isInteger(byte) && byte >= 0 && byte < 256);
  return bytes.length === list.length ? bytes : undefined;
}
