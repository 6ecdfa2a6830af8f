// The same by CommonJS: what a bundler or an older runtime takes.
const { join } = require('node:path');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { node } = require('@opentelemetry/sdk-node');
const { LangfuseSpanProcessor } = require(join(__dirname, 'node_modules/opentelemetry-exporter-langfuse/dist/cjs'));

void import('./poison-run.mjs').then(({ poison }) =>
  poison({
    LangfuseSpanProcessor,
    open({ processors, resource, idGenerator, spanLimits }) {
      const provider = new node.NodeTracerProvider({
        spanProcessors: processors,
        resource: resourceFromAttributes(resource),
        idGenerator,
        spanLimits,
      });
      return { tracer: (name, version) => provider.getTracer(name, version), close: () => provider.shutdown() };
    },
  }),
);
