import { startLocalLangfuse } from '../../test/support/local-langfuse/index.js';
import { startScriptedProvider } from '../../test/support/scripted-provider/scripted-provider.js';
import { runAgent } from './agent.js';
import { HELP, parseDemoArguments, type ServerGeneration } from './arguments.js';
import { isBalanced, type LedgerNumbers, ledgerLine } from './ledger-line.js';
import { runSupportChat } from './openai-client.js';
import { printTrees } from './print-tree.js';
import { remoteBaseUrl, traceUrl } from './remote.js';
import { startTracing, type Tracing } from './tracing.js';
import { toTrees } from './tree.js';

/** Between the words of an answer: enough for durations to look like durations. */
const PROVIDER_LATENCY_MS = 10;
/** For the local server to store what it has acknowledged. */
const STORE_TIMEOUT_MS = 5_000;
const PROFILES = { v3: 'v3.225', v4: 'v4-events-only' } as const;

async function main(): Promise<number> {
  const args = parseDemoArguments(process.argv.slice(2));
  if (args.kind === 'help') {
    print(HELP);
    return 0;
  }
  if (args.kind === 'mistake') {
    process.stderr.write(`${args.message}\n\n${HELP}`);
    return 2;
  }
  const baseUrl = remoteBaseUrl(process.env);
  if (baseUrl === undefined) return runLocally(args.server);
  if (args.isServerGiven) print('LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are set: --server has no effect\n');
  return runAgainst(baseUrl);
}

async function runLocally(server: ServerGeneration): Promise<number> {
  const langfuse = await startLocalLangfuse({ profile: PROFILES[server] });
  try {
    const { baseUrl, publicKey, secretKey } = langfuse;
    const tracing = startTracing({ baseUrl, publicKey, secretKey });
    const report = await runProgram(tracing);
    await langfuse.waitFor(() => langfuse.observations().length >= report.delivered, STORE_TIMEOUT_MS);
    const trees = toTrees(langfuse.observations(), langfuse.traces());
    const colors = process.stdout.hasColors?.() ?? false;
    print(`${printTrees(trees, { columns: process.stdout.columns ?? 100, colors })}\n`);
    return conclude(tracing, report);
  } finally {
    await langfuse.close();
  }
}

async function runAgainst(baseUrl: string): Promise<number> {
  print(`Sending to ${baseUrl}\n`);
  const tracing = startTracing(undefined);
  const report = await runProgram(tracing);
  if (report.delivered > 0) for (const id of tracing.traceIds) print(`${traceUrl(baseUrl, id)}\n`);
  return conclude(tracing, report);
}

/** The program under observation, from its first span to the end of tracing. */
async function runProgram({ sdk, processor }: Tracing): Promise<LedgerNumbers> {
  const provider = await startScriptedProvider({ latencyMs: PROVIDER_LATENCY_MS });
  try {
    await runAgent(provider.baseUrl);
    await runSupportChat(provider.baseUrl);
  } finally {
    await sdk.shutdown();
    await provider.close();
  }
  // Shut down already, with the SDK: this is the report of it.
  return processor.close();
}

function conclude({ processor }: Tracing, report: LedgerNumbers): number {
  const { protocol, serverVersion } = processor.status();
  // A ledger balances over lost spans too: it only says that we know of them.
  const missing = report.accepted - report.delivered;
  if (missing > 0) print(`${missing} of ${report.accepted} spans did not arrive\n`);
  print(`protocol ${protocol ?? 'never chosen'}, Langfuse ${serverVersion ?? 'of unknown version'}\n`);
  print(`${ledgerLine(report)}\n`);
  return isBalanced(report) ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(text);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
