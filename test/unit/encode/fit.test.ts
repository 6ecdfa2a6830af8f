import { describe, expect, it } from 'vitest';
import { fitRecord as fitInto } from '../../../src/encode/fit.js';
import { ingestionEncoder } from '../../../src/encode/ingestion.js';
import { otlpEncoder } from '../../../src/encode/otlp.js';
import type { ObservationRecord } from '../../../src/record.js';
import { record } from '../../support/observations.js';
import { fc } from '../../support/seeded-check.js';
import { wireFaults } from '../../support/wire-faults.js';

const TRAITS = { manyTypes: true, oldUsage: false, wantsStructures: false };
const ENCODERS = { ingestion: ingestionEncoder, otlp: otlpEncoder };

function fitRecord(
  given: ObservationRecord,
  maxBytes: number,
  protocol: keyof typeof ENCODERS = 'otlp',
): ObservationRecord {
  return fitInto(given, { protocol, traits: TRAITS, maxBytes });
}

describe('fitting a record', () => {
  it('leaves alone what fits', () => {
    const small = record({ input: 'hello' });
    expect(fitRecord(small, 10_000)).toBe(small);
  });

  it('cuts the largest content, says so in it, and keeps the rest', () => {
    const fitted = fitRecord(record({ position: 'inner', input: 'x'.repeat(50_000), output: 'short' }), 10_000);
    expect(fitted.input).toMatch(/^x{6000,9000}… \[truncated: \d+ of 50000 characters\]$/);
    expect(fitted.output).toBe('short');
  });

  it('cuts a root and its trace event alike', () => {
    const fitted = fitRecord(record({ input: 'x'.repeat(50_000) }), 10_000);
    expect(fitted.input).toContain('truncated');
    expect(fitted.traceEvent?.input).toBe(fitted.input);
  });

  it('lets go of events that do not fit, which the metadata shows as well', () => {
    const attributes = { 'exception.stacktrace': 'at '.repeat(30_000) };
    const fitted = fitRecord(record({ events: [{ name: 'exception', time: [1_790_000_000, 0], attributes }] }), 20_000);
    expect(fitted.otlpEvents).toBeUndefined();
    expect(fitted.metadata.find(({ key }) => key === 'events')?.value).toContain('truncated');
    expect(otlpEncoder.encode([fitted], TRAITS).body.byteLength).toBeLessThanOrEqual(20_000);
  });

  const large = 'x😀"'.repeat(20_000);
  it.each<readonly [string, Parameters<typeof record>[0]]>([
    ['model', { model: large }],
    ['parameters', { modelParameters: { stop: large } }],
    ['usage', { usage: Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`tokens of kind ${n}`, 1])) }],
    ['metadata key', { metadata: { [large]: 1 } }],
    ['tags', { trace: { tags: Array.from({ length: 500 }, (_, n) => `${n} ${large.slice(0, 200)}`) } }],
    ['trace metadata', { trace: { metadata: { a: large, b: large } } }],
    ['trace input', { input: 'short', trace: { input: large } }],
    ['resource', { resource: { attributes: { 'process.command_line': large } } }],
    ['experiment', { experiment: { metadata: large } }],
    ['control characters', { input: '\u0001'.repeat(5_000) }],
  ])('fits what is large in an unusual place: %s', (_, parts) => {
    for (const position of ['trace', 'inner'] as const) {
      for (const protocol of ['ingestion', 'otlp'] as const) {
        const fitted = fitRecord(record({ position, ...parts }), 20_000, protocol);
        const { body } = ENCODERS[protocol].encode([fitted], TRAITS);
        expect(wireFaults(protocol, body)).toEqual([]);
        expect(body.byteLength).toBeLessThanOrEqual(20_000);
      }
    }
  });

  it('leaves what is small whole beside what is large', () => {
    const fitted = fitRecord(record({ input: large, output: large, metadata: { note: 'y'.repeat(1_000) } }), 30_000);
    expect(fitted.input).toContain('truncated');
    expect(fitted.output).toContain('truncated');
    expect(fitted.metadata.find(({ key }) => key === 'note')?.value).toBe(`"${'y'.repeat(1_000)}"`);
  });

  it('never splits an emoji', () => {
    const fitted = fitRecord(record({ input: '😀'.repeat(20_000) }), 10_001);
    expect(fitted.input).toContain('truncated');
    expect(fitted.input?.isWellFormed()).toBe(true);
  });

  it('fits anything into both protocols, always in the same way', () => {
    const content = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 0, maxLength: 300 }).map((s) => s.repeat(60)),
      fc.array(fc.string({ maxLength: 200 }), { maxLength: 100 }),
    );
    fc.assert(
      fc.property(content, content, content, fc.boolean(), (input, output, note, isRoot) => {
        const made = record({ position: isRoot ? 'trace' : 'inner', input, output, metadata: { note } });
        for (const protocol of ['ingestion', 'otlp'] as const) {
          const fitted = fitRecord(made, 9_000, protocol);
          expect(fitted).toEqual(fitRecord(made, 9_000, protocol));
          const { body } = ENCODERS[protocol].encode([fitted], TRAITS);
          expect(() => JSON.parse(new TextDecoder().decode(body))).not.toThrow();
          expect(body.byteLength).toBeLessThanOrEqual(9_000);
        }
      }),
    );
  });
});
