import type { Clock, Transport } from '../ports.js';

/** A request that carried spans, and its answer. */
export interface MeasuredExchange {
  readonly ms: number;
  readonly bytes: number;
  readonly status: number | undefined;
}

/** The same transport, telling how long each delivery took and how large it was. */
export function measuredTransport(
  transport: Transport,
  clock: Clock,
  measured: (exchange: MeasuredExchange) => void,
): Transport {
  return {
    async send(request, signal) {
      if (request.method !== 'POST') return transport.send(request, signal);
      const startedAt = clock.now();
      const bytes = request.body === undefined ? 0 : Buffer.byteLength(request.body);
      let status: number | undefined;
      try {
        const response = await transport.send(request, signal);
        status = response.status;
        return response;
      } finally {
        measured({ ms: clock.now() - startedAt, bytes, status });
      }
    },
    close: () => transport.close(),
  };
}
