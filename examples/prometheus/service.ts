import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import type { Tracing } from './tracing.js';

/** What a model would take for an answer, more or less. */
const MODEL_MS = 20;

/** `GET /ask` answers a question as a service with a model would, `GET /metrics` is for Prometheus. */
export async function startService({ prometheus }: Tracing, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      prometheus.getMetricsRequestHandler(request, response);
    } else if (request.url?.startsWith('/ask')) {
      void answer(request.url).then((text) => response.end(text));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** One trace: the request, and in it the call of a model. */
export async function answer(question: string): Promise<string> {
  const tracer = trace.getTracer('langfuse-example');
  return tracer.startActiveSpan('answer', async (root) => {
    const text = `An answer to ${question}`;
    const call = tracer.startSpan('chat', {
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.usage.input_tokens': question.length,
        'gen_ai.usage.output_tokens': text.length,
      },
    });
    await pause(MODEL_MS);
    call.end();
    root.end();
    return text;
  });
}
