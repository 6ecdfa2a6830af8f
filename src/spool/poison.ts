import type { Noted } from './marks.js';

/** So many lives of a process ended while the record was encoded: it is not tried in a fourth one. */
export const MANY_DEADLY_TRIES = 3;

export function isDeadly(noted: Noted | undefined): boolean {
  return noted !== undefined && noted.deadlyTries >= MANY_DEADLY_TRIES;
}
