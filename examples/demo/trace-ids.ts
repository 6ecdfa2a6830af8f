import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Notes which traces the program starts, to tell the user where to find them. */
export class TraceIds implements SpanProcessor {
  readonly ids: Set<string> = new Set();

  onStart(span: ReadableSpan): void {
    this.ids.add(span.spanContext().traceId);
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
