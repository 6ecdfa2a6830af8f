import type { ObservationRecord } from '../record.js';
import type { OnDisk } from './overflow.js';
import type { PayloadCodec } from './payload-codec.js';
import { decodeRecord } from './record-codec.js';

/** The records of a run, in its order; undefined in the place of one that is damaged. @throws what the disk throws. */
export function readBack(run: readonly OnDisk[], codec: PayloadCodec): readonly (ObservationRecord | undefined)[] {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return [];
  const found = new Map<number, ObservationRecord | undefined>();
  for (const item of first.place.segment.scan(first.place.at)) {
    if (item.kind === 'frame') found.set(item.frame.id, decodeRecord(item.frame.payload, codec));
    if (item.kind === 'torn' || item.end >= last.place.at + last.place.bytes) break;
  }
  return run.map(({ place }) => found.get(place.id));
}
