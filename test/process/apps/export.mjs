import { trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';

const sdk = new NodeSDK({ spanProcessors: [new LangfuseSpanProcessor()], autoDetectResources: false });
sdk.start();
const tracer = trace.getTracer('app');
for (let n = 0; n < Number(process.env.SPANS); n++) {
  tracer.startSpan(`chat ${n}`, { attributes: { 'gen_ai.operation.name': 'chat' } }).end();
}
await sdk.shutdown();
