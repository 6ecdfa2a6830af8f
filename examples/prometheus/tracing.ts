import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { type LangfuseOptions, LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';

export interface Tracing {
  readonly sdk: NodeSDK;
  readonly langfuse: LangfuseSpanProcessor;
  /** Answers a scrape. */
  readonly prometheus: PrometheusExporter;
}

/**
 * This is all an application has to do: `metrics: true` sends the exporter's own metrics to the global meter provider,
 * which the SDK registers with whatever readers it is given.
 */
export function startTracing(options: LangfuseOptions = {}): Tracing {
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const langfuse = new LangfuseSpanProcessor({ metrics: true, ...options });
  const sdk = new NodeSDK({ serviceName: 'answers', spanProcessors: [langfuse], metricReaders: [prometheus] });
  sdk.start();
  return { sdk, langfuse, prometheus };
}
