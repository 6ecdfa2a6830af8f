import { join } from 'node:path';
import type { Clock, Held } from '../ports.js';
import type { ObservationRecord } from '../record.js';
import type { FileSystem } from './file-system.js';
import { FrameBuffer } from './frame-buffer.js';
import type { NameSyncs } from './name-syncs.js';
import type { Ownership } from './ownership.js';
import type { PayloadCodec } from './payload-codec.js';
import { SEGMENT_VERSION } from './segment.js';
import { SegmentFile } from './segment-file.js';

/** Written at once: short enough that nothing else waits for it. */
const CHUNK_BYTES = 262_144;
const SEGMENT_BYTES = 8_388_608;
/** A segment is removed as a whole, so it must not stay open for ever either. */
const SEGMENT_MS = 60_000;

export interface JournalOptions {
  /** Hash of base URL and public key. */
  readonly project: string;
  readonly maxBytes: number;
  readonly minFreeBytes: number;
  readonly names: NameSyncs;
  readonly codec: PayloadCodec;
  /** With the weight of its trace: from the disk a record can only be sent. */
  readonly weighted: (held: Written) => ObservationRecord;
}

/** Where a record is on disk. */
export interface Place {
  readonly segment: SegmentFile;
  readonly id: number;
  readonly at: number;
  readonly bytes: number;
}

/** One that is not written yet, by its length. */
interface Frame {
  readonly id: number;
  readonly bytes: number;
}

/** What of something that is held gets to the disk. */
export type Written = Pick<Held, 'record' | 'sampling'>;

/** What stands in front of a record. */
export interface Framing<T> {
  readonly flagsOf: (held: T) => number;
  /** Undefined for a new one. */
  readonly idOf?: (held: T) => number | undefined;
}

/** The directory was taken over by somebody who believed this process dead: what is in it is theirs now. */
export class LostDirectoryError extends Error {
  override readonly name: string = 'LostDirectoryError';
}

/** The segments this process writes. Throws what the disk throws, and can be used again after it. */
export class Journal {
  readonly #fs: FileSystem;
  readonly #ownership: Ownership;
  readonly #options: JournalOptions;
  readonly #clock: Clock;
  readonly #buffer: FrameBuffer;
  readonly #closed = new Set<SegmentFile>();
  /** Closed, and on their way down to the disk. */
  readonly #syncing = new Map<SegmentFile, Promise<void>>();
  #directory: string | undefined;
  #current: { readonly segment: SegmentFile; readonly since: number } | undefined;
  #lastSegment = 0;
  #lastId = 0;

  constructor(fs: FileSystem, ownership: Ownership, options: JournalOptions, clock: Clock) {
    this.#fs = fs;
    this.#ownership = ownership;
    this.#options = options;
    this.#clock = clock;
    this.#buffer = new FrameBuffer(options.codec);
  }

  get bytes(): number {
    let bytes = this.#current?.segment.bytes ?? 0;
    for (const segment of this.#closed) bytes += segment.bytes;
    return bytes;
  }

  get segments(): number {
    return this.#closed.size + (this.#current === undefined ? 0 : 1);
  }

  /** The directory, and what is in it, is somebody else's now. */
  get isLost(): boolean {
    return this.#directory !== undefined && !this.#ownership.holds(this.#directory);
  }

  /** The segment that is written. */
  get current(): SegmentFile | undefined {
    return this.#current?.segment;
  }

  /** The oldest one that is not written any more. */
  get oldest(): SegmentFile | undefined {
    for (const segment of this.#closed) return segment;
    return undefined;
  }

  /** In the order given. @throws what the disk throws, `LostDirectoryError`; then none of them counts as written. */
  append<T extends Written>(held: readonly T[], { flagsOf, idOf }: Framing<T>): readonly Place[] {
    const { weighted } = this.#options;
    const places: Place[] = [];
    let chunk: Frame[] = [];
    try {
      const createdMs = this.#clock.wallMs();
      for (const one of held) {
        const id = idOf?.(one) ?? ++this.#lastId;
        chunk.push({ id, bytes: this.#buffer.add(weighted(one), id, flagsOf(one), createdMs) });
        if (this.#buffer.length < CHUNK_BYTES) continue;
        this.#write(chunk, places);
        chunk = [];
      }
      if (chunk.length > 0) this.#write(chunk, places);
    } catch (failure) {
      this.#buffer.take();
      for (const place of places) place.segment.live--;
      this.closeFailed();
      this.#removeQuietly(places);
      // A directory that is gone is no failing disk.
      if (this.#directory !== undefined) this.#assertOurs();
      throw failure;
    }
    this.#assertOurs();
    return places;
  }

  /** Everything written so far goes down to the disk. */
  sync(): void {
    for (const { path } of this.#syncing.keys()) {
      const fd = this.#fs.open(path, 'append');
      try {
        this.#fs.sync(fd);
      } finally {
        this.#fs.close(fd);
      }
    }
    this.#current?.segment.sync();
    this.#options.names.syncNow();
  }

  async syncLater(): Promise<void> {
    const { names } = this.#options;
    await Promise.all([...this.#syncing.values(), this.#current?.segment.syncLater(), names.wait()]);
  }

  /** The segment that is written becomes one that waits to be emptied. */
  close(): void {
    const segment = this.#current?.segment;
    this.#current = undefined;
    if (segment === undefined) return;
    segment.close();
    this.#closed.add(segment);
    if (segment.live === 0) this.removeIfEmpty(segment);
  }

  /** As `close`, when the disk has already failed. */
  closeFailed(): void {
    try {
      this.close();
    } catch {
      // The failure before is the one that is told.
    }
  }

  removeIfEmpty(segment: SegmentFile): void {
    if (segment.live > 0 || !this.#closed.has(segment)) return;
    this.remove(segment);
  }

  remove(segment: SegmentFile): void {
    this.#closed.delete(segment);
    this.#syncing.delete(segment);
    segment.remove();
  }

  /** Leaves the directory to whoever took it. */
  abandon(): void {
    this.#current?.segment.close();
    this.#current = undefined;
    this.#closed.clear();
    this.#syncing.clear();
    this.#directory = undefined;
  }

  /** The end: the directory is given up, for whoever starts next. */
  release(): void {
    this.close();
    if (this.#directory !== undefined) this.#ownership.release(this.#directory);
    this.#directory = undefined;
  }

  has(segment: SegmentFile): boolean {
    return segment === this.#current?.segment || this.#closed.has(segment);
  }

  #write(frames: readonly Frame[], places: Place[]): void {
    const segment = this.#writable();
    let at = segment.append(this.#buffer.take());
    for (const { id, bytes } of frames) {
      places.push({ segment, id, at, bytes });
      at += bytes;
    }
    // At once: when the next part goes to a new segment, this one must not be taken for an empty one.
    segment.live += frames.length;
  }

  /** What was written of an append that failed counts for nothing; at worst it is sent again after a crash. */
  #removeQuietly(places: readonly Place[]): void {
    try {
      for (const segment of new Set(places.map(({ segment }) => segment))) this.removeIfEmpty(segment);
    } catch {
      // The failure before is the one that is told.
    }
  }

  /**
   * After the write, not before: only so is a process that was frozen in between sure that whoever took the directory
   * over has seen what it wrote.
   */
  #assertOurs(): void {
    if (this.#directory !== undefined && !this.isLost) return;
    throw new LostDirectoryError('the directory was taken over by another process');
  }

  #writable(): SegmentFile {
    const { segment, since } = this.#current ?? { segment: undefined, since: 0 };
    // A quarter of the quota, so that dropping the oldest segment never means dropping everything.
    const isFull = segment !== undefined && segment.bytes >= Math.min(SEGMENT_BYTES, this.#options.maxBytes / 4);
    if (segment?.isOpen && !isFull && this.#clock.now() - since < SEGMENT_MS) return segment;
    this.#roll();
    const { minFreeBytes, project, codec, names } = this.#options;
    this.#directory ??= this.#ownership.create();
    const free = this.#fs.freeBytes(this.#directory);
    if (free < minFreeBytes)
      throw new Error(`only ${free} bytes are free, persistence.minFreeBytes is ${minFreeBytes}`);
    const path = join(this.#directory, `seg-${++this.#lastSegment}.log`);
    const header = { version: SEGMENT_VERSION, codec: codec.id, createdMs: this.#clock.wallMs(), project };
    const fresh = SegmentFile.create(this.#fs, path, header);
    this.#current = { segment: fresh, since: this.#clock.now() };
    names.made(this.#directory);
    return fresh;
  }

  /** What was written reaches the disk in every mode, while others run. Whoever promises something waits for it. */
  #roll(): void {
    const segment = this.#current?.segment;
    if (segment === undefined) return;
    const synced = segment.syncLater();
    this.#syncing.set(segment, synced);
    void synced.then(
      () => this.#syncing.delete(segment),
      () => this.#syncing.delete(segment),
    );
    this.close();
  }
}
