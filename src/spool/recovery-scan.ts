import { join } from 'node:path';
import { FoundInterims, type ScannedSegment } from './found-interims.js';
import { isLeaseName } from './lease-file.js';
import type { LeftDoubt, LeftOverParts, LeftSegment } from './left-over-parts.js';
import { DONE, isInDoubt } from './marks.js';
import { HEADER_BYTES, IN_DOUBT, SEGMENT_VERSION } from './segment.js';
import { headerOf, marksPath, SEGMENT_NAME, SegmentFile } from './segment-file.js';
import type { Found } from './segment-scan.js';

/** Frames between two pauses: a piece of work that nobody feels. */
const STEP_BYTES = 262_144;

/** Takes stock of a directory whose owner died: what is there, what is damaged, what is too old. */
export class RecoveryScan {
  readonly #parts: LeftOverParts;
  readonly #directory: string;
  readonly #interims = new FoundInterims();

  constructor(parts: LeftOverParts, directory: string) {
    this.#parts = parts;
    this.#directory = directory;
  }

  /**
   * @param onSegment - told each segment with something in it, as soon as that is known.
   * @returns whether something could not be read.
   */
  *run(onSegment: (segment: LeftSegment, doubts: readonly LeftDoubt[]) => void): Generator<void, boolean> {
    let hasUnreadable = false;
    const waiting: ScannedSegment[] = [];
    const names = this.#parts.fs.list(this.#directory);
    for (const name of names.filter((name) => SEGMENT_NAME.test(name)).sort(bySequence)) {
      yield;
      const path = join(this.#directory, name);
      try {
        const found = yield* this.#segment(path);
        if (found === undefined) continue;
        if (this.#interims.has(found)) waiting.push(found);
        else this.#tell(found, onSegment);
      } catch (failure) {
        hasUnreadable = true;
        this.#parts.warn('a file of the spool cannot be read and is left as it is', { path, failure: String(failure) });
      }
    }
    for (const found of waiting) this.#tell(found, onSegment);
    for (const name of names) this.#lookAtOther(name, names);
    return hasUnreadable;
  }

  *#segment(path: string): Generator<void, ScannedSegment | undefined> {
    const { fs, warn, codec, project, onFound, onDropped } = this.#parts;
    const facts = fs.facts(path);
    if (facts?.kind !== 'file' || !facts.isOurs) {
      warn('something in the spool is not a file of ours and is left as it is', { path });
      return undefined;
    }
    const header = headerOf(fs, path);
    if (header === 'unborn') {
      fs.remove(path);
      return undefined;
    }
    const isForeign =
      header === 'foreign' || (header !== 'damaged' && (header.codec !== codec.id || header.project !== project));
    if (isForeign) {
      warn(
        `a file of the spool is not of version ${SEGMENT_VERSION}, this coding and this project; it is left as it is`,
        { path },
      );
      return undefined;
    }
    const file = SegmentFile.found(fs, path, facts.size, 0);
    const segment = {
      file,
      createdMs: header === 'damaged' ? facts.modifiedMs : header.createdMs,
      touchedAt: this.#clockTimeOf(Math.max(facts.modifiedMs, fs.facts(marksPath(path))?.modifiedMs ?? 0)),
      notes: file.notes(),
      completed: new Set<number>(),
      mayBeSentElsewhere: !this.#parts.hasAllNotes(this.#directory),
      unread: 0,
      cursor: HEADER_BYTES,
    };
    const scanned: ScannedSegment = { segment, doubts: [] };
    const corrupt = yield* this.#count(scanned, header === 'damaged' ? 1 : 0);
    if (corrupt > 0) {
      this.#parts.quarantine.keepFile(path, facts.size, 'damaged');
      warn('records on disk are damaged and lost', { path, records: corrupt });
      onFound(corrupt);
      onDropped('corrupt', corrupt);
    }
    if (file.live > 0) return scanned;
    file.remove();
    return undefined;
  }

  /** A time that is still to come says nothing. */
  #clockTimeOf(wallMs: number): number {
    const { clock } = this.#parts;
    return clock.now() - Math.max(0, clock.wallMs() - wallMs);
  }

  /** @returns how many records are damaged. */
  *#count(scanned: ScannedSegment, damagedHeader: number): Generator<void, number> {
    const { segment } = scanned;
    const { clock, maxAgeMs, onFound, onDropped } = this.#parts;
    const expired: number[] = [];
    let corrupt = 0;
    let pauseAt = STEP_BYTES;
    for (const found of segment.file.scan()) {
      if (found.kind === 'torn') {
        segment.file.cutTornEnd(found.at);
        break;
      }
      if (found.end >= pauseAt) {
        pauseAt = found.end + STEP_BYTES;
        yield;
      }
      if (found.kind === 'corrupt') {
        corrupt += found.spans;
        continue;
      }
      this.#interims.complete(found.frame, scanned);
      if (segment.notes.get(found.frame.id)?.isDone) continue;
      if (clock.wallMs() - found.frame.createdMs > maxAgeMs) expired.push(found.frame.id);
      else this.#note(scanned, found);
    }
    onFound(expired.length);
    if (expired.length > 0) {
      onDropped('expired', expired.length);
      for (const id of expired) segment.notes.set(id, DONE);
      if (segment.file.live > 0) segment.file.mark('done', expired);
    }
    // Nothing but the header was hit: every record is there.
    return segment.file.live + expired.length === 0 ? corrupt + damagedHeader : corrupt;
  }

  #note(scanned: ScannedSegment, found: Found & { kind: 'frame' }): void {
    const { segment, doubts } = scanned;
    const { id, flags } = found.frame;
    segment.file.live++;
    if (isInDoubt(segment.notes.get(id), flags)) doubts.push(this.#doubt(segment, found));
    else segment.unread++;
    this.#interims.add(found.frame, scanned);
  }

  #doubt(segment: LeftSegment, { frame, at, end }: Found & { kind: 'frame' }): LeftDoubt {
    const noted = segment.notes.get(frame.id);
    // A request that was out before the record was written has no number.
    const hasNumbers = (frame.flags & IN_DOUBT) === 0 || noted?.isAnswered === true;
    const isSure = hasNumbers && !segment.mayBeSentElsewhere;
    const place = { segment: segment.file, id: frame.id, at, bytes: end - at };
    return { segment, place, requests: isSure ? noted?.requests : undefined };
  }

  /** It may have become known meanwhile that nothing in it is needed. */
  #tell(scanned: ScannedSegment, onSegment: (segment: LeftSegment, doubts: readonly LeftDoubt[]) => void): void {
    const { segment, doubts } = scanned;
    const { file } = segment;
    this.#parts.onFound(file.live);
    const superseded = this.#interims.supersededIn(scanned);
    try {
      if (file.live === 0) file.remove();
      else if (superseded.length > 0) file.mark('done', superseded);
    } catch {
      // A note that cannot be written costs a repeat after a crash, and nothing else.
    }
    if (file.live > 0) onSegment(segment, doubts);
  }

  #lookAtOther(name: string, names: readonly string[]): void {
    if (SEGMENT_NAME.test(name) || isLeaseName(name)) return;
    const { fs, warn } = this.#parts;
    const path = join(this.#directory, name);
    const segmentName = name.replace(/\.ack$/, '.log');
    if (marksPath(segmentName) !== name || !SEGMENT_NAME.test(segmentName)) {
      warn('something in the spool is not a file of ours and is left as it is', { path });
    } else if (!names.includes(segmentName) && fs.facts(path)?.kind === 'file') {
      // The process died between removing a segment and the notes on it.
      fs.remove(path);
    }
  }
}

function bySequence(a: string, b: string): number {
  return Number.parseInt(a.slice(4), 10) - Number.parseInt(b.slice(4), 10);
}
