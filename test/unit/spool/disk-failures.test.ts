import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { type Call, ModelFileSystem } from '../../support/spool/model-file-system.js';
import { ids, spoolWorld, type WorldOptions } from '../../support/spool/spool-world.js';

const CODES = ['ENOSPC', 'EIO', 'EMFILE', 'EROFS', 'EACCES', 'EDQUOT'] as const;
const failure = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

const CALLS: readonly Call[] = [
  ...(['makeDirectory', 'list', 'facts', 'create', 'open', 'close', 'closeLater', 'read', 'append'] as const),
  ...(['truncate', 'sync', 'syncLater', 'syncDirectory', 'syncDirectoryLater', 'rename', 'remove'] as const),
  ...(['removeDirectory', 'touch', 'freeBytes'] as const),
];

const open = (options: Omit<Partial<WorldOptions>, 'fs' | 'clock'> = {}) => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  return { fs, clock, world: spoolWorld({ ...options, fs, clock }) };
};

describe('a disk that fails', () => {
  it.each(CODES.flatMap((code) => CALLS.map((call) => [code, call] as const)))(
    'with %s at any %s costs nothing but the disk, and is used again when it is well',
    async (code, failing) => {
      const { fs, world } = open({ persistence: { fsync: 'always' } });
      await world.start();
      world.append(1);
      await world.turn();
      let isFailing = true;
      fs.fault = (call) => (isFailing && call === failing ? failure(code) : undefined);
      world.append(2, 3);
      await world.turn(20_000);
      world.deliver(world.lease(1));
      await world.turn(70_000);
      world.append(4);
      await world.turn(100);
      expect(world.imbalance()).toBeUndefined();
      expect(world.errors.every((error) => error.code === 'PERSISTENCE_ERROR')).toBe(true);
      isFailing = false;
      await world.turn(60_000);
      world.append(5);
      await world.turn(100);
      expect(world.store.status()?.degraded).toBeUndefined();
      expect([...world.saved]).toEqual(expect.arrayContaining(ids(5)));
      expect(world.deliverAll().toSorted()).toEqual(ids(2, 3, 4, 5));
      expect(world.ledger.read()).toMatchObject({ delivered: 5, queued: 0, inFlight: 0, spooled: 0 });
      await world.close();
      expect(world.imbalance()).toBeUndefined();
    },
  );

  it.each(CODES)('with %s at every call delivers from memory', async (code) => {
    const { fs, world } = open();
    fs.fault = () => failure(code);
    await world.start();
    world.append(1, 2, 3);
    await world.turn(1_000);
    expect(world.ledger.read()).toMatchObject({ queued: 3, spooled: 0 });
    expect(world.deliverAll()).toEqual(ids(1, 2, 3));
    await world.close();
    expect(world.imbalance()).toBeUndefined();
  });

  it('is told once in its thirty seconds, and its end as well', async () => {
    const { fs, world } = open();
    await world.start();
    fs.fault = (call) => (call === 'append' ? failure('ENOSPC') : undefined);
    for (let n = 1; n <= 20; n++) {
      world.append(n);
      await world.turn(1_000);
    }
    expect(world.errors.map(({ message }) => message)).toEqual([
      'PERSISTENCE_ERROR: the disk failed (writing); spans are kept in memory and the disk is tried again in 30 s: ENOSPC: no',
    ]);
    fs.fault = () => undefined;
    await world.turn(30_000);
    expect(world.saved.size).toBe(20);
    expect(world.lines.join('\n')).toContain('the disk takes spans again');
  });

  it('in the middle of a write leaves the records before whole, and writes the others elsewhere', async () => {
    const { fs, world, clock } = open();
    world.append(1);
    await world.turn();
    let isFirst = true;
    fs.fault = (call) => {
      if (call !== 'append' || !isFirst) return undefined;
      isFirst = false;
      return 'torn';
    };
    world.append(2);
    await world.turn(31_000);
    expect([...world.saved]).toEqual(ids(1, 2));
    const next = spoolWorld({ fs: fs.afterKill(), clock, pid: 2 });
    await next.start();
    await next.turn(10);
    expect(next.deliverAll()).toEqual(ids(1, 2));
  });

  it('whose sync fails is not believed: what memory still has is written again, to another file', async () => {
    const { fs, world, clock } = open({ persistence: { fsync: 'always' } });
    let isFirst = true;
    fs.fault = (call) => {
      if (call !== 'syncLater' || !isFirst) return undefined;
      isFirst = false;
      return failure('EIO');
    };
    world.append(1, 2);
    await world.turn();
    expect([world.saved.size, world.store.status()?.degraded]).toEqual([0, 'fsync: EIO']);
    await world.turn(31_000);
    expect([...world.saved]).toEqual(ids(1, 2));
    const next = spoolWorld({ fs: fs.afterPowerCut(() => false), clock, pid: 2 });
    await next.start();
    await next.turn(80_000);
    expect(next.deliverAll().toSorted()).toEqual(expect.arrayContaining(ids(1, 2)));
  });

  it('with less room than is to stay free is left alone', async () => {
    const { fs, world } = open({ persistence: { minFreeBytes: 1_000 } });
    fs.free = 999;
    world.append(1);
    await world.turn();
    expect(world.store.status()?.degraded).toBe('writing: only 999 bytes are free, persistence.minFreeBytes is 1000');
    fs.free = 1_000;
    await world.turn(31_000);
    expect([...world.saved]).toEqual(ids(1));
  });
});
