// Exports spans in several requests, and waits until it is known what became of each, however answers get lost.
import { writeSync } from 'node:fs';
import { trace } from '@opentelemetry/api';
import { node } from '@opentelemetry/sdk-node';
import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';

const { SPANS } = process.env;
const PER_REQUEST = 10;
const processor = new LangfuseSpanProcessor({
  flushAt: PER_REQUEST,
  flushInterval: 0.05,
  timeout: 1,
  logLevel: 'none',
  shutdownTimeoutMs: 60_000,
});
const provider = new node.NodeTracerProvider({ spanProcessors: [processor] });
provider.register();
const tracer = trace.getTracer('answers');
for (let n = 0; n < Number(SPANS); n++) {
  tracer.startSpan(`chat ${n}`, { attributes: { 'gen_ai.operation.name': 'chat' } }).end();
  if (n % PER_REQUEST === PER_REQUEST - 1) await new Promise((resolve) => setTimeout(resolve, 60));
}
const { pending } = await processor.flush({ timeoutMs: 60_000 });
await provider.shutdown();
writeSync(1, `${JSON.stringify({ pending, status: processor.status() })}\n`);
