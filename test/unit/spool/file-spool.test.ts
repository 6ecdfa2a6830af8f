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

/** What the next process, which finds this one dead, delivers. */
async function leftIn(fs: ModelFileSystem, options: Partial<WorldOptions> = {}) {
  const next = spoolWorld({ fs: fs.afterKill(), pid: 2, ...options });
  await next.start();
  await next.turn(10);
  return next;
}

describe('a spool on disk', () => {
  it('opens nothing before the first record', () => {
    const { fs } = world();
    expect(fs.calls).toBe(0);
  });

  it('with a linger of 0 has a record on disk at the end of the task that made it', async () => {
    const { fs, world: one } = world();
    one.append(1, 2);
    await Promise.resolve();
    expect([...one.saved]).toEqual(ids(1, 2));
    const next = await leftIn(fs);
    expect(next.deliverAll()).toEqual(ids(1, 2));
  });

  it('with a linger writes what came meanwhile at once', async () => {
    const { world: one } = world({ persistence: { lingerMs: 20 } });
    one.append(1);
    await one.turn(19);
    expect(one.saved.size).toBe(0);
    one.append(2);
    await one.turn(1);
    expect([...one.saved]).toEqual(ids(1, 2));
  });

  it('has every record on disk before it is lent', () => {
    const { fs, world: one } = world({ persistence: { lingerMs: 1_000 } });
    one.append(1, 2);
    one.lease(1);
    expect([...one.saved]).toEqual(ids(1));
    expect(segmentsIn(fs)).toHaveLength(1);
  });

  it('leaves nothing behind when everything was delivered', async () => {
    const { fs, world: one } = world();
    one.append(1, 2, 3);
    await one.turn();
    one.deliverAll();
    await one.close();
    expect([...fs.files().keys()]).toEqual([]);
    expect(fs.openFiles).toBe(0);
    expect(one.imbalance()).toBeUndefined();
  });

  it('sends again after a crash what was lent, and not what was delivered', async () => {
    const { fs, world: one } = world();
    one.append(1, 2, 3);
    await one.turn();
    const lease = one.lease(2);
    one.deliver(lease, lease?.held.slice(0, 1));
    const next = await leftIn(fs);
    expect(next.ledger.read()).toMatchObject({ recovered: 2, spooled: 2 });
    expect(next.deliverAll()).toEqual(ids(2, 3));
    expect(next.ledger.read()).toMatchObject({ recovered: 2, delivered: 2, spooled: 0 });
    expect(next.imbalance()).toBeUndefined();
  });

  it('has on disk all that it wrote at once, also where that takes more than one segment', async () => {
    const content = '語'.repeat(10_000);
    const { fs, world: one } = world({ persistence: { maxBytes: 4_000_000 }, contentOf: () => content });
    const numbers = (first: number) => Array.from({ length: 30 }, (_, n) => first + n);
    one.append(...numbers(1));
    await one.turn();
    one.deliverAll();
    one.append(...numbers(31));
    await one.turn();
    const next = await leftIn(fs, { persistence: { maxBytes: 4_000_000 } });
    expect(next.deliverAll()).toEqual(ids(...numbers(31)));
  });

  it('keeps no segment of a write that failed halfway, and nothing of it is lost', async () => {
    const content = '語'.repeat(10_000);
    const { fs, world: one } = world({
      ...{ delivery: 'spill', persistence: { maxBytes: 1_000_000 }, isPressed: () => true, contentOf: () => content },
    });
    fs.fault = (call, path) => (call === 'create' && path.includes('seg-2') ? new Error('no more') : undefined);
    one.append(...Array.from({ length: 30 }, (_, n) => n + 1));
    await one.turn();
    expect(segmentsIn(fs)).toEqual([]);
    expect(one.deliverAll()).toHaveLength(30);
    expect(one.imbalance()).toBeUndefined();
  });

  it('knows after a crash which of them may have arrived', async () => {
    const { fs, world: one } = world();
    one.append(1, 2, 3);
    await one.turn();
    const lease = one.lease(2);
    lease?.departs(lease.held.slice(1));
    const next = await leftIn(fs);
    expect(next.lease()?.held.map(({ tries }) => tries.mayHaveArrived)).toEqual([false, true, false]);
  });

  it('knows after a crash that the server has answered, and has none of them', async () => {
    const { fs, world: one } = world();
    one.append(1, 2);
    await one.turn();
    const lease = one.lease(2);
    lease?.departs(lease.held);
    for (const { tries } of lease?.held.slice(1) ?? []) tries.mayHaveArrived = true;
    lease?.release(lease.held);
    const next = await leftIn(fs);
    expect(next.lease()?.held.map(({ tries }) => tries.isLeftInDoubt)).toEqual([false, true]);
  });

  it('keeps a record that was spilled after a lost answer in doubt', async () => {
    const { fs, world: one } = world({ delivery: 'spill' });
    one.append(1);
    const lease = one.lease();
    for (const { tries } of lease?.held ?? []) tries.mayHaveArrived = true;
    lease?.release(lease.held);
    await one.turn();
    const next = await leftIn(fs);
    expect(next.lease()?.held.map(({ tries }) => tries.mayHaveArrived)).toEqual([true]);
  });

  it('counts a record as on disk, as lent, or as in memory, and as nothing twice', async () => {
    const { world: one } = world({ persistence: { lingerMs: 10 } });
    one.append(1, 2);
    expect(one.ledger.read()).toMatchObject({ queued: 2, inFlight: 0, spooled: 0 });
    await one.turn(10);
    expect(one.ledger.read()).toMatchObject({ queued: 0, inFlight: 0, spooled: 2 });
    const lease = one.lease(1);
    expect(one.ledger.read()).toMatchObject({ queued: 0, inFlight: 1, spooled: 1 });
    lease?.release(lease.held);
    expect(one.ledger.read()).toMatchObject({ queued: 0, inFlight: 0, spooled: 2 });
    expect(one.imbalance()).toBeUndefined();
  });

  it('holds no more in memory than it may, whatever waits, and loses nothing of it', async () => {
    const content = 'x'.repeat(10_000);
    const { world: one } = world({ queue: { maxSpans: 100, maxBytes: 200_000 }, contentOf: () => content });
    const numbers = Array.from({ length: 60 }, (_, n) => n + 1);
    for (const n of numbers) {
      one.append(n);
      await Promise.resolve();
    }
    expect(one.store.inMemory.size).toBeLessThanOrEqual(130_000);
    expect(one.store.spool.waiting).toBe(60);
    expect(one.deliverAll()).toEqual(ids(...numbers));
    expect(one.ledger.read()).toMatchObject({ delivered: 60, spooled: 0, queued: 0 });
    expect([...one.fates.values()].every((fate) => fate === 'delivered')).toBe(true);
  });

  it('reads back what delivery gave back, though it is queued behind what is younger', async () => {
    const { world: one } = world({ queue: { maxSpans: 4 } });
    for (const n of [1, 2, 3, 4, 5, 6]) {
      one.append(n);
      await Promise.resolve();
    }
    for (let round = 0; round < 5; round++) {
      const leases = [one.lease(2), one.lease(2), one.lease(1)];
      for (const lease of leases.toReversed()) lease?.release(lease.held);
    }
    expect(one.deliverAll().toSorted()).toEqual(ids(1, 2, 3, 4, 5, 6));
    expect(one.ledger.read()).toMatchObject({ delivered: 6, dropped: { corrupt: 0 } });
  });

  it('that is closed lends nothing that is on disk, not even what others left', async () => {
    const { fs, world: one } = world();
    one.append(1, 2);
    await one.turn();
    const next = await leftIn(fs);
    next.append(3);
    await next.turn();
    await next.close();
    expect(next.lease()).toBeUndefined();
    expect(next.ledger.read()).toMatchObject({ recovered: 2, spooled: 3, queued: 0 });
    next.append(4);
    await next.turn(40_000);
    expect(next.saved.size).toBe(0);
    expect(next.lease()?.held).toHaveLength(1);
  });

  it('starts a new segment when one is a minute old, and removes those that are delivered', async () => {
    const { fs, world: one } = world();
    for (const n of [1, 2, 3]) {
      one.append(n);
      await one.turn(60_000);
    }
    expect(segmentsIn(fs)).toHaveLength(3);
    one.deliver(one.lease(2));
    expect(segmentsIn(fs)).toHaveLength(1);
  });
});

describe('a spool for times of need', () => {
  it('leaves the disk alone while all is well', async () => {
    const { fs, world: one } = world({ delivery: 'spill' });
    one.append(1, 2);
    await one.turn(1_000);
    one.deliverAll();
    await one.close();
    expect(fs.files().size).toBe(0);
  });

  it('writes everything that waits once there is pressure', async () => {
    let isPressed = false;
    const { world: one } = world({ delivery: 'spill', isPressed: () => isPressed });
    one.append(1, 2);
    await one.turn();
    expect(one.saved.size).toBe(0);
    isPressed = true;
    one.store.pressureChanged();
    await one.turn();
    expect([...one.saved]).toEqual(ids(1, 2));
  });

  it('writes what delivery gave back', async () => {
    const { world: one } = world({ delivery: 'spill' });
    one.append(1);
    const lease = one.lease();
    lease?.release(lease.held);
    await one.turn();
    expect([...one.saved]).toEqual(ids(1));
  });

  it('writes what waits when it is closed', async () => {
    const { fs, world: one } = world({ delivery: 'spill' });
    one.append(1, 2);
    await one.close();
    expect([...one.fates.values()]).toEqual(['spooled', 'spooled']);
    expect(one.ledger.read()).toMatchObject({ queued: 0, spooled: 2 });
    const next = await leftIn(fs);
    expect(next.deliverAll()).toEqual(ids(1, 2));
  });
});
