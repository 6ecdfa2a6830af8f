import type { SpanLike } from '../span.js';

/**
 * Decides whether a span is exported. Called when the span ends, and before, once, if a child of it is exported while
 * it is still open: the child gets another parent when the answer is no. Must be synchronous.
 */
export type ShouldExportSpan = (params: { readonly otelSpan: SpanLike }) => boolean;

/** Spans by what they are called. What is given must all fit; a text fits as a whole, an expression anywhere. */
export interface SpanPattern {
  /** The name of the instrumentation scope (of the tracer), e.g. `'@opentelemetry/instrumentation-http'`. */
  readonly scope?: string | RegExp | undefined;
  /** The span's own name. */
  readonly name?: string | RegExp | undefined;
  /** The key of an attribute that the span has. */
  readonly attribute?: string | RegExp | undefined;
}

/** A function, a pattern, or the name of an instrumentation scope. */
export type SpanRule = ShouldExportSpan | SpanPattern | string;

/** What changes about the default filter. */
export interface ExportRules {
  /** Exported besides what the default filter keeps. */
  readonly include?: SpanRule | readonly SpanRule[] | undefined;
  /** Never exported, not even as the span a trace begins with. Wins over `include`. */
  readonly exclude?: SpanRule | readonly SpanRule[] | undefined;
}
