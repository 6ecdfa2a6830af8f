import { createHash } from 'node:crypto';
import type { WireChanges } from '../wire-rules.js';

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const NO_SPAN = '0000000000000000';

/** Spans come trace by trace, mostly. */
let lastGood = '';

/** 32 lower-case hex digits: a server refuses a whole request of spans over another id. */
export function toTraceId(id: string, changes?: WireChanges): string {
  if (id === lastGood) return id;
  if (!TRACE_ID.test(id)) return mended(id, 32, TRACE_ID, changes);
  lastGood = id;
  return id;
}

/** 16 lower-case hex digits. */
export function toSpanId(id: string, changes?: WireChanges): string {
  return SPAN_ID.test(id) ? id : mended(id, 16, SPAN_ID, changes);
}

/** None is absent: an id of zeros would dangle. */
export function toParentId(id: string | undefined, changes?: WireChanges): string | undefined {
  return id === undefined || id === '' || id === NO_SPAN ? undefined : toSpanId(id, changes);
}

/** The same id always becomes the same, so that what belongs together stays together. */
function mended(id: unknown, digits: number, form: RegExp, changes: WireChanges | undefined): string {
  changes?.note('id');
  const text = String(id);
  // A UUID, or hex in upper case.
  const plain = text.toLowerCase().replaceAll('-', '');
  return form.test(plain) ? plain : createHash('sha256').update(text).digest('hex').slice(0, digits);
}
