import type { SpanLike } from '../span.js';

/** A span object with its ids, times and empty lists, without its content. Measured with heap snapshots: 0.6–1 KB. */
export const BARE_SPAN_BYTES = 700;
const BARE_ATTRIBUTE_BYTES = 32;

/**
 * What a span holds in memory, roughly: the lengths of its attribute values. Structural, because it runs inside the
 * application's `span.end()`: no serialising, no descent into nested values, and no getter is called twice.
 */
export function estimateBytes(span: SpanLike): number {
  let bytes = BARE_SPAN_BYTES;
  const attributes = span.attributes as { readonly [key: string]: unknown };
  for (const key in attributes) {
    const value = attributes[key];
    bytes += BARE_ATTRIBUTE_BYTES;
    if (typeof value === 'string') bytes += value.length;
    else if (Array.isArray(value)) bytes += sizeOfArray(value);
  }
  return bytes + (span.events?.length ?? 0) * BARE_SPAN_BYTES;
}

function sizeOfArray(values: readonly unknown[]): number {
  let bytes = 0;
  for (const value of values) bytes += typeof value === 'string' ? value.length : 8;
  return bytes;
}
