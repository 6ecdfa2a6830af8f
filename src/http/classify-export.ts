import { LangfuseError } from '../errors.js';
import type { Outcome } from '../outcome.js';
import type { HttpResponse } from '../ports.js';

/**
 * A 2xx of the OTLP endpoint. Langfuse answers with an opaque document; a collector or a gateway on the way may answer
 * with OTLP's own, which counts the spans it refused for good and does not say which they were.
 */
export function classifyExport(response: HttpResponse, body: unknown, records: number): Outcome {
  const { rejectedSpans, errorMessage } = partialSuccessIn(body);
  const count = Math.min(records, Math.floor(Number(rejectedSpans)));
  if (!(count > 0)) return { kind: 'accepted', traceEventRejections: [] };
  const said = typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage.slice(0, 200) : 'no message';
  const which = count === records ? '' : ', without saying which';
  const text = `the server refused ${count} of ${records} spans${which} (${said})`;
  const cause = new LangfuseError('API_ERROR', text, { status: response.status, isRetryable: false });
  return { kind: 'accepted', traceEventRejections: [], refusedUnnamed: { count, cause } };
}

interface PartialSuccess {
  /** A 64-bit number, which JSON writes as text. */
  readonly rejectedSpans?: unknown;
  readonly errorMessage?: unknown;
}

function partialSuccessIn(body: unknown): PartialSuccess {
  if (typeof body !== 'object' || body === null) return {};
  const { partialSuccess } = body as { readonly partialSuccess?: unknown };
  return typeof partialSuccess === 'object' && partialSuccess !== null ? partialSuccess : {};
}
