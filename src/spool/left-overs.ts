import type { DropReason } from '../model.js';
import type { ObservationRecord } from '../record.js';
import type { Place } from './journal.js';
import type { LeftDoubt, LeftOverParts, LeftSegment } from './left-over-parts.js';
import { DONE, isInDoubt, type Noted } from './marks.js';
import { Overflow } from './overflow.js';
import { isDeadly, MANY_DEADLY_TRIES } from './poison.js';
import { decodeRecord } from './record-codec.js';
import { RecoveryScan } from './recovery-scan.js';
import { encodeFrame, encodeHeader, type Frame, INTERIM, SEGMENT_VERSION } from './segment.js';
import type { SegmentFile } from './segment-file.js';
import type { Found } from './segment-scan.js';

/** A record that was read back. */
export interface LeftRecord {
  readonly record: ObservationRecord;
  readonly place: Place;
  readonly mayBeSentElsewhere: boolean;
  /** Present when it may be at the server already. */
  readonly doubt?: LeftDoubt;
}

/**
 * What other processes left behind and this one took over, the oldest segment first. Those that were under way then are
 * kept apart, so that nobody waits for them. Of the records only their number is held in memory, of those few the place.
 */
export class LeftOvers {
  readonly #parts: LeftOverParts;
  readonly #segments: LeftSegment[] = [];
  readonly #doubts = new Overflow<LeftDoubt>();
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
    return this.sure + this.inDoubt;
  }

  /** Those of them that can be sent. */
  get sure(): number {
    return this.#segments.reduce((sum, { unread }) => sum + unread, 0);
  }

  get inDoubt(): number {
    return this.#doubts.length;
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
    return (this.#segments[0] ?? this.#doubts.first?.segment)?.createdMs;
  }

  /** Takes stock of a directory, a short piece of work at each step. */
  *adopt(directory: string): Generator<void, void> {
    this.#scanned.add(directory);
    const hasUnreadable = yield* new RecoveryScan(this.#parts, directory).run((segment, doubts) => {
      if (segment.unread > 0) this.#segments.push(segment);
      this.#segments.sort((a, b) => a.createdMs - b.createdMs);
      for (const doubt of doubts) this.#doubts.push(doubt);
      this.#directories.set(segment.file, directory);
    });
    this.#scanned.delete(directory);
    if (hasUnreadable) this.#unreadable.add(directory);
    this.#tidy(directory);
  }

  /** The next records that can be sent, at least one if there is any. @throws what the disk throws. */
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

  /** The next of those that may be at the server. @throws what the disk throws. */
  takeInDoubt(maxRecords: number, maxBytes: number): readonly LeftRecord[] {
    const taken: LeftRecord[] = [];
    while (taken.length === 0 && this.#doubts.length > 0) {
      this.#readDoubts(this.#nextDoubts(maxRecords, maxBytes), taken);
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
    this.#forget(segment);
    segment.remove();
    this.#tidy(directory);
  }

  /** Room is needed: the oldest segment, and how many records of it were never read. */
  oldest(): { readonly file: SegmentFile; readonly unread: number } | undefined {
    const oldest = this.#segments[0] ?? this.#doubts.first?.segment;
    if (oldest === undefined) return undefined;
    const sure = this.#segments.includes(oldest) ? oldest.unread : 0;
    return { file: oldest.file, unread: sure + this.#doubts.count((file) => file === oldest.file) };
  }

  /** Somebody else took the directory over. Returns how many records went with it. */
  lose(directory: string): number {
    let lost = 0;
    for (const [file, of] of this.#directories) {
      if (of !== directory) continue;
      this.#directories.delete(file);
      lost += this.#forget(file);
    }
    return lost;
  }

  /** @returns how many records of it were not read. */
  #forget(file: SegmentFile): number {
    const position = this.#segments.findIndex((segment) => segment.file === file);
    const unread = position === -1 ? 0 : (this.#segments.splice(position, 1)[0]?.unread ?? 0);
    return unread + this.#doubts.takeIn((other) => other === file).length;
  }

  #readFrom(segment: LeftSegment, taken: LeftRecord[], maxRecords: number, maxBytes: number): void {
    let bytes = 0;
    for (const found of segment.file.scan(segment.cursor)) {
      const left = found.kind === 'frame' ? this.#sure(segment, found) : undefined;
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

  #nextDoubts(maxRecords: number, maxBytes: number): readonly LeftDoubt[] {
    const run = this.#doubts.takeRun(maxRecords, maxBytes);
    const suspect = run.findIndex(({ segment, place }) => isSuspect(segment.notes.get(place.id)));
    if (suspect === -1) return run;
    const end = Math.max(1, suspect);
    this.#doubts.putBack(run.slice(end));
    return run.slice(0, end);
  }

  /** A run lies in one segment. What of it cannot be read any more has been damaged since it was found. */
  #readDoubts(run: readonly LeftDoubt[], taken: LeftRecord[]): void {
    const last = run.at(-1);
    if (last === undefined) return;
    const { segment, place } = last;
    const missing = new Map(run.map((doubt) => [doubt.place.id, doubt]));
    try {
      for (const found of segment.file.scan(run[0]?.place.at)) {
        const doubt = found.kind === 'frame' ? missing.get(found.frame.id) : undefined;
        // The interim record of one has the same id.
        if (found.kind === 'frame' && doubt?.place.at === found.at) {
          missing.delete(doubt.place.id);
          const record = this.#judge(segment, found.frame);
          if (record !== undefined)
            taken.push({ record, place: doubt.place, mayBeSentElsewhere: segment.mayBeSentElsewhere, doubt });
        }
        if (found.kind === 'torn' || found.end >= place.at + place.bytes) break;
      }
    } catch (failure) {
      this.#doubts.putBack([...missing.values()]);
      // What was read before is good.
      if (taken.length > 0) return;
      throw failure;
    }
    for (const id of missing.keys()) this.#giveUp(segment, 'corrupt', id);
    this.removeIfEmpty(segment.file);
  }

  /** Undefined when it is not to be sent, or not yet. */
  #sure(segment: LeftSegment, { at, end, frame }: Found & { kind: 'frame' }): LeftRecord | undefined {
    const noted = segment.notes.get(frame.id);
    if (noted?.isDone || isInDoubt(noted, frame.flags) || isCompleted(segment, frame)) return undefined;
    const record = this.#judge(segment, frame);
    const place = { segment: segment.file, id: frame.id, at, bytes: end - at };
    return record && { record, place, mayBeSentElsewhere: segment.mayBeSentElsewhere };
  }

  /** Undefined when it is given up; counted then. */
  #judge(segment: LeftSegment, frame: Frame): ObservationRecord | undefined {
    const { clock, codec, maxAgeMs } = this.#parts;
    const noted = segment.notes.get(frame.id);
    const isExpired = clock.wallMs() - frame.createdMs > maxAgeMs;
    const record = isExpired || isDeadly(noted) ? undefined : decodeRecord(frame.payload, codec);
    if (record !== undefined) return record;
    if (!isInDoubt(noted, frame.flags)) segment.unread--;
    if (!isExpired) this.#quarantine(frame);
    return this.#giveUp(segment, isExpired ? 'expired' : 'quarantined', frame.id);
  }

  #giveUp(segment: LeftSegment, reason: DropReason, id: number): undefined {
    segment.notes.set(id, DONE);
    this.#parts.onDropped(reason, 1);
    segment.file.settle([id]);
    return undefined;
  }

  #quarantine(frame: Frame): void {
    const { quarantine, project, codec, clock, warn } = this.#parts;
    const header = { version: SEGMENT_VERSION, codec: codec.id, createdMs: clock.wallMs(), project };
    quarantine.keepBytes([encodeHeader(header), encodeFrame(frame, frame.payload)], `record-${frame.id}`);
    warn('a record on disk is set aside: it could not be read, or killed the process by being encoded', {
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

/** An interim record, and the complete one is there. */
function isCompleted({ completed }: LeftSegment, { id, flags }: Frame): boolean {
  return (flags & INTERIM) !== 0 && completed.has(id);
}
