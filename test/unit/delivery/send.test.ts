import { describe, expect, it } from 'vitest';
import { type SendParts, sender } from '../../../src/delivery/send.js';
import { SizeLimit } from '../../../src/delivery/size-limit.js';
import type { Outcome } from '../../../src/outcome.js';
import type { Encoder } from '../../../src/ports.js';
import { ManualClock } from '../../support/manual-clock.js';
import { record } from '../../support/observations.js';

/** What an attempt with two records does, in its order. */
async function stepsOf(
  protocol: 'ingestion' | 'otlp',
  encode: Encoder['encode'],
): Promise<{ readonly steps: readonly string[]; readonly kind: Outcome['kind'] }> {
  const steps: string[] = [];
  const clock = new ManualClock();
  const encoder: Encoder = {
    encode: (...given) => {
      steps.push('encode');
      return encode(...given);
    },
  };
  const parts: SendParts = {
    ...{ clock, encoders: { ingestion: encoder, otlp: encoder } },
    transport: {
      send: async () => {
        steps.push('transport');
        return { status: 200, headers: {}, text: '' };
      },
      async close() {},
    },
    fit: (_, fitted) => {
      steps.push('fit');
      return fitted;
    },
    limits: { ingestion: new SizeLimit(10_000), otlp: new SizeLimit(10_000) },
    traits: () => ({ manyTypes: true, oldUsage: false, wantsStructures: false }),
    ...{ attemptTimeoutMs: 1_000, gzip: true },
    classifyResponse: () => ({ kind: 'accepted', traceEventRejections: [] }),
    classifyFailure: (cause) => {
      throw cause;
    },
  };
  const records = [record({}), record({})];
  const outcome = sender(parts)(protocol, records, new AbortController().signal, {
    encoding: (work) => {
      steps.push('tried');
      const made = work();
      steps.push('survived');
      return made;
    },
    departs: () => void steps.push('departs'),
  });
  await clock.advance(1);
  return { steps, kind: (await outcome).kind };
}

const ofBytes = (bytes: number) => () => ({ body: new Uint8Array(bytes), recordsOf: new Map() });
const ENCODED = ['tried', 'fit', 'fit', 'encode', 'survived'];

describe.each(['ingestion', 'otlp'] as const)('an attempt by %s', (protocol) => {
  it('is noted around all that is done with its records, and before its first byte can leave', async () => {
    const steps = [...ENCODED, 'departs', 'transport'];
    expect(await stepsOf(protocol, ofBytes(5_000))).toEqual({ steps, kind: 'accepted' });
  });

  it('with a record that cannot be written has survived it, and does not depart', async () => {
    const encode = (): never => {
      throw new Error('cannot be written');
    };
    expect(await stepsOf(protocol, encode)).toEqual({ steps: ENCODED, kind: 'refused' });
  });

  it('that is too large has survived it, and does not depart', async () => {
    expect(await stepsOf(protocol, ofBytes(20_000))).toEqual({ steps: ENCODED, kind: 'too_large' });
  });
});
