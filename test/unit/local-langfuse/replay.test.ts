import { beforeAll, describe, expect, it } from 'vitest';
import { explains, KNOWN_DIFFERENCES, unexplained } from './replay/known-differences.js';
import { readRecording } from './replay/recording.js';
import { RECORDINGS } from './replay/recordings.js';
import { replay } from './replay/replay.js';

const TIMEOUT_MS = 120_000;

describe('a local Langfuse that is sent what real servers were sent', () => {
  const results = new Map<string, Map<string, string[]>>();

  beforeAll(async () => {
    for (const { recording, profile } of RECORDINGS)
      results.set(profile, await replay(readRecording(recording), profile));
  }, TIMEOUT_MS);

  it.each(RECORDINGS)('gives the answers of $recording, and shows what it shows', ({ profile }) => {
    const cases = results.get(profile) ?? new Map<string, string[]>();
    const left = [...cases].flatMap(([name, found]) =>
      unexplained(profile, name, found).map((one) => `${name}: ${one}`),
    );
    expect(left).toEqual([]);
    expect(cases.size).toBeGreaterThan(350);
  });

  it.each(KNOWN_DIFFERENCES)('still differs where it says so: $cases $differences', (known) => {
    const found = RECORDINGS.flatMap(({ profile }) =>
      [...(results.get(profile) ?? [])].filter(([name, differences]) =>
        differences.some((difference) => explains(known, profile, name, difference)),
      ),
    );
    expect(found).not.toEqual([]);
  });
});
