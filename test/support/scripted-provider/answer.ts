/** One server-sent event; OpenAI's chat stream has no event names, its Responses stream has. */
export interface StreamedEvent {
  readonly event?: string;
  readonly data: string;
}

/** What an endpoint answers, before it is written to the connection. */
export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'stream'; readonly events: readonly StreamedEvent[] };

export function json(body: unknown): Answer {
  return { kind: 'json', status: 200, body };
}

/** An error in OpenAI's shape. */
export function failure(status: number, code: string, message: string): Answer {
  const type = status === 429 ? 'requests' : 'invalid_request_error';
  return { kind: 'json', status, body: { error: { message, type, param: null, code } } };
}
