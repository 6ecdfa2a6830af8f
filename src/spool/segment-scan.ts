import { FRAME_BYTES, type Frame, type FrameHeader, frameHeaderAt, nextFrameMagic, payloadAt } from './segment.js';

/** So much is read at once: short enough that nobody feels it, long enough to be quick. */
const WINDOW_BYTES = 262_144;

/** What a scan comes upon, in the order of the file. */
export type Found =
  | { readonly kind: 'frame'; readonly at: number; readonly end: number; readonly frame: Frame }
  /** Something that was a record, or several: `spans` is known when the header is sound, else it counts as one. */
  | { readonly kind: 'corrupt'; readonly at: number; readonly end: number; readonly spans: number }
  /** The end of the file came in the middle of a frame: it was being written when the process died. */
  | { readonly kind: 'torn'; readonly at: number };

/** Reads at most `length` bytes at `position`; fewer at the end. */
export type ReadAt = (position: number, length: number) => Buffer;

/**
 * Finds every whole frame between `from` and `size`. Never throws on what it reads, and finds nothing that was not
 * written: both checksums must agree. Nothing is read ahead of what was asked for, so whoever stops early reads little.
 */
export function* scanFrames(read: ReadAt, from: number, size: number): Generator<Found, void> {
  let window = new Window(read, from, WINDOW_BYTES);
  let at = from;
  while (at < size) {
    window = window.covering(at, FRAME_BYTES);
    const header = window.header(at);
    if (header === undefined) {
      const [found, next] = skipDamage(window, at, size);
      yield found;
      if (found.kind === 'torn') return;
      at = found.end;
      window = next;
      continue;
    }
    const end = at + FRAME_BYTES + header.payloadBytes;
    if (end > size) {
      yield { kind: 'torn', at };
      return;
    }
    window = window.covering(at, end - at);
    const payload = window.payload(at, header);
    if (payload === undefined) yield { kind: 'corrupt', at, end, spans: header.spans };
    else yield { kind: 'frame', at, end, frame: { ...header, payload } };
    at = end;
  }
}

/** Everything up to the next sound header, as one piece of damage. Too short for a header, or all zeros: it is torn. */
function skipDamage(first: Window, at: number, size: number): [Exclude<Found, { kind: 'frame' }>, Window] {
  let window = first;
  let onlyZeros = true;
  for (let next = at + 1; ; ) {
    window = window.covering(next, FRAME_BYTES);
    const magic = window.magicFrom(next);
    onlyZeros &&= window.isZeroBetween(next - 1, magic ?? window.end);
    if (magic !== undefined) {
      window = window.covering(magic, FRAME_BYTES);
      if (window.header(magic) !== undefined) return [{ kind: 'corrupt', at, end: magic, spans: 1 }, window];
      next = magic + 1;
    } else if (window.end >= size) {
      const isTorn = onlyZeros || size - at < FRAME_BYTES;
      return [isTorn ? { kind: 'torn', at } : { kind: 'corrupt', at, end: size, spans: 1 }, window];
    } else next = window.end;
  }
}

/** A part of the file, in memory. */
class Window {
  readonly #read: ReadAt;
  readonly #start: number;
  readonly #bytes: Buffer;

  constructor(read: ReadAt, start: number, length: number) {
    this.#read = read;
    this.#start = start;
    this.#bytes = read(start, length);
  }

  get end(): number {
    return this.#start + this.#bytes.length;
  }

  /** One that has `length` bytes from `at` on, as far as the file goes. */
  covering(at: number, length: number): Window {
    if (at >= this.#start && at + length <= this.end) return this;
    return new Window(this.#read, at, Math.max(WINDOW_BYTES, length));
  }

  header(at: number): FrameHeader | undefined {
    return frameHeaderAt(this.#bytes, at - this.#start);
  }

  payload(at: number, header: FrameHeader): Buffer | undefined {
    if (at + FRAME_BYTES + header.payloadBytes > this.end) return undefined;
    return payloadAt(this.#bytes, at - this.#start, header);
  }

  magicFrom(at: number): number | undefined {
    const found = nextFrameMagic(this.#bytes, at - this.#start);
    if (found !== -1) return found + this.#start;
    // Its first byte may be the last one here.
    const last = this.#bytes.at(-1);
    return last === 0xf9 && this.end - 1 >= at ? this.end - 1 : undefined;
  }

  isZeroBetween(from: number, to: number): boolean {
    return this.#bytes.subarray(Math.max(0, from - this.#start), to - this.#start).every((byte) => byte === 0);
  }
}
