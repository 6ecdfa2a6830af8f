import { LangfuseError } from '../errors.js';
import type { Outcome } from '../outcome.js';
import { Unsent } from './unsent.js';

/** Certificates do not get better by trying again. */
const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
]);

const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** What it means that a request got no answer. `timedOut`: our own deadline for the attempt passed. */
export function classifyFailure(failure: unknown, destination: string, timedOut: boolean): Outcome {
  const code = codeOf(failure);
  if (code !== undefined && CERTIFICATE_CODES.has(code)) {
    const text = `the certificate of ${destination} is not accepted (${code}); give Node the right CA (NODE_EXTRA_CA_CERTS)`;
    return { kind: 'hold', cause: new LangfuseError('NETWORK_ERROR', text, { isRetryable: false, cause: failure }) };
  }
  const mayHaveArrived = !(failure instanceof Unsent);
  if (timedOut || (code !== undefined && TIMEOUT_CODES.has(code))) {
    const cause = new LangfuseError(
      'TIMEOUT_ERROR',
      mayHaveArrived ? `${destination} did not answer in time` : `no connection to ${destination} in time`,
      { details: { code } },
    );
    return { kind: 'retry', cause, mayHaveArrived };
  }
  const text = `no connection to ${destination}${code === undefined ? '' : ` (${code})`}`;
  const because = failure instanceof Unsent ? failure.cause : failure;
  const cause = new LangfuseError('NETWORK_ERROR', text, { cause: because, details: { code } });
  return { kind: 'retry', cause, mayHaveArrived };
}

/** By code and never by class: undici may exist in several copies. An AggregateError has its codes inside. */
function codeOf(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  const { code, errors, cause } = failure as { code?: unknown; errors?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors)) return codeOf(errors[0]);
  return codeOf(cause);
}
