/** A file of the model: what processes see, and what a power cut would leave. */
export interface File {
  readonly kind: 'file';
  cache: Buffer;
  /** What has reached the disk. */
  durable: Buffer;
  modifiedMs: number;
}

export interface Directory {
  readonly kind: 'directory';
  readonly cache: Map<string, Node>;
  /** The names that have reached the disk. */
  readonly durable: Map<string, Node>;
  modifiedMs: number;
}

export type Node = File | Directory;

export function emptyDirectory(modifiedMs: number = 0): Directory {
  return { kind: 'directory', cache: new Map(), durable: new Map(), modifiedMs };
}

/** Another tree, of those bytes and names; in it, all of them are durable. */
export function copyOf(
  directory: Directory,
  bytesOf: (file: File) => Buffer,
  namesOf: (directory: Directory) => ReadonlyMap<string, Node>,
): Directory {
  const copy = emptyDirectory(directory.modifiedMs);
  for (const [name, node] of namesOf(directory)) {
    const twin = node.kind === 'directory' ? copyOf(node, bytesOf, namesOf) : twinOf(node, bytesOf(node));
    copy.cache.set(name, twin);
    copy.durable.set(name, twin);
  }
  return copy;
}

function twinOf({ modifiedMs }: File, bytes: Buffer): File {
  const own = Buffer.from(bytes);
  return { kind: 'file', cache: own, durable: own, modifiedMs };
}
