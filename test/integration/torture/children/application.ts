/**
 * An application with one span, ended as `SCENE` says. `LANGFUSE_*` variables say where it goes. Writes `ready` when
 * the span has ended, and what it sees of itself.
 */
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { LangfuseSpanProcessor } from '../../../../src/index.js';

const scene = process.env['SCENE'] ?? 'idle';
const processor = new LangfuseSpanProcessor({
  flushInterval: 60,
  shouldExportSpan: () => true,
  shutdownTimeoutMs: 2_000,
  hooks: { signals: scene.startsWith('signal'), beforeExit: scene !== 'no-hooks' },
});
const provider = new BasicTracerProvider({ spanProcessors: [processor] });
provider.getTracer('child').startSpan('only').end();
const stayAlive = (): NodeJS.Timeout => setInterval(() => {}, 1_000);

switch (scene) {
  case 'exit-code':
    process.exitCode = 7;
    break;
  case 'signal':
    stayAlive();
    break;
  case 'signal-with-listener': {
    const timer = stayAlive();
    process.on('SIGTERM', () => {
      console.log('the application was asked to end');
      clearInterval(timer);
      process.exitCode = 5;
    });
    break;
  }
  case 'exit-call': {
    const { queued } = processor.status().ledger;
    process.on('exit', () => console.log(`exiting with ${JSON.stringify({ queued })}`));
    process.exit(9);
    break;
  }
  case 'uncaught':
    throw new Error('a mistake of the application');
  case 'hold': {
    const report = await processor.flush();
    console.log(JSON.stringify({ ...report, circuit: processor.status().circuit.state }));
    break;
  }
  case 'closed': {
    await processor.flush();
    await processor.close();
    const listeners = ['beforeExit', 'SIGTERM', 'SIGINT'].map((name) => process.listenerCount(name));
    const resources = process
      .getActiveResourcesInfo()
      .filter((kind) => !/^(Pipe|TTY|FSReq|CloseReq|MessagePort)/.test(kind));
    console.log(JSON.stringify({ listeners, resources }));
    break;
  }
}
console.log('ready');
