import { join } from 'node:path';
import type { Rejection } from '../outcome.js';
import type { ObservationRecord } from '../record.js';
import type { FileSystem } from './file-system.js';
import type { PayloadCodec } from './payload-codec.js';
import { decodeRecord, encodeRecord } from './record-codec.js';
import { encodeFrame, REJECT_FRAME, SEGMENT_VERSION } from './segment.js';
import { SegmentFile } from './segment-file.js';

export const REJECTS = 'rejects';
/** All files together; the oldest goes first. */
const MAX_BYTES = 16_777_216;
const FILE_BYTES = 2_097_152;
const LENGTH_BYTES = 4;

export interface KeptReject {
  readonly record: ObservationRecord;
  readonly rejection: Rejection;
}

/** What the server refused as data, kept for a person to look at. Segments like the others, never sent by themselves. */
export class Rejects {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #codec: PayloadCodec;
  readonly #project: string;
  /** Unique among those who write here. */
  readonly #writer: string;
  #current: SegmentFile | undefined;
  #files = 0;
  #lastId = 0;

  constructor(fs: FileSystem, projectPath: string, codec: PayloadCodec, project: string, writer: string) {
    this.#fs = fs;
    this.#path = rejectsPath(projectPath);
    this.#codec = codec;
    this.#project = project;
    this.#writer = writer;
  }

  /** @throws what the disk throws. */
  keep(records: readonly ObservationRecord[], rejection: Rejection, nowMs: number): void {
    for (const record of records) {
      const payload = this.#codec.seal(encodeReject({ record, rejection }));
      const frame = { type: REJECT_FRAME, flags: 0, spans: 1, id: ++this.#lastId, createdMs: nowMs };
      this.#writable(nowMs).append(encodeFrame(frame, payload));
    }
  }

  close(): void {
    this.#current?.close();
    this.#current = undefined;
  }

  #writable(nowMs: number): SegmentFile {
    if (this.#current?.isOpen && this.#current.bytes < FILE_BYTES) return this.#current;
    this.close();
    this.#fs.makeDirectory(this.#path);
    this.#makeRoom();
    const header = { version: SEGMENT_VERSION, codec: this.#codec.id, createdMs: nowMs, project: this.#project };
    const path = join(this.#path, `${this.#writer}-${++this.#files}.log`);
    this.#current = SegmentFile.create(this.#fs, path, header);
    return this.#current;
  }

  #makeRoom(): void {
    const files = this.#fs.list(this.#path).flatMap((name) => {
      const path = join(this.#path, name);
      const facts = this.#fs.facts(path);
      return facts?.kind === 'file' ? [{ path, ...facts }] : [];
    });
    files.sort((a, b) => a.modifiedMs - b.modifiedMs);
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files) {
      if (bytes + FILE_BYTES <= MAX_BYTES) return;
      this.#fs.remove(path);
      bytes -= size;
    }
  }
}

export function rejectsPath(projectPath: string): string {
  return join(projectPath, REJECTS);
}

/** The answer as JSON, preceded by its length, then the record. */
export function encodeReject({ record, rejection }: KeptReject): Buffer {
  const answer = Buffer.from(JSON.stringify(rejection));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(answer.length);
  return Buffer.concat([length, answer, encodeRecord(record)]);
}

/** Undefined when it cannot be one. */
export function decodeReject(payload: Buffer, codec: PayloadCodec): KeptReject | undefined {
  try {
    const bytes = codec.open(payload);
    const end = LENGTH_BYTES + bytes.readUInt32LE(0);
    const { status, message } = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end)) as Partial<Rejection>;
    const record = decodeRecord(bytes.subarray(end), { ...codec, open: (opened) => opened });
    if (record === undefined) return undefined;
    return { record, rejection: { status: Number(status), message: String(message) } };
  } catch {
    return undefined;
  }
}
