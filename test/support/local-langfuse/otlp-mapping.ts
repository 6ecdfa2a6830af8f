import type { OtlpMapping } from './otlp-store.js';

/** The mapping, loaded when a server starts: everything else here works and is tested without it. */
export async function loadMapping(): Promise<OtlpMapping> {
  const path = './otlp/index.js';
  try {
    return (await import(path)) as OtlpMapping;
  } catch {
    return NO_MAPPING;
  }
}

const NO_MAPPING: OtlpMapping = {
  rejectionOf: () => undefined,
  toIngestionEvents: () => [],
  toEventRows: () => [],
};
