import { LangfuseSpanProcessor } from 'opentelemetry-exporter-langfuse';

const before = process.getActiveResourcesInfo();
const processor = new LangfuseSpanProcessor();
const opened = process.getActiveResourcesInfo().slice(before.length);
const { state } = processor.status();
const madeAt = performance.now();
process.on('exit', () => console.log(JSON.stringify({ state, opened, idleMs: performance.now() - madeAt })));
