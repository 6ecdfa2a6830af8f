import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { OpenAI } from 'openai';
import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';
import { TraceIds } from './trace-ids.js';

/** Without it the processor looks for `LANGFUSE_*` in the environment, as it does in an application. */
export interface Destination {
  readonly baseUrl: string;
  readonly publicKey: string;
  readonly secretKey: string;
}

export interface Tracing {
  readonly sdk: NodeSDK;
  readonly processor: LangfuseSpanProcessor;
  readonly traceIds: ReadonlySet<string>;
}

/** This is all an application has to do: one processor for the SDK, and whatever instrumentations it uses. */
export function startTracing(destination: Destination | undefined): Tracing {
  const processor = new LangfuseSpanProcessor(destination);
  const traceIds = new TraceIds();
  const openInference = new OpenAIInstrumentation();
  // A module loaded with `import` cannot be patched on the way in: it is handed over instead.
  openInference.manuallyInstrument(OpenAI);
  const sdk = new NodeSDK({
    serviceName: 'travel-demo',
    spanProcessors: [processor, traceIds],
    instrumentations: [openInference],
  });
  sdk.start();
  return { sdk, processor, traceIds: traceIds.ids };
}
