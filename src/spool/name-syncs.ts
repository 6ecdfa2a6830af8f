import { errorCode, type FileSystem } from './file-system.js';

/**
 * The names of new files and directories on their way down to the disk: without its name a file is lost in a power cut,
 * whatever was synced of it. It takes milliseconds, so it happens while others run, and whoever promises something waits.
 */
export class NameSyncs {
  readonly #fs: FileSystem;
  readonly #isWanted: boolean;
  /** By the directory they are in: its last sync, which covers those before. Undefined when that failed. */
  readonly #due = new Map<string, Promise<void> | undefined>();

  /** @param isWanted - whether names must survive a power cut. */
  constructor(fs: FileSystem, isWanted: boolean) {
    this.#fs = fs;
    this.#isWanted = isWanted;
  }

  /** There is a new name in this directory. */
  made(directory: string): void {
    if (!this.#isWanted) return;
    const sync = this.#sync(directory);
    const isLast = (): boolean => this.#due.get(directory) === sync;
    this.#due.set(directory, sync);
    sync.then(
      () => isLast() && this.#due.delete(directory),
      () => isLast() && this.#due.set(directory, undefined),
    );
  }

  /** Returns when all of them are down. */
  async wait(): Promise<void> {
    for (const [directory, sync] of this.#due) if (sync === undefined) this.made(directory);
    await Promise.all(this.#due.values());
  }

  /** Takes them down before it returns. */
  syncNow(): void {
    for (const directory of this.#due.keys()) this.#fs.syncDirectory(directory);
    this.#due.clear();
  }

  async #sync(directory: string): Promise<void> {
    try {
      await this.#fs.syncDirectoryLater(directory);
    } catch (failure) {
      // In a directory that is gone there are no names to lose.
      if (errorCode(failure) !== 'ENOENT') throw failure;
    }
  }
}
