import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ATTEMPTS, CIRCUIT_STATES, TRANSITIONS } from '../../../src/ledger/labels.js';
import { LedgerBook } from '../../../src/ledger/ledger.js';
import { OBSERVED_METRICS } from '../../../src/ledger/observed-metrics.js';
import type { Snapshot } from '../../../src/ledger/snapshot.js';
import { TIMED_METRICS } from '../../../src/ledger/timed-metrics.js';

const page = readFileSync(new URL('../../../docs/PRODUCTION.md', import.meta.url), 'utf8');
const once = (labels: Readonly<{ [key: string]: string }>) => ({ labels, count: 1 });

const SNAPSHOT: Snapshot = {
  ledger: new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 0 })).read(),
  returned: 0,
  memory: { maxSpans: 1, bytes: 0, maxBytes: 1, utilization: 0 },
  diskUtilization: 0,
  oldestAgeS: 0,
  backpressure: { queueDepth: 0, queueCapacity: 1, utilization: 0, isUnderPressure: false, samplingRate: 1 },
  circuit: { state: 'closed', failures: 0, lastFailure: undefined, openUntil: undefined, reason: undefined },
  concurrencyLimit: 4,
  attempts: ATTEMPTS.map(once),
  transitions: TRANSITIONS.map(once),
};

/** Name → kind, unit and labels, as the code has them. */
const inCode = new Map([
  ...OBSERVED_METRICS.map(({ name, kind, unit, values }): readonly [string, string] => {
    const labels = new Set(values(SNAPSHOT).flatMap(([, labelled = {}]) => Object.keys(labelled)));
    return [name, [kind, unit, ...labels].join(' ')];
  }),
  ...Object.values(TIMED_METRICS).map(({ name, unit }): readonly [string, string] => [
    name,
    ['histogram', unit, ...(unit === 's' ? ['error.type', 'http.response.status_code'] : [])].join(' '),
  ]),
]);

describe('the table of metrics', () => {
  it('has every metric, with the kind, the unit and the labels it has', () => {
    const rows = page.split('\n').filter((line) => /^\| `(otel\.sdk|langfuse\.exporter)/.test(line));
    const inDocs = new Map(
      rows.map((line) => {
        const [, name = '', kind = '', unit = '', labels = ''] = line
          .split('|')
          .map((cell) => cell.trim().replaceAll('`', ''));
        return [name, [kind, unit, ...labels.split(', ').filter(Boolean)].join(' ')] as const;
      }),
    );
    expect(Object.fromEntries(inDocs)).toEqual(Object.fromEntries(inCode));
  });

  it('says what the numbers of the circuit mean', () => {
    const meaning = Object.entries(CIRCUIT_STATES).map(([state, number]) => `${number} ${state}`);
    expect(page).toContain(meaning.join(', '));
  });

  it('names every alert there is', () => {
    const rules = readFileSync(new URL('../../../examples/prometheus/alerts.yml', import.meta.url), 'utf8');
    for (const [, name] of rules.matchAll(/alert: (\w+)/g)) expect(page).toContain(`| \`${name}\``);
  });
});
