// An application whose spans, and whose mask, are as hostile as SEED makes them.
import { trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';
import { poison } from './poison-run.mjs';

await poison({
  LangfuseSpanProcessor,
  open({ processors, resource, idGenerator, spanLimits }) {
    const sdk = new NodeSDK({
      spanProcessors: processors,
      resource: resourceFromAttributes(resource),
      autoDetectResources: false,
      idGenerator,
      spanLimits,
    });
    sdk.start();
    return { tracer: (name, version) => trace.getTracer(name, version), close: () => sdk.shutdown() };
  },
});
