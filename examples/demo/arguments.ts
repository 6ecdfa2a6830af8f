import { parseArgs } from 'node:util';

export type ServerGeneration = 'v3' | 'v4';

export type DemoArguments =
  | { readonly kind: 'run'; readonly server: ServerGeneration; readonly isServerGiven: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string };

export const HELP = `Usage: npm run demo -- [--server v3|v4]

A small agent (Vercel AI SDK, two tools, streaming) and the OpenAI client under OpenInference talk to a scripted
provider; OpenTelemetry's NodeSDK with LangfuseSpanProcessor brings their spans to Langfuse. Everything runs on this
machine: no account, no network.

  --server v3   a local Langfuse v3: ingestion events
  --server v4   a local Langfuse v4: OTLP (default)
  --help        this text

With LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY set, the spans go to that server instead (LANGFUSE_BASE_URL, by
default Langfuse Cloud).

Exit code: 0 when the ledger balances, 1 when it does not or the demo fails, 2 for a wrong argument.
`;

export function parseDemoArguments(argv: readonly string[]): DemoArguments {
  try {
    const options = { server: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    if (values.help) return { kind: 'help' };
    const server = values.server ?? 'v4';
    if (server !== 'v3' && server !== 'v4') {
      return { kind: 'mistake', message: `--server must be v3 or v4, got "${server}"` };
    }
    return { kind: 'run', server, isServerGiven: values.server !== undefined };
  } catch (error) {
    return { kind: 'mistake', message: error instanceof Error ? error.message : String(error) };
  }
}
