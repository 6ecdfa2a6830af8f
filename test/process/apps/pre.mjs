import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';

// Loaded before the application: keeps what it got, for the application to compare with what it gets.
globalThis.preloaded = LangfuseSpanProcessor;
