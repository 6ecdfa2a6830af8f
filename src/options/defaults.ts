/** Every default in one place. The table in `docs/options.md` is checked against this object. */
export const DEFAULTS = {
  baseUrl: 'https://cloud.langfuse.com',
  protocol: 'auto',
  timeout: 10,
  compression: 'gzip',
  exportMode: 'batched',
  flushAt: { otlp: 512, otlpBacklog: 2048, ingestion: 50, ingestionMax: 512 },
  flushInterval: 1,
  queue: { maxSpans: 32_768, maxBytes: 67_108_864 },
  maxBatchBytes: { ingestion: 3_500_000, otlp: 8_000_000 },
  maxEventBytes: { ingestion: 3_000_000, otlp: 8_000_000 },
  concurrency: { initial: 4, max: 12 },
  retry: { initialMs: 500, maxMs: 30_000 },
  shutdownTimeoutMs: 10_000,
  flushTimeoutMs: 30_000,
  logLevel: 'info',
} as const;
