import { accessOf } from '../auth.js';
import { type Answer, json, notFoundPage } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';
import { acceptEvents } from '../ingestion/accept.js';
import { batchOf } from '../ingestion/batch-shape.js';
import { parseBody } from '../ingestion/next-body.js';
import { overflowsStack } from '../ingestion/storage-loss.js';
import type { Context } from './context.js';

/** The checks of `/api/public/ingestion`, in the servers' order: body, method, keys, shape, then event by event. */
export function ingestion(request: LocalRequest, context: Context): Answer {
  const { profile, keys } = context;
  if (!profile.hasIngestion) return notFoundPage();
  const parsed = parseBody(request);
  if (parsed.kind === 'answer') return parsed.answer;
  if (request.method !== 'POST') return json(405, { error: 'MethodNotAllowedError', message: 'Method not allowed' });
  const access = accessOf(request.headers, keys);
  if (access.access === 'none') return json(401, { error: 'UnauthorizedError', message: access.message });
  const batch = batchOf(parsed.value, profile.validator);
  if (batch.kind === 'wrong') return invalid(400, batch.message);
  if (overflowsStack(profile, batch.events)) return invalid(500, 'Maximum call stack size exceeded');
  return json(207, acceptEvents(batch.events, access.access, context));
}

function invalid(status: number, message: string): Answer {
  return json(status, { message: 'Invalid request data', errors: [message] });
}
