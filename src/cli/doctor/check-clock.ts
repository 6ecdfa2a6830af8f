import { headerOf } from '../../http/header.js';
import type { Asked } from './asking.js';
import type { Finding } from './finding.js';

/** The Date header counts whole seconds, and is cut, not rounded. */
const HALF_A_SECOND_MS = 500;
/** Traces of several hosts would look wrong. */
const WARN_MS = 5_000;
/** Spans land in another minute of every chart, and limits by age begin to matter. */
const PROBLEM_MS = 60_000;

/** How far this machine's clock is from the server's. */
export function checkClock(asked: Asked): Finding {
  const date = asked.kind === 'answer' ? Date.parse(headerOf(asked.response.headers, 'date') ?? '') : Number.NaN;
  if (asked.kind !== 'answer' || Number.isNaN(date)) {
    return { check: 'clock', state: 'skipped', text: 'no server that tells the time' };
  }
  const skewMs = Math.round(asked.wallMs - (date + HALF_A_SECOND_MS));
  const facts = { skewMs };
  const size = Math.abs(skewMs);
  if (size <= WARN_MS) return { check: 'clock', state: 'ok', text: 'agrees with the server within 5 s', facts };
  const text = `is ${Math.round(size / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} the server's`;
  const remedy = 'spans have the times of this machine; let it keep time (NTP)';
  return { check: 'clock', state: size > PROBLEM_MS ? 'problem' : 'warning', text, remedy, facts };
}
