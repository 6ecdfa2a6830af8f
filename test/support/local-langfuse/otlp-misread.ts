import { isObject } from './store/field-rules.js';

const IDS: ReadonlySet<string> = new Set(['traceId', 'spanId', 'parentSpanId']);

/** An OTLP/JSON export as 3.37 understands it: ids under the hex of their text, `langfuse.*` attributes not there. */
export function misread(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value) => {
    if (IDS.has(key) && typeof value === 'string' && value !== '') return Buffer.from(value).toString('hex');
    if (key !== 'attributes' || !Array.isArray(value)) return value;
    return value.filter((attribute) => !isObject(attribute) || !String(attribute['key']).startsWith('langfuse.'));
  });
}
