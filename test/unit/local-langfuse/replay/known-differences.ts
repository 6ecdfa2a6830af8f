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

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    cases: /^validation: read back$/,
    differences:
      /(usageDetails|usage): .*"total":(3|8)|(costDetails: .*"total":[\d.e-]+}) became {}|usage: {"unit":"TOKENS","input":0/,
    reason: 'The stand-in has no price list and no tokenizer.',
  },
  {
    cases: /^validation: read back$/,
    differences: /: (input|metadata): .*tools\\*":\[/,
    reason: 'The server moves tool definitions from the metadata into the input; no client here relies on it.',
  },
  {
    profiles: ['v2.95'],
    cases: /^validation: read back$/,
    differences: /metadata: .*12345678901234570000/,
    reason: 'PostgreSQL prints a number beyond 2^53 with one digit less; it is the same double.',
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
    cases: /^strange event: (lone surrogate|usage 1e25)/,
    differences: / is (missing|surplus)$/,
    reason: 'Which rows shared the spoiled insert batch is a matter of milliseconds; here it is those of the request.',
  },
  {
    profiles: ['v4-dual'],
    cases: /^validation: read back$/,
    differences: /^v2observations \w+: output: "\\"\\"" became ""$/,
    reason: 'Rows are copied from what is shown, which is parsed; the text of an empty JSON text is not kept.',
  },
  {
    profiles: ['v4-dual'],
    cases: /^strange event: session with NUL$/,
    differences: /t-\w+ is surplus$/,
    reason: 'The job that copies traces into rows stumbles over the session; the stand-in copies without one.',
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
