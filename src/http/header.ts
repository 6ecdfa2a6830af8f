import type { HttpResponse } from '../ports.js';

/** The value of a header, the first of several. */
export function headerOf(headers: HttpResponse['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
