import type { DropReason } from '../model.js';
import type { ObservationRecord } from '../record.js';
import type { Place } from './journal.js';
import type { LeftOverParts, LeftSegment } from './left-over-parts.js';
import type { Noted } from './marks.js';
import { isDeadly, MANY_DEADLY_TRIES } from './poison.js';
import { decodeRecord } from './record-codec.js';
import { RecoveryScan } from './recovery-scan.js';
import { encodeFrame, encodeHeader, type Frame, IN_DOUBT, INTERIM, SEGMENT_VERSION } from './segment.js';
import type { SegmentFile } from './segment-file.js';
import type { Found } from './segment-scan.js';

/** A record that was read back. */
export interface LeftRecord {
  readonly record: ObservationRecord;
  readonly place: Place;
  /** May be at the server already. */
  readonly inDoubt: boolean;
}

/** What other processes left behind and this one took over, the oldest segment first. Of the records only their number is held in memory. */
export class LeftOvers {
  readonly #parts: LeftOverParts;
  readonly #segments: LeftSegment[] = [];
  /** Taken over, and not yet emptied. */
  readonly #directories = new Map<SegmentFile, string>();
  /** Whose segments are not all known. */
  readonly #scanned = new Set<string>();
  /** In which something could not be read. */
  readonly #unreadable = new Set<string>();

  constructor(parts: LeftOverParts) {
    this.#parts = parts;
  }

  /** Records that were not read back yet. */
  get count(): number {
    return this.#segments.reduce((sum, { unread }) => sum + unread, 0);
  }

  get bytes(): number {
    let bytes = 0;
    for (const segment of this.#directories.keys()) bytes += segment.bytes;
    return bytes;
  }

  get segments(): number {
    return this.#directories.size;
  }

  get oldestMs(): number | undefined {
    return this.#segments[0]?.createdMs;
  }

  /** Takes stock of a directory, a short piece of work at each step. */
  *adopt(directory: string): Generator<void, void> {
    this.#scanned.add(directory);
    const hasUnreadable = yield* new RecoveryScan(this.#parts, directory).run((segment) => {
      this.#segments.push(segment);
      this.#segments.sort((a, b) => a.createdMs - b.createdMs);
      this.#directories.set(segment.file, directory);
    });
    this.#scanned.delete(directory);
    if (hasUnreadable) this.#unreadable.add(directory);
    this.#tidy(directory);
  }

  /** The next records, at least one if there is any that can be sent. @throws what the disk throws. */
  take(maxRecords: number, maxBytes: number): readonly LeftRecord[] {
    const taken: LeftRecord[] = [];
    for (let segment = this.#segments[0]; segment !== undefined && taken.length === 0; segment = this.#segments[0]) {
      try {
        this.#readFrom(segment, taken, maxRecords, maxBytes);
      } catch (failure) {
        // What was read before is good.
        if (taken.length === 0) throw failure;
      }
    }
    return taken;
  }

  has(segment: SegmentFile): boolean {
    return this.#directories.has(segment);
  }

  removeIfEmpty(segment: SegmentFile): void {
    if (segment.live === 0) this.remove(segment);
  }

  remove(segment: SegmentFile): void {
    const directory = this.#directories.get(segment);
    if (directory === undefined) return;
    this.#directories.delete(segment);
    const position = this.#segments.findIndex(({ file }) => file === segment);
    if (position !== -1) this.#segments.splice(position, 1);
    segment.remove();
    this.#tidy(directory);
  }

  /** Room is needed: the oldest segment, and how many records of it were never read. */
  oldest(): { readonly file: SegmentFile; readonly unread: number } | undefined {
    const [oldest] = this.#segments;
    return oldest ?? undefined;
  }

  /** Somebody else took the directory over. Returns how many records went with it. */
  lose(directory: string): number {
    let lost = 0;
    for (const [file, of] of this.#directories) {
      if (of !== directory) continue;
      this.#directories.delete(file);
      const position = this.#segments.findIndex((segment) => segment.file === file);
      if (position !== -1) lost += this.#segments.splice(position, 1)[0]?.unread ?? 0;
    }
    return lost;
  }

  #readFrom(segment: LeftSegment, taken: LeftRecord[], maxRecords: number, maxBytes: number): void {
    let bytes = 0;
    for (const found of segment.file.scan(segment.cursor)) {
      const left = found.kind === 'frame' ? this.#judge(segment, found) : undefined;
      if (left !== undefined) {
        bytes += left.place.bytes;
        const isAlone = isSuspect(segment.notes.get(left.place.id));
        if (taken.length > 0 && (taken.length >= maxRecords || bytes > maxBytes || isAlone)) return;
        taken.push(left);
        segment.unread--;
        segment.cursor = left.place.at + left.place.bytes;
        if (isAlone) return;
      } else if (found.kind !== 'torn') segment.cursor = found.end;
    }
    this.#finish(segment);
  }

  /** Undefined when it is not to be sent, or not any more; counted then. */
  #judge(segment: LeftSegment, { at, end, frame }: Found & { kind: 'frame' }): LeftRecord | undefined {
    const noted = segment.notes.get(frame.id);
    if (noted?.isDone || ((frame.flags & INTERIM) !== 0 && segment.completed.has(frame.id))) return undefined;
    const { clock, codec, maxAgeMs } = this.#parts;
    if (clock.wallMs() - frame.createdMs > maxAgeMs) return this.#giveUp(segment, 'expired', frame.id);
    const record = isDeadly(noted) ? undefined : decodeRecord(frame.payload, codec);
    if (record === undefined) {
      this.#quarantine(frame);
      return this.#giveUp(segment, 'quarantined', frame.id);
    }
    const inDoubt = noted?.inDoubt ?? (frame.flags & IN_DOUBT) !== 0;
    return { record, place: { segment: segment.file, id: frame.id, at, bytes: end - at }, inDoubt };
  }

  #giveUp(segment: LeftSegment, reason: DropReason, id: number): undefined {
    segment.unread--;
    segment.notes.set(id, { isDone: true, inDoubt: false, deadlyTries: 0 });
    this.#parts.onDropped(reason, 1);
    segment.file.settle([id]);
    return undefined;
  }

  #quarantine(frame: Frame): void {
    const { quarantine, project, codec, clock, warn } = this.#parts;
    const header = { version: SEGMENT_VERSION, codec: codec.id, createdMs: clock.wallMs(), project };
    quarantine.keepBytes([encodeHeader(header), encodeFrame(frame, frame.payload)], `record-${frame.id}`);
    warn('a record on disk is set aside: it could not be read, or the process died each time it was sent', {
      tries: MANY_DEADLY_TRIES,
    });
  }

  /** Everything of it was read. What was there when it was found and is not now has been damaged since. */
  #finish(segment: LeftSegment): void {
    this.#segments.shift();
    if (segment.unread > 0) {
      this.#parts.onDropped('corrupt', segment.unread);
      segment.file.live -= segment.unread;
    }
    this.removeIfEmpty(segment.file);
  }

  #tidy(directory: string): void {
    if (this.#scanned.has(directory)) return;
    for (const other of this.#directories.values()) if (other === directory) return;
    this.#parts.onEmptied(directory, this.#unreadable.delete(directory));
  }
}

/** Its company is spared: whatever it does, it does alone. */
function isSuspect(noted: Noted | undefined): boolean {
  return noted !== undefined && noted.deadlyTries >= MANY_DEADLY_TRIES - 1;
}
