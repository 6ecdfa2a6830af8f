import type { FileSystem } from './file-system.js';
import { decodeMarks, encodeMarks, MARK_BYTES, type Mark, type Noted } from './marks.js';
import { decodeHeader, encodeHeader, HEADER_BYTES, SEGMENT_VERSION, type SegmentHeader } from './segment.js';
import { type Found, scanFrames } from './segment-scan.js';

export const SEGMENT_NAME: RegExp = /^seg-\d+\.log$/;

/** The file with the notes on the records of a segment. */
export function marksPath(segmentPath: string): string {
  return segmentPath.replace(/\.log$/, '.ack');
}

/** What a segment's header says, `'damaged'`, `'foreign'` (another version) or `'unborn'` (its process died before it was written). */
export function headerOf(fs: FileSystem, path: string): SegmentHeader | 'damaged' | 'foreign' | 'unborn' {
  const fd = fs.open(path, 'read');
  try {
    const bytes = fs.read(fd, 0, HEADER_BYTES);
    if (bytes.length < HEADER_BYTES) return 'unborn';
    const header = decodeHeader(bytes);
    if (header === undefined) return 'damaged';
    return header.version === SEGMENT_VERSION ? header : 'foreign';
  } finally {
    fs.close(fd);
  }
}

/** One segment and the notes on it: of this process, or taken over from another one. */
export class SegmentFile {
  readonly path: string;
  /** Records that are not settled. */
  live: number;
  readonly #fs: FileSystem;
  #bytes: number;
  #fd: number | undefined;
  #syncs = 0;
  /** They are there, and end with a whole note. */
  #hasMarks = false;

  private constructor(fs: FileSystem, path: string, bytes: number, live: number, fd: number | undefined) {
    this.path = path;
    this.live = live;
    this.#fs = fs;
    this.#bytes = bytes;
    this.#fd = fd;
  }

  /** A new one, open for appending. */
  static create(fs: FileSystem, path: string, header: SegmentHeader): SegmentFile {
    const fd = fs.create(path);
    try {
      fs.append(fd, encodeHeader(header));
    } catch (failure) {
      fs.close(fd);
      throw failure;
    }
    return new SegmentFile(fs, path, HEADER_BYTES, 0, fd);
  }

  /** One that was found, with so many records in it. */
  static found(fs: FileSystem, path: string, bytes: number, live: number): SegmentFile {
    return new SegmentFile(fs, path, bytes, live, undefined);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /** @returns where it begins. After a failure nothing can be appended any more; what was there before is whole. */
  append(bytes: Uint8Array): number {
    const at = this.#bytes;
    try {
      if (this.#fd === undefined) throw new Error('the segment is closed');
      this.#fs.append(this.#fd, bytes);
    } catch (failure) {
      this.close();
      this.#cutTo(at);
      throw failure;
    }
    this.#bytes += bytes.length;
    return at;
  }

  /** Down to the disk. */
  sync(): void {
    if (this.#fd !== undefined) this.#fs.sync(this.#fd);
  }

  async syncLater(): Promise<void> {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#syncs++;
    try {
      await this.#fs.syncLater(fd);
    } finally {
      this.#syncs--;
      if (this.#fd === undefined && this.#syncs === 0) await this.#closeQuietlyLater(fd);
    }
  }

  /** Nothing is appended any more. A sync that is under way closes the file itself. */
  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined && this.#syncs === 0) this.#closeQuietly(fd);
  }

  /** @throws when the notes cannot be written; `live` counts down nevertheless. */
  settle(ids: readonly number[]): void {
    this.live -= ids.length;
    // Removed at once, when it is the last of them: nothing to note.
    if (this.live > 0 || this.isOpen) this.mark('done', ids);
  }

  mark(mark: Mark, ids: readonly number[]): void {
    const path = marksPath(this.path);
    const fd = this.#openMarks(path);
    try {
      this.#fs.append(fd, encodeMarks(mark, ids));
    } catch (failure) {
      // It may end in half a note now.
      this.#hasMarks = false;
      throw failure;
    } finally {
      this.#fs.close(fd);
    }
  }

  notes(): Map<number, Noted> {
    const facts = this.#fs.facts(marksPath(this.path));
    if (facts === undefined || facts.kind !== 'file') return new Map();
    return this.#reading(marksPath(this.path), (read) => decodeMarks(read(0, facts.size)));
  }

  /** What is in it from `from` on. The file is open as long as the scan goes on. */
  *scan(from: number = HEADER_BYTES): Generator<Found, void> {
    const fd = this.#fs.open(this.path, 'read');
    try {
      yield* scanFrames((position, length) => this.#fs.read(fd, position, length), from, this.#bytes);
    } finally {
      this.#closeQuietly(fd);
    }
  }

  /** Takes away what a process that died had only half written. */
  cutTornEnd(at: number): void {
    this.#fs.truncate(this.path, at);
    this.#bytes = at;
  }

  /** First the records, then the notes: with the notes gone first, a crash in between would bring everything back. */
  remove(): void {
    this.close();
    this.#fs.remove(this.path);
    const marks = marksPath(this.path);
    if (this.#fs.facts(marks) !== undefined) this.#fs.remove(marks);
  }

  #openMarks(path: string): number {
    if (this.#hasMarks) return this.#fs.open(path, 'append');
    const size = this.#fs.facts(path)?.size;
    // What was found may end in half a note, behind which nothing could be read.
    if (size !== undefined && size % MARK_BYTES > 0) this.#fs.truncate(path, size - (size % MARK_BYTES));
    const fd = size === undefined ? this.#fs.create(path) : this.#fs.open(path, 'append');
    this.#hasMarks = true;
    return fd;
  }

  #reading<T>(path: string, use: (read: (position: number, length: number) => Buffer) => T): T {
    const fd = this.#fs.open(path, 'read');
    try {
      return use((position, length) => this.#fs.read(fd, position, length));
    } finally {
      this.#fs.close(fd);
    }
  }

  #cutTo(size: number): void {
    try {
      this.#fs.truncate(this.path, size);
    } catch {
      // Half a frame at the end of a file that nobody appends to: a scan stops there.
    }
  }

  /** It may have been removed meanwhile. */
  async #closeQuietlyLater(fd: number): Promise<void> {
    try {
      await this.#fs.closeLater(fd);
    } catch {
      // The sync has told of what was written.
    }
  }

  #closeQuietly(fd: number): void {
    try {
      this.#fs.close(fd);
    } catch {
      // What was read is read; what was written, a sync has told of.
    }
  }
}
