/**
 * A service with its exporter's metrics on http://127.0.0.1:9464/metrics: `npm run example:prometheus`. Without
 * `LANGFUSE_PUBLIC_KEY` and `LANGFUSE_SECRET_KEY` it talks to a local Langfuse. It asks itself ten questions a second.
 */
import { startLocalLangfuse } from '../../test/support/local-langfuse/index.js';
import { answer, startService } from './service.js';
import { startTracing } from './tracing.js';

const PORT = Number(process.env['PORT'] ?? 9464);
const hasKeys = Boolean(process.env['LANGFUSE_PUBLIC_KEY'] && process.env['LANGFUSE_SECRET_KEY']);
const local = hasKeys ? undefined : await startLocalLangfuse({ profile: 'v4-events-only' });
const tracing = startTracing(
  local && { baseUrl: local.baseUrl, publicKey: local.publicKey, secretKey: local.secretKey },
);
const { server, port } = await startService(tracing, PORT);
const asking = setInterval(() => void answer('What is on the table?'), 100);
process.stdout.write(`metrics: http://127.0.0.1:${port}/metrics\n`);

process.once('SIGINT', stop);
process.once('SIGTERM', stop);

function stop(): void {
  clearInterval(asking);
  server.close();
  server.closeAllConnections();
  void tracing.sdk.shutdown().then(() => local?.close());
}
