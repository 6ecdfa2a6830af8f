import { join } from 'node:path';
import type { FileSystem } from './file-system.js';

export const QUARANTINE = 'quarantine';
const MAX_BYTES = 16_777_216;
const PIECE_BYTES = 262_144;

/** Keeps what nobody could read or send, for a person to look at: bounded, never sent again by itself. */
export class Quarantine {
  readonly #fs: FileSystem;
  readonly #path: string;
  #count = 0;

  /** @param projectPath - the directory of the project. */
  constructor(fs: FileSystem, projectPath: string) {
    this.#fs = fs;
    this.#path = join(projectPath, QUARANTINE);
  }

  /** A copy of a whole file. Best effort: what is damaged must not damage more. */
  keepFile(path: string, size: number, name: string): void {
    this.#keep(size, name, (to) => {
      const from = this.#fs.open(path, 'read');
      try {
        for (let at = 0; at < size; at += PIECE_BYTES) this.#fs.append(to, this.#fs.read(from, at, PIECE_BYTES));
      } finally {
        this.#fs.close(from);
      }
    });
  }

  /** The bytes of one record, with the header of its segment, so that it can be read like one. */
  keepBytes(bytes: readonly Uint8Array[], name: string): void {
    const size = bytes.reduce((sum, { length }) => sum + length, 0);
    this.#keep(size, name, (to) => {
      for (const piece of bytes) this.#fs.append(to, piece);
    });
  }

  #keep(size: number, name: string, write: (fd: number) => void): void {
    try {
      this.#fs.makeDirectory(this.#path);
      if (this.#usedBytes() + size > MAX_BYTES) return;
      const fd = this.#fs.create(join(this.#path, `${name}-${++this.#count}.log`));
      try {
        write(fd);
      } finally {
        this.#fs.close(fd);
      }
    } catch {
      // It is counted and told in any case; a copy is more than was promised.
    }
  }

  #usedBytes(): number {
    let bytes = 0;
    for (const name of this.#fs.list(this.#path)) bytes += this.#fs.facts(join(this.#path, name))?.size ?? 0;
    return bytes;
  }
}
