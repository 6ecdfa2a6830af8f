import type { LoggedRequest } from './http/exchange.js';
import type { IngestionEvent } from './model.js';

/** An answer instead of Langfuse's: a proxy's page, a rate limit, an outage. Nothing is stored, unless it says so. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Milliseconds until the answer. */
  readonly delayMs?: number;
  /** Langfuse has processed the request: only its answer got lost in the proxy. */
  readonly afterCommit?: boolean;
}

/** The request is processed, after so many milliseconds. */
export interface Delay {
  readonly delayMs: number;
}

/** The events for which it gives an entry are refused with it, inside the 207. */
export interface RejectEvents {
  readonly rejectEvents: (event: IngestionEvent) => RejectionEntry | undefined;
}

export interface RejectionEntry {
  readonly status: number;
  readonly message?: string;
  readonly error?: string;
}

/** The answer of the health route, which may be a lie. */
export interface Health {
  readonly health: { readonly status?: number; readonly version?: string };
}

/**
 * - `hang`: never answered, nothing stored · `hangAfterCommit`: stored, never answered
 * - `reset`: connection cut, nothing stored · `resetAfterCommit`: stored, then the connection is cut
 * - `slowDrip`: stored, and the answer comes in tiny pieces
 */
export type Fault =
  | ScriptedAnswer
  | Delay
  | RejectEvents
  | Health
  | 'hang'
  | 'hangAfterCommit'
  | 'reset'
  | 'resetAfterCommit'
  | 'slowDrip';

export interface Faults {
  /** The next `count` deliveries (`/ingestion` or OTLP) meet the fault, before any `always`. Calls queue up. */
  next(count: number, fault: Fault): void;
  /** How many of those no delivery has met yet. */
  readonly waiting: number;
  /** Every delivery from now on, until `clear`. */
  always(fault: Fault): void;
  /** Every request to this path, or the first `times`; wins over all others. */
  route(path: string, fault: Fault, times?: number): void;
  /** Every delivery of which this is true: a record, say, that breaks any batch it is in. Wins over `next`. */
  when(isMeant: (request: LoggedRequest) => boolean, fault: Fault): void;
  clear(): void;
}

const DELIVERIES: ReadonlySet<string> = new Set(['/api/public/ingestion', '/api/public/otel/v1/traces']);

/** Which fault a request meets, if any. */
export class FaultScript implements Faults {
  #queue: Fault[] = [];
  #standing: Fault | undefined;
  #conditions: { isMeant: (request: LoggedRequest) => boolean; fault: Fault }[] = [];
  readonly #routes = new Map<string, { fault: Fault; times: number }>();

  next(count: number, fault: Fault): void {
    for (let i = 0; i < count; i += 1) this.#queue.push(fault);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  always(fault: Fault): void {
    this.#standing = fault;
  }

  route(path: string, fault: Fault, times: number = Number.POSITIVE_INFINITY): void {
    this.#routes.set(path, { fault, times });
  }

  when(isMeant: (request: LoggedRequest) => boolean, fault: Fault): void {
    this.#conditions.push({ isMeant, fault });
  }

  clear(): void {
    this.#queue = [];
    this.#conditions = [];
    this.#standing = undefined;
    this.#routes.clear();
  }

  take(request: LoggedRequest): Fault | undefined {
    const { method, path } = request;
    const onRoute = this.#routes.get(path);
    if (onRoute && onRoute.times > 0) {
      onRoute.times -= 1;
      return onRoute.fault;
    }
    if (method !== 'POST' || !DELIVERIES.has(path)) return undefined;
    const condition = this.#conditions.find(({ isMeant }) => isMeant(request));
    return condition?.fault ?? this.#queue.shift() ?? this.#standing;
  }
}
