import { describe, expect, it } from 'vitest';
import { Random } from '../support/random.js';
import { SEED } from '../support/seed.js';
import { temporaryDirectory } from '../support/spool/temporary-directory.js';
import { soak } from './soak-run.js';

/** A minute and a half where changes land; `SOAK_SECONDS` says otherwise. */
const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 90);
const CALM_SECONDS = 90;

describe('after random faults of every kind have ended', () => {
  it.concurrent.each([
    ['v3.225', 'in memory'],
    ['v4-events-only', 'in memory'],
    ['v4-events-only', 'on disk'],
  ] as const)(
    'every span is at the server (%s) or in the ledger, and none waits %s',
    async (profile, where) => {
      const directory = where === 'on disk' ? temporaryDirectory() : undefined;
      const { violations, report, faults } = await soak(profile, SECONDS, new Random(SEED), directory);
      const seen = `SEED=${SEED}: ${faults} faults, ${JSON.stringify(report)}`;
      expect(violations, seen).toEqual([]);
      expect(faults, seen).toBeGreaterThan(SECONDS / 10);
      // The faults are short: what waits through them is delivered, and not given up.
      expect(report.delivered / report.ended, seen).toBeGreaterThan(0.5);
    },
    1_000 * (SECONDS + CALM_SECONDS),
  );
});
