import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { ids, spoolWorld, type WorldOptions } from '../../support/spool/spool-world.js';

const world = (options: Omit<Partial<WorldOptions>, 'fs' | 'clock'> = {}) => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  return { fs, world: spoolWorld({ ...options, fs, clock }) };
};
const segmentsIn = (fs: ModelFileSystem): string[] => [...fs.files().keys()].filter((name) => name.endsWith('.log'));

describe('fsync', () => {
  const afterPowerCut = async (fs: ModelFileSystem) => {
    const next = spoolWorld({ fs: fs.afterPowerCut(() => false), pid: 2 });
    await next.start();
    // The lease did not reach the disk, so nobody can tell whose directory it is: it takes a minute.
    await next.turn(76_000);
    return next.deliverAll();
  };

  it('always: what counts as saved survives a power cut', async () => {
    const { fs, world: one } = world({ persistence: { fsync: 'always' } });
    one.append(1, 2);
    await Promise.resolve();
    expect(one.saved.size).toBe(0);
    await one.turn();
    expect([...one.saved]).toEqual(ids(1, 2));
    expect(await afterPowerCut(fs)).toEqual(ids(1, 2));
  });

  it('always: the records of a burst share one', async () => {
    const { fs, world: one } = world({ persistence: { fsync: 'always' } });
    let syncs = 0;
    fs.fault = (call) => {
      if (call === 'syncLater') syncs++;
      return undefined;
    };
    for (let n = 1; n <= 50; n++) one.append(n);
    await one.turn();
    expect([one.saved.size, syncs]).toEqual([50, 1]);
  });

  it('always: memory is kept small also while more comes with each sync', async () => {
    const { fs, world: one } = world({ persistence: { fsync: 'always' }, queue: { maxSpans: 20 } });
    let last = 1;
    let most = 0;
    fs.fault = (call) => {
      if (call !== 'syncLater' || last === 100) return undefined;
      one.append(++last);
      most = Math.max(most, one.store.inMemory.waiting);
      return undefined;
    };
    one.append(1);
    await one.turn(100);
    // Half of the queue, and what is on its way to the disk.
    expect(most).toBeLessThan(15);
    expect(one.deliverAll().toSorted()).toEqual(ids(...Array.from({ length: 100 }, (_, n) => n + 1)).toSorted());
    expect(one.imbalance()).toBeUndefined();
  });

  it.each(['interval', 'always'] as const)('%s: holds nobody up for the names of new files', async (fsync) => {
    const { fs, world: one } = world({ persistence: { fsync } });
    const calls: string[] = [];
    fs.fault = (call) => {
      if (call.startsWith('syncDirectory')) calls.push(call);
      return undefined;
    };
    await one.start();
    one.append(1);
    await one.turn(61_000);
    one.append(2);
    await one.turn(1_000);
    expect(segmentsIn(fs)).toHaveLength(2);
    expect(new Set(calls)).toEqual(new Set(['syncDirectoryLater']));
    expect(await afterPowerCut(fs)).toEqual(ids(1, 2));
  });

  it('interval: what is written at the exit, in a file that is new, survives a power cut', async () => {
    const { fs, world: one } = world({ persistence: { fsync: 'interval' } });
    one.append(1);
    one.store.sealNow(one.clock.now() + 1_000);
    expect(one.ledger.read()).toMatchObject({ queued: 0, spooled: 1 });
    expect(await afterPowerCut(fs)).toEqual(ids(1));
  });

  it('interval: half a second is lost at most', async () => {
    const { fs, world: one } = world({ persistence: { fsync: 'interval' } });
    one.append(1);
    await one.turn(499);
    expect(await afterPowerCut(fs)).toEqual([]);
    await one.turn(1);
    expect(await afterPowerCut(fs)).toEqual(ids(1));
  });

  it('none: a shutdown takes down what is left', async () => {
    const { fs, world: one } = world();
    one.append(1);
    await one.turn();
    expect([...one.saved]).toEqual(ids(1));
    await one.close();
    const lengths = (of: ModelFileSystem): number[] => segmentsIn(of).map((name) => of.files().get(name)?.length ?? 0);
    // Names by chance, content in full: half of what has not reached the disk would be missing.
    expect(lengths(fs.afterPowerCut(() => true))).toEqual(lengths(fs));
  });
});
