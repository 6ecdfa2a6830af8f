import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../../../conformance/recordings/', import.meta.url);

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly auth: string;
  readonly body?: RecordedBody;
}

export interface RecordedBody {
  readonly json?: unknown;
  readonly text?: string;
  /** Padded with spaces to so many bytes. */
  readonly pad?: number;
  /** The output attribute of the only span, filled to so many characters. */
  readonly grow?: number;
  readonly gzip?: boolean;
}

export interface RecordedAnswer {
  readonly status?: number;
  readonly contentType?: string;
  readonly location?: string;
  /** JSON where it parses, `<html>` for a page. */
  readonly body?: unknown;
}

export interface RecordedCase {
  readonly name: string;
  readonly exchanges: readonly { readonly request: RecordedRequest; readonly response: RecordedAnswer }[];
  readonly read?: Readonly<Record<string, ReadBack>>;
}

export type Reading = 'trace' | 'observations' | 'v2observations';
export type ReadBack = Readonly<Record<Reading, RecordedAnswer>>;

export interface Recording {
  /** What server it was, and when. */
  readonly server: object;
  readonly cases: readonly RecordedCase[];
}

/** What a real server answered, case by case. */
export function readRecording(name: string): Recording {
  const text = gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, FOLDER))).toString('utf8');
  const [server, ...cases] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { server, cases };
}
