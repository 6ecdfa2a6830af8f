import type { ServerTraits } from '../ports.js';

/** Major, minor and patch of what the health endpoint says; undefined when that is not a version. */
export function parseVersion(text: unknown): readonly [number, number, number] | undefined {
  const match = typeof text === 'string' ? /^v?(\d{1,4})\.(\d{1,6})\.(\d{1,6})/.exec(text) : null;
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** What a server of this version understands. Of an unknown one the best is assumed, until it says otherwise. */
export function traitsOf(version: string | undefined): ServerTraits {
  return {
    version,
    manyTypes: version === undefined || isAtLeast(version, [3, 98, 2]),
    oldUsage: version !== undefined && !isAtLeast(version, [3, 2, 0]),
    wantsStructures: version !== undefined && !isAtLeast(version, [3, 0, 0]),
  };
}

/** v4 refuses traces and observations on the ingestion endpoint in its default mode; before, OTLP is second best. */
export function prefersOtlp(version: string): boolean {
  return isAtLeast(version, [4, 0, 0]);
}

function isAtLeast(version: string, least: readonly [number, number, number]): boolean {
  const parsed = parseVersion(version);
  if (parsed === undefined) return false;
  for (const [index, wanted] of least.entries()) {
    const part = parsed[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
