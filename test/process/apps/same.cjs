const { LangfuseSpanProcessor } = require('opentelemetry-exporter-langfuse');

console.log(globalThis.preloaded === LangfuseSpanProcessor ? 'one instance' : 'two instances');
