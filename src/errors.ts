/** Why something failed. Closed: a new reason is a new member, never free text. */
export type LangfuseErrorCode =
  | 'VALIDATION_ERROR'
  | 'API_ERROR'
  | 'AUTH_ERROR'
  | 'RATE_LIMIT_ERROR'
  | 'NETWORK_ERROR'
  | 'TIMEOUT_ERROR'
  | 'BACKPRESSURE_ERROR'
  | 'PERSISTENCE_ERROR'
  | 'SHUTDOWN_ERROR'
  | 'INTERNAL_ERROR';

/** What an error concerns. */
export interface ErrorContext {
  readonly operation: 'export' | 'flush' | 'shutdown' | 'translate' | 'mask' | 'media' | 'spool' | 'protocol';
  /** How many spans the failure concerns. */
  readonly spanCount: number;
  /** Their ids, the first 100. */
  readonly spanIds: readonly string[];
  /** Base URL of the destination. */
  readonly destination: string;
}

export interface LangfuseErrorInit {
  /** Whether the same request may succeed later. Default: derived from `code` and `status`. */
  readonly isRetryable?: boolean | undefined;
  /** HTTP status of the answer, when there was one. */
  readonly status?: number | undefined;
  /** The server's id of the request (`x-request-id` and the like), for its logs. */
  readonly requestId?: string | undefined;
  /** Plain data about the failure. Never a payload, never a key. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** In the global registry, so that an error of a second copy of this package is recognised as well. */
const BRAND = Symbol.for('opentelemetry-exporter-langfuse.error');

/**
 * The one error class of this package. The message reads `CODE: what happened: cause`.
 *
 * `toJSON` gives what is safe to log: code, message, status, request id and details; no payload, no credentials.
 */
export class LangfuseError extends Error {
  readonly code: LangfuseErrorCode;
  readonly isRetryable: boolean;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** `details.field` on validation errors, `details.statusCode` on API errors. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: LangfuseErrorCode, text: string, init: LangfuseErrorInit = {}) {
    const cause = causeText(init.cause);
    super(`${code}: ${text}${cause ? `: ${cause}` : ''}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'LangfuseError';
    this.code = code;
    this.status = init.status;
    this.requestId = init.requestId;
    this.details = init.status === undefined ? { ...init.details } : { statusCode: init.status, ...init.details };
    this.isRetryable = init.isRetryable ?? retryableByDefault(code, init.status);
    Object.defineProperty(this, BRAND, { value: true });
  }

  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      isRetryable: this.isRetryable,
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
      details: this.details,
    };
  }
}

/** True for a `LangfuseError` of any copy of this package. */
export function isLangfuseError(value: unknown): value is LangfuseError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}

export function isRetryable(value: unknown): boolean {
  return isLangfuseError(value) && value.isRetryable;
}

export function isValidationError(value: unknown): value is LangfuseError {
  return isLangfuseError(value) && value.code === 'VALIDATION_ERROR';
}

/** True when the server answered and the answer was an error: the error has a `status`. */
export function isApiError(value: unknown): value is LangfuseError {
  return isLangfuseError(value) && value.status !== undefined;
}

/** 408 timeout, 425 too early, 429 too many requests and every 5xx may pass; other statuses are about the request. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

function retryableByDefault(code: LangfuseErrorCode, status: number | undefined): boolean {
  if (status !== undefined) return isRetryableStatus(status);
  return code === 'NETWORK_ERROR' || code === 'TIMEOUT_ERROR' || code === 'RATE_LIMIT_ERROR';
}

function causeText(cause: unknown): string {
  if (cause === undefined || cause === null) return '';
  if (cause instanceof Error) return cause.message || cause.name;
  return typeof cause === 'string' ? cause : '';
}
