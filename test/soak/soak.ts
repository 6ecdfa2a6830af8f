/**
 * The soak by hand, as long as you like, and again with the seed it names:
 *
 *     tsx test/soak/soak.ts [seconds] [seed]
 */
import { Random } from '../support/random.js';
import { soak } from './soak-run.js';

const seconds = Number(process.argv[2] ?? 120);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);

console.log(`soak: ${seconds} s, seed ${seed}`);
const random = new Random(seed);
const profiles = ['v3.225', 'v4-events-only'] as const;
const runs = await Promise.all(
  profiles.map((profile) => soak(profile, seconds, new Random(random.between(0, 2 ** 31)))),
);
const named = (counts: Readonly<{ [reason: string]: number }>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)));
for (const { profile, faults, deliveredInStorm, calmMs, report, violations } of runs) {
  const { ended, delivered, rejected, dropped, refused } = report;
  console.log(
    `${profile}: ${faults} faults met by ${ended} spans: ${delivered} delivered (${deliveredInStorm} before the`,
  );
  console.log(`  calm), ${rejected} rejected, dropped ${named(dropped)}, refused ${named(refused)}; all settled after`);
  console.log(`  ${Math.round(calmMs)} ms of calm; ${violations.join('; ') || 'conservation and liveness hold'}`);
  if (violations.length > 0) process.exitCode = 1;
}
