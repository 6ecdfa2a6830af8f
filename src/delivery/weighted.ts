import type { Held } from '../ports.js';
import type { MetadataEntry, ObservationRecord } from '../record.js';

/**
 * The record as it is sent: with how probable it was that its trace is kept, and for how many it stands, so that counts
 * and sums can be estimated from what was kept. Both are final since the record left memory, and absent when all are
 * kept. A span that is sent although its trace was given up stands for none: the kept ones stand for it.
 */
export function weighted({ record, sampling }: Pick<Held, 'record' | 'sampling'>): ObservationRecord {
  if (sampling === undefined || (sampling.probability === 1 && !sampling.isPartial)) {
    return sampling?.traceState === undefined ? record : { ...record, traceState: sampling.traceState };
  }
  const { isPartial, probability, traceState } = sampling;
  const entries = isPartial
    ? [entry('langfuse.sampling.adjusted_count', '0'), entry('langfuse.trace.partial', 'true')]
    : [
        entry('langfuse.sampling.probability', String(probability)),
        entry('langfuse.sampling.adjusted_count', String(1 / probability)),
      ];
  return { ...record, metadata: [...record.metadata, ...entries], traceState };
}

function entry(key: string, value: string): MetadataEntry {
  return { key, value };
}
