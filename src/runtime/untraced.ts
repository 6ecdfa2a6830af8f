import { type Context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';

/** What OpenTelemetry's instrumentations look at before they make a span; the same key in every SDK major. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** The context of work that is ours: spans of it would be exported, and make spans again. */
export const UNTRACED: Context = ROOT_CONTEXT.setValue(SUPPRESS_TRACING, true);
