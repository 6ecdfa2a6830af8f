import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingestionEncoder } from '../../src/encode/ingestion.js';
import { otlpEncoder } from '../../src/encode/otlp.js';
import { checksum } from '../../src/spool/checksum.js';
import { decodeMarks, encodeMarks } from '../../src/spool/marks.js';
import { plainCodec } from '../../src/spool/payload-codec.js';
import { decodeRecord, encodeRecord } from '../../src/spool/record-codec.js';
import {
  decodeHeader,
  encodeFrame,
  encodeHeader,
  FRAME_BYTES,
  HEADER_BYTES,
  RECORD_FRAME,
  SEGMENT_VERSION,
} from '../../src/spool/segment.js';
import { type Found, scanFrames } from '../../src/spool/segment-scan.js';
import { record } from '../support/observations.js';
import { fc } from '../support/seeded-check.js';

const HEADER = encodeHeader({
  version: SEGMENT_VERSION,
  codec: 0,
  createdMs: 1_790_000_000_000,
  project: '0123456789abcdef',
});

const TRAITS = { manyTypes: true, oldUsage: false, wantsStructures: false };

const frameOf = (id: number, payload: Uint8Array): Buffer =>
  encodeFrame({ type: RECORD_FRAME, flags: 0, spans: 1, id, createdMs: 1_790_000_000_000 + id }, payload);

const segmentOf = (payloads: readonly Uint8Array[]): Buffer =>
  Buffer.concat([HEADER, ...payloads.map((payload, n) => frameOf(n + 1, payload))]);

/** Scans bytes as a file would be, in small reads now and then. */
const scan = (bytes: Buffer, from = HEADER_BYTES): Found[] => [
  ...scanFrames((position, length) => bytes.subarray(position, position + length), from, bytes.length),
];

const payloadsIn = (found: readonly Found[]): string[] =>
  found.flatMap((one) => (one.kind === 'frame' ? [`${one.frame.id}:${one.frame.payload.toString('hex')}`] : []));
const written = (payloads: readonly Uint8Array[]): string[] =>
  payloads.map((payload, n) => `${n + 1}:${Buffer.from(payload).toString('hex')}`);

const payload = fc.uint8Array({ maxLength: 60 });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const json = fc.jsonValue().map((value) => JSON.stringify(value));

describe('a checksum', () => {
  it('is the same however it is made: short ones here, long ones by zlib', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(bytes, fc.nat(200), fc.nat(200), (whole, one, other) => {
        const [from = 0, to = 0] = [one, other].map((at) => Math.min(at, whole.length)).toSorted((a, b) => a - b);
        expect(checksum(whole, from, to)).toBe(crc32(whole.subarray(from, to)));
      }),
    );
  });
});

describe('a record', () => {
  it('comes back from disk as it was, whatever is in it', () => {
    const traced = fc.record({ name: text, userId: text, tags: fc.array(text) }, { requiredKeys: [] });
    const observation = fc.record(
      {
        name: text,
        input: fc.oneof(text, json),
        output: text,
        metadata: fc.dictionary(text, fc.jsonValue()),
        trace: traced,
        model: text,
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(observation, (over) => {
        // What had to be changed is counted when the record is made, and is no part of it on disk.
        const made = {
          ...record({ ...over, metadata: over.metadata ?? {}, trace: over.trace ?? {} }),
          changed: undefined,
        };
        const back = decodeRecord(encodeRecord(made), plainCodec);
        expect(back).toEqual(JSON.parse(JSON.stringify(made)));
        if (back === undefined) throw new Error('it did not come back');
        for (const encoder of [ingestionEncoder, otlpEncoder]) {
          expect(encoder.encode([back], TRAITS).body).toEqual(encoder.encode([made], TRAITS).body);
        }
      }),
    );
  });

  it('shares its resource with others of the same provider again', () => {
    const [a, b] = [record({ id: '0000000000000001' }), record({ id: '0000000000000002' })].map((made) =>
      decodeRecord(encodeRecord(made), plainCodec),
    );
    expect(a?.resource).toBe(b?.resource);
  });

  it('is none when its bytes are anything else, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeRecord(Buffer.from(bytes), plainCodec)).toBeUndefined();
      }),
    );
  });
});

describe('the header of a segment', () => {
  it('says what it was given', () => {
    const header = { version: 1, codec: 0, createdMs: 1_790_000_000_123, project: 'fedcba9876543210' };
    expect(decodeHeader(encodeHeader(header))).toEqual(header);
  });

  it('is none with any byte changed', () => {
    for (let at = 0; at < HEADER_BYTES; at++) {
      const bytes = Buffer.from(HEADER);
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
      expect(decodeHeader(bytes)).toBeUndefined();
    }
  });
});

describe('a segment', () => {
  it('gives back every frame, in order', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 8 }), (payloads) => {
        expect(payloadsIn(scan(segmentOf(payloads)))).toEqual(written(payloads));
      }),
    );
  });

  it('cut at any byte has every frame before the cut, and no other', () => {
    const payloads = [Buffer.from('one'), Buffer.alloc(0), Buffer.from('three, a little longer')];
    const whole = segmentOf(payloads);
    const ends = payloads.map((_, n) => segmentOf(payloads.slice(0, n + 1)).length);
    for (let size = HEADER_BYTES; size <= whole.length; size++) {
      const found = scan(whole.subarray(0, size));
      const complete = ends.filter((end) => end <= size).length;
      expect(payloadsIn(found)).toEqual(written(payloads).slice(0, complete));
      const isBetween = size === HEADER_BYTES || ends.includes(size);
      expect(found.filter(({ kind }) => kind !== 'frame').map(({ kind }) => kind)).toEqual(isBetween ? [] : ['torn']);
    }
  });

  it('with any byte changed loses one record at most, says so, and invents none', () => {
    const payloads = [Buffer.from('one'), Buffer.from('two'), Buffer.from('three')];
    const whole = segmentOf(payloads);
    for (let at = HEADER_BYTES; at < whole.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const found = scan(bytes);
        const kinds = found.map(({ kind }) => kind).toSorted();
        // Damage in the last frame may look like an end that was never written.
        expect(kinds).toEqual(['corrupt', 'frame', 'frame']);
        for (const one of payloadsIn(found)) expect(written(payloads)).toContain(one);
      }
    }
  });

  it('whose end is zeros, as some file systems leave it after a power cut, is torn there', () => {
    const payloads = [Buffer.from('one')];
    const found = scan(Buffer.concat([segmentOf(payloads), Buffer.alloc(5_000)]));
    expect(found.map(({ kind }) => kind)).toEqual(['frame', 'torn']);
  });

  it('is read past garbage of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), payload, (garbage, bytes) => {
        const found = scan(Buffer.concat([HEADER, frameOf(1, bytes), garbage, frameOf(2, bytes)]));
        expect(payloadsIn(found)).toEqual(written([bytes, bytes]));
      }),
    );
  });

  it('larger than what is read at once comes back whole, damage across the seams included', () => {
    const sizes = [262_144 - HEADER_BYTES - FRAME_BYTES, 1, 262_143, 700_000, 5];
    const payloads = sizes.map((size, n) => Buffer.alloc(size, n + 1));
    const whole = segmentOf(payloads);
    expect(payloadsIn(scan(whole)).map((one) => one.length)).toEqual(written(payloads).map((one) => one.length));
    const second = HEADER_BYTES + FRAME_BYTES + (sizes[0] ?? 0);
    whole[second] = 0;
    const found = scan(whole);
    expect(found.map(({ kind }) => kind)).toEqual(['frame', 'corrupt', 'frame', 'frame', 'frame']);
  });

  it('of any bytes is read without an exception, and nothing in it counts as a record', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(payloadsIn(scan(Buffer.from(bytes), 0))).toEqual([]);
      }),
    );
  });

  it('that holds the bytes of another segment in a payload gives back one record', () => {
    const inner = segmentOf([Buffer.from('inner')]);
    expect(payloadsIn(scan(segmentOf([inner])))).toEqual(written([inner]));
  });
});

describe('the notes on a segment', () => {
  it('say what was noted last, whatever is torn or damaged among them', () => {
    const bytes = Buffer.concat([
      encodeMarks('done', [1, 2 ** 40]),
      encodeMarks('tried', [3, 3]),
      encodeMarks('doubt', [4]),
      encodeMarks('tried', [5]),
      encodeMarks('survived', [5, 5]),
      encodeMarks('tried', [5]),
      encodeMarks('done', [6]).subarray(0, 10),
    ]);
    const notes = decodeMarks(bytes);
    expect([notes.get(1)?.isDone, notes.get(2 ** 40)?.isDone, notes.get(6)]).toEqual([true, true, undefined]);
    expect([notes.get(3)?.deadlyTries, notes.get(4)?.inDoubt, notes.get(5)?.deadlyTries]).toEqual([2, true, 1]);
    bytes[3] = 9;
    expect(decodeMarks(bytes).has(1)).toBe(false);
  });

  it('of any bytes are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect([...decodeMarks(Buffer.from(bytes)).keys()]).toEqual([]);
      }),
    );
  });
});
