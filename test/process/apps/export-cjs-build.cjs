const { join } = require('node:path');
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
const { LangfuseSpanProcessor } = require(join(__dirname, 'node_modules/opentelemetry-exporter-langfuse/dist/cjs'));

// What a bundler or an older runtime takes: Node itself prefers the ESM build, for `require` too.
const provider = new BasicTracerProvider({ spanProcessors: [new LangfuseSpanProcessor()] });
provider
  .getTracer('app')
  .startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } })
  .end();
provider.shutdown();
