import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One run of a GenAI instrumentation: its real spans, and what the Langfuse server 4.16.0 makes of them. */
export interface CorpusRun {
  /** `<library>__<scenario>`, unique. */
  readonly name: string;
  readonly library: string;
  readonly version: string;
  readonly scenario: string;
  /** The error the application saw. */
  readonly thrown?: string;
  /** OTLP/JSON `ResourceSpans`: ids in hex, times as text in nanoseconds, NaN as `"NaN"`. */
  readonly resourceSpans: readonly unknown[];
  /** OTLP/JSON `ResourceLogs`, where the library puts message content on the logs signal. */
  readonly resourceLogs?: readonly unknown[];
  /** The ingestion events of the server's own mapping, before its event schema. */
  readonly serverEvents: readonly CorpusEvent[];
}

export interface CorpusEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const FILE = new URL('../corpus/corpus.json.gz', import.meta.url);
let runs: readonly CorpusRun[] | undefined;

/** All runs, by name; read once per process, so treat them as read-only. */
export function corpus(): readonly CorpusRun[] {
  runs ??= JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8')) as readonly CorpusRun[];
  return runs;
}
