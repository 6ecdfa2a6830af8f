import { MemorySpool } from '../spool/memory-spool.js';
import type { Store } from '../store.js';

/** Best effort: a process that dies takes what waits with it. */
export function memoryStore(): Store {
  const spool = new MemorySpool();
  return {
    spool,
    inMemory: spool,
    sheddable: spool,
    interims: undefined,
    isPersistent: false,
    diskUtilization: () => undefined,
    holdings: () => ({ queued: spool.waiting, spooled: 0 }),
    status: () => undefined,
    start() {},
    pressureChanged() {},
    rejected() {},
    stopReplay() {},
    sealingMs: () => 0,
    async save() {},
    saveNow() {},
    async seal() {},
    sealNow() {},
  };
}
