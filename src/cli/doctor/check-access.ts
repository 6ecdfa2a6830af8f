import { randomBytes } from 'node:crypto';
import { toError } from '../../http/classify.js';
import type { Asking } from './asking.js';
import type { Finding } from './finding.js';

/** A trace that does not exist: whoever may ask for it learns that, and nobody else. Every version looks at keys first. */
export async function checkAccess(asking: Asking): Promise<Finding> {
  const asked = await asking.get(`/api/public/traces/${randomBytes(16).toString('hex')}`);
  if (asked.kind === 'failure') return { check: 'access', state: 'problem', text: asked.text };
  const { response } = asked;
  if (response.status === 200 || response.status === 404) {
    return { check: 'access', state: 'ok', text: 'the server accepts the keys' };
  }
  return { check: 'access', state: 'problem', text: toError('otlp', response).message };
}
