/**
 * Fixed, so that every process of a fleet decides alike; arbitrary, so that the decision has nothing to do with that of
 * a sampler which looks at the bits of the trace id themselves.
 */
const SALT = 0x6c616e67;

/**
 * A number in [0, 1) that belongs to a trace id, the same in every process: a trace is kept at a rate when its number
 * is below it, so that what a low rate keeps a higher one keeps, too.
 *
 * Two 32-bit mixers over the four words of the id make 53 bits; on the hot path, hence without BigInt.
 */
export function fractionOf(traceId: string): number {
  let high = SALT;
  let low = ~SALT;
  for (let at = 0; at < 32; at += 8) {
    const word = Number.parseInt(traceId.slice(at, at + 8), 16);
    high = mix(high ^ word);
    low = mix((Math.imul(low, 0x9e3779b1) + high) ^ word);
  }
  return ((high >>> 0) * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}

/** The finalizer of MurmurHash3: each bit of what goes in changes half of what comes out. */
function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
