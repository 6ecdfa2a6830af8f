import { logs, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { LangfuseSpanProcessor } from '../../dist/esm/index.js';
import { makeSpans } from '../support/sdk-workload.js';

/**
 * An application on SDK 3.x that exports to the server of its environment and prints what it made. Two copies of the
 * API live in it, 1.10 for the SDK and 1.9 for the exporter: the harder case.
 */
const langfuse = new LangfuseSpanProcessor();
const sdk = new NodeSDK({
  spanProcessors: [langfuse],
  logRecordProcessors: [langfuse.logRecordProcessor()],
  serviceName: 'legs',
  autoDetectResources: false,
});
sdk.start();
console.log(JSON.stringify(makeSpans(trace.getTracer('legs', '1.2.3'), logs.getLogger('legs'))));
await sdk.shutdown();
