/** What a route says; how it travels is decided elsewhere. */
export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function json(status: number, value: unknown): Answer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify(value) };
}

/** Next.js sends the text of its own refusals without a content type. */
export function bareText(status: number, body: string): Answer {
  return { status, body };
}

export function notFoundPage(): Answer {
  const body = '<!DOCTYPE html><html><head><title>404</title></head><body>This page could not be found.</body></html>';
  return { status: 404, contentType: 'text/html; charset=utf-8', body };
}

export function redirect(location: string): Answer {
  return { status: 308, headers: { location }, body: location };
}
