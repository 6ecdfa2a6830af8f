import { describe, expect, it } from 'vitest';
import { fitRecord } from '../../src/encode/fit.js';
import { ingestionEncoder } from '../../src/encode/ingestion.js';
import { otlpEncoder } from '../../src/encode/otlp.js';
import type { Protocol } from '../../src/index.js';
import type { ServerTraits } from '../../src/ports.js';
import { Translation } from '../../src/preparation/translation.js';
import type { ObservationRecord } from '../../src/record.js';
import { hostileSpan } from '../support/hostile-spans.js';
import { fc } from '../support/seeded-check.js';
import { wireFaults } from '../support/wire-faults.js';

const V4: ServerTraits = { version: '4.16.0', manyTypes: true, oldUsage: false, wantsStructures: false };
const V3: ServerTraits = { ...V4, version: '3.37.0', manyTypes: false };
const V2: ServerTraits = { ...V3, version: '2.95.12', oldUsage: true, wantsStructures: true };

const translated = (spans: Parameters<Translation['toRecordNow']>[0][]): ObservationRecord[] => {
  const translation = new Translation({ options: {} });
  return spans.map((span) => translation.toRecordNow(span));
};

describe('the bytes of a request, whatever spans contain', () => {
  it('keep the rules by both protocols, cut or whole, with every span in them', () => {
    const limit = fc.option(fc.integer({ min: 2_000, max: 60_000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(hostileSpan, { minLength: 1, maxLength: 4 }), limit, (spans, maxBytes) => {
        const whole = translated(spans);
        const fitted = (protocol: Protocol, traits: ServerTraits): ObservationRecord[] =>
          maxBytes === undefined ? whole : whole.map((record) => fitRecord(record, { protocol, traits, maxBytes }));
        const otlp = otlpEncoder.encode(fitted('otlp', V4), V4).body;
        expect(wireFaults('otlp', otlp)).toEqual([]);
        expect(
          Buffer.from(otlp)
            .toString()
            .match(/"startTimeUnixNano"/g),
        ).toHaveLength(spans.length);
        for (const traits of [V2, V3, V4]) {
          const { body, recordsOf } = ingestionEncoder.encode(fitted('ingestion', traits), traits);
          expect(wireFaults('ingestion', body)).toEqual([]);
          for (const { id } of whole) expect(recordsOf.has(id)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('are the same each time', () => {
    fc.assert(
      fc.property(fc.array(hostileSpan, { minLength: 1, maxLength: 3 }), (spans) => {
        expect(translated(spans)).toEqual(translated(spans));
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
