import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { errorCode, type FileFacts, type FileSystem } from './file-system.js';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = fs.constants;
/** Absent on Windows. */
const O_NOFOLLOW: number = fs.constants.O_NOFOLLOW ?? 0;

/** Windows does not; its own journal keeps the names. */
const OPENS_DIRECTORIES = process.platform !== 'win32';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

const fdatasyncLater = promisify(fs.fdatasync);
const fsyncLater = promisify(fs.fsync);
const closeLater = promisify(fs.close);

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
  makeDirectory: (path) => void fs.mkdirSync(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY }),
  list: (path) => fs.readdirSync(path),
  facts: (path) => factsOf(path),
  create: (path) => fs.openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_APPEND | O_NOFOLLOW, OWNER_ONLY),
  open: (path, use) => fs.openSync(path, (use === 'read' ? O_RDONLY : O_WRONLY | O_APPEND) | O_NOFOLLOW),
  close: (fd) => fs.closeSync(fd),
  closeLater: (fd) => closeLater(fd),
  read(fd, position, length) {
    const buffer = Buffer.allocUnsafe(length);
    let at = 0;
    while (at < length) {
      const count = fs.readSync(fd, buffer, at, length - at, position + at);
      if (count === 0) break;
      at += count;
    }
    return buffer.subarray(0, at);
  },
  append(fd, bytes) {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at, bytes.length - at);
  },
  truncate: (path, size) => fs.truncateSync(path, size),
  sync: (fd) => fs.fdatasyncSync(fd),
  syncLater: (fd) => fdatasyncLater(fd),
  syncDirectory(path) {
    if (!OPENS_DIRECTORIES) return;
    const fd = fs.openSync(path, O_RDONLY);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  async syncDirectoryLater(path) {
    if (!OPENS_DIRECTORIES) return;
    // At once: later it may have another name.
    const fd = fs.openSync(path, O_RDONLY);
    try {
      await fsyncLater(fd);
    } finally {
      await closeLater(fd);
    }
  },
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.unlinkSync(path),
  removeDirectory: (path) => fs.rmdirSync(path),
  touch(path) {
    const now = new Date();
    fs.utimesSync(path, now, now);
  },
  freeBytes(path) {
    const { bavail, bsize } = fs.statfsSync(path);
    return bavail * bsize;
  },
};

function factsOf(path: string): FileFacts | undefined {
  try {
    const stat = fs.lstatSync(path);
    return {
      kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other',
      size: stat.size,
      modifiedMs: stat.mtimeMs,
      isOurs: process.getuid === undefined || stat.uid === process.getuid(),
    };
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}
