import type { ObservationRecord } from '../record.js';
import type { PayloadCodec } from './payload-codec.js';
import { encodeRecord, mostBytesOf, partsOf, writeParts } from './record-codec.js';
import { FRAME_BYTES, RECORD_FRAME, sealFrame } from './segment.js';

const FIRST_BYTES = 65_536;
/** A larger buffer is let go after use: one huge record must not be paid for ever after. */
const KEPT_BYTES = 1_048_576;

/** Frames one after the other, written in place: no buffer is made for a record, and none is copied. */
export class FrameBuffer {
  readonly #codec: PayloadCodec;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  constructor(codec: PayloadCodec) {
    this.#codec = codec;
  }

  get length(): number {
    return this.#length;
  }

  /** Returns how long it is. */
  add(record: ObservationRecord, id: number, flags: number, createdMs: number): number {
    const at = this.#length;
    const payloadBytes = this.#codec.id === 0 ? this.#write(record, at) : this.#seal(record, at);
    sealFrame(this.#bytes, at, { type: RECORD_FRAME, flags, payloadBytes, spans: 1, id, createdMs });
    const bytes = FRAME_BYTES + payloadBytes;
    this.#length = at + bytes;
    return bytes;
  }

  /** What was written; good until the next `add`. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(FIRST_BYTES);
    return taken;
  }

  #write(record: ObservationRecord, at: number): number {
    const parts = partsOf(record);
    this.#make(at + FRAME_BYTES + mostBytesOf(parts));
    return writeParts(parts, this.#bytes, at + FRAME_BYTES);
  }

  #seal(record: ObservationRecord, at: number): number {
    const sealed = this.#codec.seal(encodeRecord(record));
    this.#make(at + FRAME_BYTES + sealed.length);
    this.#bytes.set(sealed, at + FRAME_BYTES);
    return sealed.length;
  }

  #make(length: number): void {
    if (this.#bytes.length >= length) return;
    const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
