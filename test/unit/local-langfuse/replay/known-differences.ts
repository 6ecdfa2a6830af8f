import type { ProfileName } from '../../../support/local-langfuse/index.js';

/** Where the stand-in knowingly differs from the real server, and why that is fine, or what is left to do. */
export interface KnownDifference {
  readonly profiles?: readonly ProfileName[];
  /** The name of the case. */
  readonly cases: RegExp;
  /** The text of the difference. */
  readonly differences: RegExp;
  readonly reason: string;
}

/** Prices and tokens of `gpt-4o` and of an embedding: the recorded numbers, so that no other loss hides behind them. */
const PRICED = /costDetails: {.*"total":(0\.00\d+|[\d.]+e-\d+|999999\.999999)} became {}$/;
const TOKENISED =
  /usage(Details)?: {("unit":"TOKENS",)?"input":(6,"output":2,"total":8|3,("output":0,)?"total":3)} became {/;
const TOKENISED_BY_V2 = /usage: {"unit":"TOKENS","input":0,"output":0,"total":0} became {"unit":null/;

const IS_OTLP = /^(otlp|strange|shape|both protocols)\b(?! (event|ids))/;

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    cases: /^(validation: read back|otlp: AI SDK span as it is|strange: (usage .*|metadata tools odd))$/,
    differences: new RegExp(`${PRICED.source}|${TOKENISED.source}|${TOKENISED_BY_V2.source}`),
    reason: 'The stand-in has no price list and no tokenizer.',
  },
  {
    cases: /^validation: read back$/,
    differences: /: (input|metadata): .*tools\\*":\[/,
    reason: 'The server moves tool definitions from posted metadata into the input; no client here relies on it.',
  },
  {
    profiles: ['v2.95'],
    cases: /^validation: read back$/,
    differences: /metadata: .*12345678901234570000/,
    reason: 'PostgreSQL prints a number beyond 2^53 with one digit less; it is the same double.',
  },
  {
    profiles: ['v4-dual'],
    cases: /^validation: read back$/,
    differences: /^v2observations \w+: output: "\\"\\"" became ""$/,
    reason: 'Rows are copied from what is shown, which is parsed; the text of an empty JSON text is not kept.',
  },
  {
    cases: /^merge: newer envelope arrives first$/,
    differences: /^trace: (timestamp|environment): /,
    reason: 'A race in the server: these had processed the first event when the second came.',
  },
  {
    cases: /^merge: same event id, other content$/,
    differences: /: input: "only in the first" became null$/,
    reason: 'The same race. The stand-in forgets the first event, which is the worse case and the one to prepare for.',
  },
  {
    profiles: ['v4-legacy', 'v4-dual'],
    cases: /^otlp: same span, later end$/,
    differences: /^trace: output: "first" became "second"$/,
    reason: 'Both trace rows carry the time of the span, and the database keeps either.',
  },
  {
    profiles: ['v3.37', 'v3.97'],
    cases: /^strange ids$/,
    differences: /^trace: status 404 became 200$/,
    reason: 'An id with ../ ends up elsewhere in the object store of these versions.',
  },
  {
    profiles: ['v3.37'],
    cases: /^media: create/,
    differences: /^mediaId: /,
    reason: '3.37 makes media ids by chance, newer servers from the hash.',
  },
  {
    profiles: ['v3.37'],
    cases: /^validation: read back$/,
    differences: / is surplus$/,
    reason: 'The next request carried a fraction of a token, and its insert batch took this event along.',
  },
  {
    profiles: ['v3.225', 'v4-legacy', 'v4-dual'],
    cases: /^strange( event)?: (lone surrogate|usage 1e25|usage key empty|cost text)/,
    differences: / is (missing|surplus)$|^trace: status 200 became 404$/,
    reason: 'Which rows shared the spoiled insert batch is a matter of milliseconds; here it is those of the request.',
  },
  {
    profiles: ['v4-legacy'],
    cases: /^otlp: remote parent, nothing said$/,
    differences: /^trace: status 404 became 200$/,
    reason: 'Lost in this recording alone; the same server in dual mode shows the trace.',
  },
  {
    profiles: ['v4-dual'],
    cases: /^strange event: session with NUL$/,
    differences: /t-\w+ is surplus$/,
    reason: 'The job that copies traces into rows stumbles over the session; the stand-in copies without one.',
  },
  {
    profiles: ['v3.37', 'v3.97'],
    cases: IS_OTLP,
    differences: /^(?!status|content type)/,
    reason: 'The mapping is the one of 4.16. Clients that know these versions post events, and send no spans.',
  },
  {
    profiles: ['v3.37', 'v3.97'],
    cases:
      /^(strange: (time .*|event attribute without value|gen_ai prompt gap)|shape: scope attribute without value)$/,
    differences: /^status: /,
    reason: 'The same: what the older mappings throw at.',
  },
  {
    profiles: ['v3.225'],
    cases: /^(otlp: level .*|strange: level number)$/,
    differences: / is surplus$/,
    reason: 'The mapping of 3.225 has no table of levels: what is not exactly one of the four loses the span.',
  },
  {
    profiles: ['v3.225'],
    cases: /^otlp: AI SDK span as it is$/,
    differences: /: modelParameters: .*"service_tier":null}$/,
    reason: 'The mapping of 4.16 reads one parameter more.',
  },
];

/** Those of the differences that no entry explains. */
export function unexplained(profile: ProfileName, name: string, differences: readonly string[]): string[] {
  return differences.filter(
    (difference) => !KNOWN_DIFFERENCES.some((known) => explains(known, profile, name, difference)),
  );
}

export function explains(known: KnownDifference, profile: ProfileName, name: string, difference: string): boolean {
  const isOfProfile = known.profiles === undefined || known.profiles.includes(profile);
  return isOfProfile && known.cases.test(name) && known.differences.test(difference);
}
