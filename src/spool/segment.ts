import { checksum } from './checksum.js';

/*
 * A segment is a file that only grows: a header, then one frame for each record. Nothing in it is ever changed; what
 * was delivered is noted in a second file beside it (marks.ts). All numbers are little-endian.
 *
 *   header, 32 bytes
 *   ┌──────────────┬─────────┬───────┬────────────┬──────────────┬──────────┐
 *   │ "LFSPOOL\n"  │ version │ codec │ created ms │ project      │ CRC of   │
 *   │ 8 bytes      │ u16     │ u16   │ u64        │ 8 bytes      │ all, u32 │
 *   └──────────────┴─────────┴───────┴────────────┴──────────────┴──────────┘
 *   frame, 36 bytes and the payload
 *   ┌───────┬──────┬───────┬─────────┬───────┬──────┬─────┬─────────┬─────────┬─────────┬─────────┐
 *   │ magic │ type │ flags │ payload │ spans │ 0    │ id  │ created │ CRC of  │ CRC of  │ payload │
 *   │ F9 FB │ u8   │ u8    │ length  │ u16   │ u16  │ u64 │ ms u64  │ these   │ payload │         │
 *   │       │      │       │ u32     │       │      │     │         │ 28, u32 │ u32     │         │
 *   └───────┴──────┴───────┴─────────┴───────┴──────┴─────┴─────────┴─────────┴─────────┴─────────┘
 *
 * The two bytes of the magic occur in no UTF-8 text, so that a search for the next frame finds none inside a payload
 * that was written in the clear. Two checksums, because with a sound header a damaged payload can be stepped over.
 * `project` is a hash of base URL and public key: records are never sent with another project's keys.
 */

export const SEGMENT_VERSION = 1;
export const HEADER_BYTES = 32;
export const FRAME_BYTES = 36;

const FILE_MAGIC = Buffer.from('LFSPOOL\n', 'latin1');
const FRAME_MAGIC = Buffer.from([0xf9, 0xfb]);
const CHECKED_FRAME_BYTES = 28;
const PROJECT_BYTES = 8;
const U32 = 2 ** 32;

/** A record, as the pipeline made it. */
export const RECORD_FRAME = 1;
/** A record that the server refused, with what it said. */
export const REJECT_FRAME = 2;

/** A request with the record had gone out before it was written: it may be at the server. */
export const IN_DOUBT = 1;
/** The span waited for more. Of two records with one id, which are of one owner, the later one takes its place. */
export const INTERIM = 2;

export interface SegmentHeader {
  readonly version: number;
  /** How payloads are coded: 0 in the clear. */
  readonly codec: number;
  readonly createdMs: number;
  /** Hexadecimal. */
  readonly project: string;
}

/** A frame without its payload. */
export interface FrameHeader {
  readonly type: number;
  readonly flags: number;
  readonly payloadBytes: number;
  readonly spans: number;
  /** Unique among the frames of one owner, and increasing. */
  readonly id: number;
  readonly createdMs: number;
}

export interface Frame extends FrameHeader {
  readonly payload: Buffer;
}

export function encodeHeader({ version, codec, createdMs, project }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  FILE_MAGIC.copy(bytes, 0);
  bytes.writeUInt16LE(version, 8);
  bytes.writeUInt16LE(codec, 10);
  writeU64(bytes, createdMs, 12);
  Buffer.from(project, 'hex').copy(bytes, 20, 0, PROJECT_BYTES);
  bytes.writeUInt32LE(checksum(bytes, 0, HEADER_BYTES - 4), HEADER_BYTES - 4);
  return bytes;
}

/** Undefined when it is none, or damaged. */
export function decodeHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) return undefined;
  if (bytes.readUInt32LE(HEADER_BYTES - 4) !== checksum(bytes, 0, HEADER_BYTES - 4)) return undefined;
  return {
    version: bytes.readUInt16LE(8),
    codec: bytes.readUInt16LE(10),
    createdMs: readU64(bytes, 12),
    project: bytes.toString('hex', 20, 20 + PROJECT_BYTES),
  };
}

/** Writes the frame's header in front of a payload that is already at its place. */
export function sealFrame(bytes: Buffer, at: number, frame: FrameHeader): void {
  const start = at + FRAME_BYTES;
  bytes[at] = 0xf9;
  bytes[at + 1] = 0xfb;
  bytes[at + 2] = frame.type;
  bytes[at + 3] = frame.flags;
  bytes.writeUInt32LE(frame.payloadBytes, at + 4);
  bytes.writeUInt16LE(frame.spans, at + 8);
  bytes.writeUInt16LE(0, at + 10);
  writeU64(bytes, frame.id, at + 12);
  writeU64(bytes, frame.createdMs, at + 20);
  bytes.writeUInt32LE(checksum(bytes, at, at + CHECKED_FRAME_BYTES), at + CHECKED_FRAME_BYTES);
  bytes.writeUInt32LE(checksum(bytes, start, start + frame.payloadBytes), at + CHECKED_FRAME_BYTES + 4);
}

export function encodeFrame(frame: Omit<FrameHeader, 'payloadBytes'>, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(FRAME_BYTES + payload.length);
  bytes.set(payload, FRAME_BYTES);
  sealFrame(bytes, 0, { ...frame, payloadBytes: payload.length });
  return bytes;
}

/** The header of the frame at `at`; undefined when there is none that is whole and sound. */
export function frameHeaderAt(bytes: Buffer, at: number): FrameHeader | undefined {
  if (bytes.length - at < FRAME_BYTES || bytes[at] !== 0xf9 || bytes[at + 1] !== 0xfb) return undefined;
  const sum = checksum(bytes, at, at + CHECKED_FRAME_BYTES);
  if (bytes.readUInt32LE(at + CHECKED_FRAME_BYTES) !== sum) return undefined;
  return {
    type: bytes.readUInt8(at + 2),
    flags: bytes.readUInt8(at + 3),
    payloadBytes: bytes.readUInt32LE(at + 4),
    spans: bytes.readUInt16LE(at + 8),
    id: readU64(bytes, at + 12),
    createdMs: readU64(bytes, at + 20),
  };
}

/** The payload that belongs to the header at `at`, all of it being in `bytes`; undefined when it is damaged. */
export function payloadAt(bytes: Buffer, at: number, { payloadBytes }: FrameHeader): Buffer | undefined {
  const payload = bytes.subarray(at + FRAME_BYTES, at + FRAME_BYTES + payloadBytes);
  const sum = checksum(payload, 0, payload.length);
  return bytes.readUInt32LE(at + CHECKED_FRAME_BYTES + 4) === sum ? payload : undefined;
}

/** Where a frame may begin, from `at` on; -1 when nowhere. */
export function nextFrameMagic(bytes: Buffer, at: number): number {
  return bytes.indexOf(FRAME_MAGIC, at);
}

function writeU64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value >>> 0, at);
  bytes.writeUInt32LE(Math.floor(value / U32), at + 4);
}

function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * U32;
}
