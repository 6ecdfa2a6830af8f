import { basename, dirname } from 'node:path';
import type { FileFacts, FileSystem } from '../../../src/spool/file-system.js';
import { copyOf, type Directory, emptyDirectory, type File, type Node } from './file-tree.js';

export type Call = keyof FileSystem;

/** Asked before each call: throws what the call is to throw. `'torn'`: an append writes half, then fails. */
export type Fault = (call: Call, path: string) => Error | 'torn' | undefined;

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/**
 * A file system in memory that keeps two images: the one that processes see, and the one that would be left after a
 * power cut. Fails and dies on demand.
 */
export class ModelFileSystem implements FileSystem {
  readonly #root: Directory;
  readonly #open = new Map<number, { readonly file: File; readonly path: string }>();
  readonly #nowMs: () => number;
  #lastFd = 2;
  fault: Fault = () => undefined;
  free = 1e12;
  /** Whose name ends so belongs to another user. */
  foreign: string | undefined;
  calls = 0;

  constructor(nowMs: () => number, root: Directory = emptyDirectory()) {
    this.#nowMs = nowMs;
    this.#root = root;
  }

  get openFiles(): number {
    return this.#open.size;
  }

  /** What the next process finds when this one was killed. */
  afterKill(): ModelFileSystem {
    return new ModelFileSystem(
      this.#nowMs,
      copyOf(
        this.#root,
        (file) => file.cache,
        (directory) => directory.cache,
      ),
    );
  }

  /** What is found after a power cut; of what had not reached the disk, `keeps` says whether it did by chance. */
  afterPowerCut(keeps: () => boolean): ModelFileSystem {
    const bytes = ({ cache, durable }: File): Buffer => {
      const more = cache.subarray(durable.length);
      if (more.length === 0 || !keeps()) return durable;
      return Buffer.concat([durable, keeps() ? more.subarray(0, more.length >> 1) : more]);
    };
    const names = ({ cache, durable }: Directory): Map<string, Node> => {
      const kept = new Map<string, Node>();
      const renamed = new Map([...cache].map(([name, node]) => [node, name]));
      for (const [name, node] of durable) {
        const now = renamed.get(node);
        // A rename that has not reached the disk leaves the old name, a removal the file; neither leaves nothing.
        if (now === name || !keeps()) kept.set(name, node);
        else if (now !== undefined) kept.set(now, node);
      }
      const there = new Set(kept.values());
      for (const [name, node] of cache) if (!there.has(node) && !kept.has(name) && keeps()) kept.set(name, node);
      return kept;
    };
    return new ModelFileSystem(this.#nowMs, copyOf(this.#root, bytes, names));
  }

  /** All files, as a process sees them. */
  files(): Map<string, Buffer> {
    const files = new Map<string, Buffer>();
    const walk = (directory: Directory, path: string): void => {
      for (const [name, node] of directory.cache) {
        if (node.kind === 'file') files.set(`${path}/${name}`, node.cache);
        else walk(node, `${path}/${name}`);
      }
    };
    walk(this.#root, '');
    return files;
  }

  /** Somebody changes a file behind everybody's back. */
  overwrite(path: string, bytes: Buffer): void {
    const parent = this.#directory(dirname(path));
    parent.cache.set(basename(path), { kind: 'file', cache: bytes, durable: bytes, modifiedMs: this.#nowMs() });
  }

  makeDirectory(path: string): void {
    this.#before('makeDirectory', path);
    let at = this.#root;
    for (const name of partsOf(path)) {
      const next = at.cache.get(name) ?? emptyDirectory(this.#nowMs());
      if (next.kind !== 'directory') throw fileError('ENOTDIR', path);
      at.cache.set(name, next);
      at = next;
    }
  }

  list(path: string): readonly string[] {
    this.#before('list', path);
    return [...this.#directory(path).cache.keys()];
  }

  facts(path: string): FileFacts | undefined {
    this.#before('facts', path);
    const node = this.#find(path);
    if (node === undefined) return undefined;
    const size = node.kind === 'file' ? node.cache.length : 0;
    return { kind: node.kind, size, modifiedMs: node.modifiedMs, isOurs: !this.#isForeign(path) };
  }

  create(path: string): number {
    this.#before('create', path);
    const parent = this.#directory(dirname(path));
    if (parent.cache.has(basename(path))) throw fileError('EEXIST', path);
    const file: File = { kind: 'file', cache: Buffer.alloc(0), durable: Buffer.alloc(0), modifiedMs: this.#nowMs() };
    parent.cache.set(basename(path), file);
    return this.#opened(file, path);
  }

  open(path: string, use: 'read' | 'append'): number {
    this.#before('open', `${path} ${use}`);
    return this.#opened(this.#file(path), path);
  }

  close(fd: number): void {
    this.#before('close', this.#byFd(fd).path);
    this.#open.delete(fd);
  }

  async closeLater(fd: number): Promise<void> {
    await Promise.resolve();
    this.#before('closeLater', this.#byFd(fd).path);
    this.#open.delete(fd);
  }

  read(fd: number, position: number, length: number): Buffer {
    const { file, path } = this.#byFd(fd);
    this.#before('read', path);
    return Buffer.from(file.cache.subarray(position, position + length));
  }

  append(fd: number, bytes: Uint8Array): void {
    const { file, path } = this.#byFd(fd);
    this.calls++;
    const fault = this.fault('append', path);
    if (fault instanceof Error) throw fault;
    const written = fault === 'torn' ? bytes.subarray(0, bytes.length >> 1) : bytes;
    file.cache = Buffer.concat([file.cache, written]);
    file.modifiedMs = this.#nowMs();
    if (fault === 'torn') throw fileError('ENOSPC', path);
  }

  truncate(path: string, size: number): void {
    this.#before('truncate', path);
    const file = this.#file(path);
    file.cache = file.cache.subarray(0, size);
    file.durable = file.durable.subarray(0, size);
  }

  sync(fd: number): void {
    const { file, path } = this.#byFd(fd);
    this.#before('sync', path);
    file.durable = file.cache;
  }

  async syncLater(fd: number): Promise<void> {
    const { file, path } = this.#byFd(fd);
    const bytes = file.cache;
    await Promise.resolve();
    this.#before('syncLater', path);
    file.durable = bytes;
  }

  syncDirectory(path: string): void {
    this.#before('syncDirectory', path);
    const directory = this.#directory(path);
    directory.durable.clear();
    for (const [name, node] of directory.cache) directory.durable.set(name, node);
  }

  async syncDirectoryLater(path: string): Promise<void> {
    const { cache, durable } = this.#directory(path);
    const names = new Map(cache);
    await Promise.resolve();
    this.#before('syncDirectoryLater', path);
    // Names that are gone again meanwhile may be gone from the disk, too, or not.
    for (const name of durable.keys()) if (!names.has(name) && !cache.has(name)) durable.delete(name);
    for (const [name, node] of names) if (cache.get(name) === node) durable.set(name, node);
  }

  rename(from: string, to: string): void {
    this.#before('rename', `${from} ${to}`);
    const node = this.#find(from);
    if (node === undefined) throw fileError('ENOENT', from);
    const target = this.#directory(dirname(to)).cache;
    const there = target.get(basename(to));
    if (there?.kind === 'directory' && there.cache.size > 0) throw fileError('ENOTEMPTY', to);
    this.#directory(dirname(from)).cache.delete(basename(from));
    target.set(basename(to), node);
  }

  remove(path: string): void {
    this.#before('remove', path);
    this.#file(path);
    this.#directory(dirname(path)).cache.delete(basename(path));
  }

  removeDirectory(path: string): void {
    this.#before('removeDirectory', path);
    if (this.#directory(path).cache.size > 0) throw fileError('ENOTEMPTY', path);
    this.#directory(dirname(path)).cache.delete(basename(path));
  }

  touch(path: string): void {
    this.#before('touch', path);
    this.#file(path).modifiedMs = this.#nowMs();
  }

  freeBytes(path: string): number {
    this.#before('freeBytes', path);
    return this.free;
  }

  #isForeign(path: string): boolean {
    return this.foreign !== undefined && path.endsWith(this.foreign);
  }

  #before(call: Call, path: string): void {
    this.calls++;
    const fault = this.fault(call, path);
    if (fault !== undefined) throw fault === 'torn' ? fileError('EIO', path) : fault;
  }

  #opened(file: File, path: string): number {
    this.#open.set(++this.#lastFd, { file, path });
    return this.#lastFd;
  }

  #byFd(fd: number): { readonly file: File; readonly path: string } {
    const opened = this.#open.get(fd);
    if (opened === undefined) throw fileError('EBADF', String(fd));
    return opened;
  }

  #find(path: string): Node | undefined {
    let at: Node | undefined = this.#root;
    for (const name of partsOf(path)) at = at?.kind === 'directory' ? at.cache.get(name) : undefined;
    return at;
  }

  #directory(path: string): Directory {
    const node = this.#find(path);
    if (node === undefined) throw fileError('ENOENT', path);
    if (node.kind !== 'directory') throw fileError('ENOTDIR', path);
    return node;
  }

  #file(path: string): File {
    const node = this.#find(path);
    if (node === undefined) throw fileError('ENOENT', path);
    if (node.kind !== 'file') throw fileError('EISDIR', path);
    return node;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter(Boolean);
}
