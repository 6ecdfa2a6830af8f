import type { Observation, ObservationLevel, ObservationType } from '../../../src/model.js';
import type { SpanData } from '../../../src/span.js';

/** What the documentation of a library says, and where; and what a span of it must therefore become. */
export interface ConventionCases {
  /** As the convention names itself. */
  readonly convention: string;
  /** As people name the library. */
  readonly library: string;
  readonly source: string;
  readonly cases: readonly ConventionCase[];
}

export interface ConventionCase {
  /** A sentence, for the name of the test. */
  readonly says: string;
  /** A span by hand; what it does not say is that of an ordinary one. */
  readonly span?: Partial<SpanData>;
  /** A recorded span: the run, the beginning of the span's name, and which of those with it. */
  readonly recorded?: { readonly run: string; readonly span: string; readonly nth?: number };
  readonly expected: Expected;
}

/** What is not named is not looked at. The names are the columns of the page about conventions. */
export interface Expected {
  readonly type?: ObservationType;
  readonly name?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  /** Definitions beside the messages of the input. */
  readonly tools?: readonly unknown[];
  readonly model?: string;
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly usage?: Observation['usage'] | undefined;
  readonly cost?: Observation['cost'];
  readonly 'first token'?: string;
  readonly user?: string | undefined;
  readonly session?: string;
  readonly tags?: readonly string[];
  /** At least this. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly level?: ObservationLevel;
  readonly status?: string;
  readonly prompt?: Observation['prompt'];
  readonly trace?: string;
  readonly version?: string;
}

export const COLUMNS = [
  'type',
  'name',
  'input',
  'output',
  'tools',
  'model',
  'parameters',
  'usage',
  'cost',
  'first token',
  'user',
  'session',
  'tags',
  'metadata',
  'level',
  'status',
  'prompt',
  'trace',
  'version',
] as const satisfies readonly (keyof Expected)[];
