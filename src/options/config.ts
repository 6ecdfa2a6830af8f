import type { MeterProvider } from '@opentelemetry/api';
import type { ErrorContext, LangfuseError } from '../errors.js';
import type { BackpressureStatus, CircuitBreakerStatus } from '../health.js';
import type { MaskFunction } from '../mask-function.js';
import type { ResendAmbiguous } from '../model.js';
import type { Logger } from '../runtime/logger.js';
import type { SpanTest } from '../span.js';
import type { ProtocolOption } from './options.js';

/** Both keys of a project. */
export interface Credentials {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** How spans survive the process. */
export interface Persistence {
  readonly delivery: 'spill' | 'at-least-once';
  readonly directory: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly minFreeBytes: number;
  readonly fsync: 'none' | 'interval' | 'always';
  readonly lingerMs: number;
  readonly exitBudgetMs: number;
  readonly keepRejected: boolean;
}

/** What the options and the environment came to: complete, checked, frozen. Each stage gets its slice. */
export interface Config {
  /** Undefined when nothing is to be exported: switched off, or without both keys. */
  readonly credentials: Credentials | undefined;
  readonly destination: { readonly baseUrl: string; readonly headers: Readonly<{ [name: string]: string }> };
  readonly protocol: ProtocolOption;
  readonly translate: {
    readonly environment: string | undefined;
    readonly release: string | undefined;
    readonly version: string | undefined;
    readonly usageOnWrappers: boolean;
    readonly trustInboundBaggage: boolean;
  };
  /** A function of the application that decides alone, or what it adds to the default filter and takes from it. */
  readonly filter:
    | { readonly decides: SpanTest }
    | { readonly include: readonly SpanTest[]; readonly exclude: readonly SpanTest[] };
  readonly mask:
    | {
        readonly content: MaskFunction | undefined;
        readonly identifiers: MaskFunction | undefined;
        readonly timeoutMs: number;
      }
    | undefined;
  readonly uploadsMedia: boolean;
  readonly sampleRate: number;
  readonly queue: { readonly maxSpans: number; readonly maxBytes: number };
  readonly backpressure: {
    readonly strategy: 'sample' | 'reject' | 'off';
    readonly highWaterMark: number;
    readonly lowWaterMark: number;
    readonly minSamplingRate: number;
    readonly protects: SpanTest | undefined;
    readonly rescueErrors: boolean;
  };
  readonly batch: {
    readonly immediate: boolean;
    /** Undefined: the protocol's own, adaptive. */
    readonly flushAt: number | undefined;
    readonly flushIntervalMs: number;
    readonly maxBatchBytes: number | undefined;
    readonly maxEventBytes: number | undefined;
  };
  readonly delivery: {
    readonly attemptTimeoutMs: number;
    readonly gzip: boolean;
    readonly concurrency: { readonly initial: number; readonly max: number };
    readonly retry: {
      readonly maxAttempts: number;
      readonly initialMs: number;
      readonly maxMs: number;
      readonly deliveryTimeoutMs: number;
    };
    readonly circuitBreaker: {
      readonly failureThreshold: number;
      readonly successThreshold: number;
      readonly openMs: { readonly initial: number; readonly max: number };
    };
    readonly resendAmbiguous: ResendAmbiguous;
  };
  /** Undefined: in memory only. */
  readonly persistence: Persistence | undefined;
  readonly flushTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly hooks: { readonly beforeExit: boolean; readonly exit: boolean; readonly signals: boolean };
  /** Undefined: no metrics. */
  readonly meterProvider: MeterProvider | 'global' | undefined;
  readonly logger: Logger;
  readonly onCircuitChange: ((status: CircuitBreakerStatus) => void) | undefined;
  readonly onBackpressure: ((status: BackpressureStatus) => void) | undefined;
  readonly onError: ((error: LangfuseError, context: ErrorContext) => void) | undefined;
}
