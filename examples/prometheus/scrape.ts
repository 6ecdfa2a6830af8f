import type { IncomingMessage, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

/** What a scrape would get, by name; series of one name are summed. */
export async function scrape(prometheus: PrometheusExporter): Promise<ReadonlyMap<string, number>> {
  const text = await new Promise<string>((resolve) => {
    const response = Object.assign(new Writable(), { setHeader() {}, end: resolve });
    prometheus.getMetricsRequestHandler({} as IncomingMessage, response as unknown as ServerResponse);
  });
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\w+)\{.*\} (\S+)/.exec(line) ?? [];
    if (name !== undefined) values.set(name, (values.get(name) ?? 0) + Number(value));
  }
  return values;
}
