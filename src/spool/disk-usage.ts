import type { FileSystem } from './file-system.js';

/** The size of all files below, as far as they can be read: other processes add and remove some meanwhile. */
export function bytesBelow(fs: FileSystem, directory: string): number {
  let bytes = 0;
  try {
    for (const name of fs.list(directory)) {
      const path = `${directory}/${name}`;
      const facts = fs.facts(path);
      if (facts?.kind === 'directory') bytes += bytesBelow(fs, path);
      else if (facts?.kind === 'file') bytes += facts.size;
    }
  } catch {
    // Gone between two looks.
  }
  return bytes;
}
