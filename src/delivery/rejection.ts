import type { LangfuseError } from '../errors.js';
import type { Rejection } from '../outcome.js';

/** The refusal of a whole request, as that of each record in it. */
export function rejectionOf(cause: LangfuseError): Rejection {
  return { status: cause.status ?? 400, message: cause.message };
}
