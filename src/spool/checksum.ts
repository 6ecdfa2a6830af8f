import { crc32 } from 'node:zlib';

/** Up to here the call into native code, and the view it wants, would take longer than the sum. */
const FEW_BYTES = 64;

const TABLE = new Int32Array(256).map((_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb8_8320 : rest >>> 1;
  return rest;
});

/** The CRC-32 of `bytes` from `from` to `to`. */
export function checksum(bytes: Buffer, from: number, to: number): number {
  if (to - from > FEW_BYTES) return crc32(bytes.subarray(from, to));
  let sum = -1;
  for (let at = from; at < to; at++) sum = (sum >>> 8) ^ (TABLE[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~sum >>> 0;
}
