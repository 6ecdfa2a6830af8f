// Loaded before the application: keeps what it got, for the application to compare with what it gets.
globalThis.preloaded = require('opentelemetry-exporter-langfuse').LangfuseSpanProcessor;
