import type { Config, Credentials } from '../options/config.js';
import type { Store } from '../store.js';
import { type FileStoreParts, fileStore } from './file-store.js';
import { memoryStore } from './memory-store.js';

/** In memory, or on disk as well where a directory is given. */
export function openStore(config: Config, credentials: Credentials, parts: Omit<FileStoreParts, 'persistence'>): Store {
  const { persistence } = config;
  if (persistence === undefined) return memoryStore();
  // What is saved before it is sent has waited for others as a span.
  const lingerMs = persistence.delivery === 'at-least-once' ? 0 : persistence.lingerMs;
  return fileStore(config, credentials, { ...parts, persistence: { ...persistence, lingerMs } });
}
