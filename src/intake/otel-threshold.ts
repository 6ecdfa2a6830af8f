/**
 * Consistent probability sampling of OpenTelemetry: the `ot` member of a `tracestate` says with `th` how many of the
 * 2^56 values of randomness were turned away, and with `rv` which one the trace has, where that is not the end of its
 * id. Source: the specification's "TraceState: Probability Sampling".
 */
export interface OtelThreshold {
  /** With which probability the trace got here. */
  readonly probability: number;
  /** In [0, 1): where the trace stands among those that got here. Below a rate means: kept at that rate as well. */
  readonly fraction: number;
}

const HALF = 2 ** 28;
const BELOW_ONE = 1 - 2 ** -53;

/** What a sampler before us left in the `tracestate`; undefined when none did, or when it cannot be. */
export function thresholdIn(traceState: string, traceId: string): OtelThreshold | undefined {
  const fields = otFields(traceState)?.split(';') ?? [];
  const threshold = hexFraction(fieldOf(fields, 'th'), 1);
  if (threshold === undefined) return undefined;
  const randomness = hexFraction(fieldOf(fields, 'rv') ?? traceId.slice(-14), 14);
  // What was turned away, and is here nevertheless, was not sampled by that rule.
  if (randomness === undefined || isBelow(randomness, threshold)) return undefined;
  const probability = 1 - fractionFrom(threshold);
  const above: Hex56 = [HALF - 1 - randomness[0], HALF - 1 - randomness[1]];
  return { probability, fraction: Math.min(BELOW_ONE, fractionFrom(above) / probability) };
}

/** The `tracestate` after one more stage that kept the trace with `probability`; everything else in it stays. */
export function withThreshold(traceState: string, total: number): string {
  const threshold = 1 - total;
  const high = Math.floor(threshold * HALF);
  const low = Math.floor((threshold * HALF - high) * HALF);
  const digits = `${toHex(high)}${toHex(low)}`.replace(/0+$/, '') || '0';
  return traceState.replace(/(^|,)(\s*ot=(?:[^,]*;)?th:)[^;,\s]*/, (_, comma, key) => `${comma}${key}${digits}`);
}

/** 56 bits, in two halves. */
type Hex56 = readonly [high: number, low: number];

function otFields(traceState: string): string | undefined {
  for (const member of traceState.split(',')) {
    const trimmed = member.trim();
    if (trimmed.startsWith('ot=')) return trimmed.slice(3);
  }
  return undefined;
}

function fieldOf(fields: readonly string[], key: string): string | undefined {
  return fields.find((field) => field.startsWith(`${key}:`))?.slice(key.length + 1);
}

function hexFraction(digits: string | undefined, least: number): Hex56 | undefined {
  if (digits === undefined || digits.length < least || !/^[0-9a-f]{1,14}$/.test(digits)) return undefined;
  const all = digits.padEnd(14, '0');
  return [Number.parseInt(all.slice(0, 7), 16), Number.parseInt(all.slice(7), 16)];
}

function fractionFrom([high, low]: Hex56): number {
  return high / HALF + low / HALF / HALF;
}

function isBelow(one: Hex56, other: Hex56): boolean {
  return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
}

function toHex(half: number): string {
  return half.toString(16).padStart(7, '0');
}
