import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';

console.log(globalThis.preloaded === LangfuseSpanProcessor ? 'one instance' : 'two instances');
