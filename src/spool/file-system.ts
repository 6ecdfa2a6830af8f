/** What is at a path; a symbolic link is itself, and never followed. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  readonly modifiedMs: number;
  /** Belongs to the user this process runs as. */
  readonly isOurs: boolean;
}

/**
 * What the spool asks of a file system, and nothing more: a real one, or one that fails and crashes on demand. Calls
 * throw what Node throws. Files are made for this user alone (0600, directories 0700), and no link is followed.
 */
export interface FileSystem {
  /** Makes the directory, and those above it that are missing. */
  makeDirectory(path: string): void;
  /** Names; throws when there is no such directory. */
  list(path: string): readonly string[];
  facts(path: string): FileFacts | undefined;
  /** A new file, to append to; throws when there is something at that path. */
  create(path: string): number;
  /** A file that must exist, `append` at its end. */
  open(path: string, use: 'read' | 'append'): number;
  close(fd: number): void;
  /** While others run: the last to close a file that was removed waits until its room is freed. */
  closeLater(fd: number): Promise<void>;
  /** At most `length` bytes; fewer at the end of the file. */
  read(fd: number, position: number, length: number): Buffer;
  /** All of it, or throws. */
  append(fd: number, bytes: Uint8Array): void;
  truncate(path: string, size: number): void;
  /** Down to the disk, before it returns. */
  sync(fd: number): void;
  /** Down to the disk, while others run. */
  syncLater(fd: number): Promise<void>;
  /** The names in a directory, down to the disk, before it returns. */
  syncDirectory(path: string): void;
  /** The names that are in a directory now, down to the disk, while others run. */
  syncDirectoryLater(path: string): Promise<void>;
  /** Replaces what is at `to`, unless that is a directory with something in it. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  removeDirectory(path: string): void;
  /** Sets the time of the last change to now. */
  touch(path: string): void;
  /** What this user may still write to the file system of `path`. */
  freeBytes(path: string): number;
}

/** `ENOENT` and the like of whatever was thrown. */
export function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
