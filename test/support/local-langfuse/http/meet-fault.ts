import type { Fault } from '../faults.js';
import { type Answer, json } from './answer.js';
import { pause } from './respond.js';

/** What a fault makes of a request: what happens before the routes see it, and what becomes of their answer. */
export interface Encounter {
  readonly kind: 'answer' | 'process' | 'hang' | 'reset';
  /** Goes out instead of what the routes say, if they are asked at all (`process`). */
  readonly answer?: Answer;
  readonly afterwards: 'respond' | 'drip' | 'hang' | 'reset';
}

export async function meetFault(fault: Fault | undefined, version: string, closing: AbortSignal): Promise<Encounter> {
  switch (fault) {
    case undefined:
      return { kind: 'process', afterwards: 'respond' };
    case 'hang':
      return { kind: 'hang', afterwards: 'hang' };
    case 'reset':
      return { kind: 'reset', afterwards: 'reset' };
    case 'hangAfterCommit':
      return { kind: 'process', afterwards: 'hang' };
    case 'resetAfterCommit':
      return { kind: 'process', afterwards: 'reset' };
    case 'slowDrip':
      return { kind: 'process', afterwards: 'drip' };
    default:
      return meetSettings(fault, version, closing);
  }
}

async function meetSettings(fault: Exclude<Fault, string>, version: string, closing: AbortSignal): Promise<Encounter> {
  if ('delayMs' in fault && fault.delayMs !== undefined) await pause(fault.delayMs, closing);
  if ('status' in fault) {
    return { kind: fault.afterCommit ? 'process' : 'answer', answer: scripted(fault), afterwards: 'respond' };
  }
  if ('health' in fault) {
    const status = fault.health.status ?? 200;
    const body = { status: status === 200 ? 'OK' : 'Database not available', version: fault.health.version ?? version };
    return { kind: 'answer', answer: json(status, body), afterwards: 'respond' };
  }
  return { kind: 'process', afterwards: 'respond' };
}

function scripted(fault: Extract<Fault, { status: number }>): Answer {
  const { status, headers = {}, body = '', contentType } = fault;
  if (typeof body !== 'string') return { ...json(status, body), headers };
  return { status, headers, body, ...(contentType === undefined ? {} : { contentType }) };
}
