import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { ids, leftIn, type SpoolWorld, spoolWorld, type WorldOptions } from '../../support/spool/spool-world.js';

const volume = () => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  const process = async (options: Omit<Partial<WorldOptions>, 'fs'>): Promise<SpoolWorld> => {
    const world = spoolWorld({ fs, clock, ...options });
    await world.start();
    await world.turn(5);
    return world;
  };
  return { clock, fs, process };
};

const nobodyIsDead = () => false;
const foundBy = (worlds: readonly SpoolWorld[]): number[] => worlds.map(({ ledger }) => ledger.read().recovered);

describe('a directory whose owner is dead', () => {
  it('is taken over at once, by one of several who try', async () => {
    const { clock, fs, process } = volume();
    const first = await process({ pid: 1 });
    first.append(1, 2, 3);
    await first.turn();
    const others = [2, 3, 4, 5].map((pid) => spoolWorld({ fs, clock, pid, isDead: (other) => other.pid === 1 }));
    for (const { store } of others) store.start();
    await clock.advance(20);
    expect(foundBy(others).toSorted()).toEqual([0, 0, 0, 3]);
    expect(others.flatMap((other) => other.deliverAll())).toEqual(ids(1, 2, 3));
  });

  it('is taken over again, when the one that took it over dies', async () => {
    const { process } = volume();
    const first = await process({ pid: 1 });
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2 });
    second.deliver(second.lease(1));
    const third = await process({ pid: 3 });
    expect(third.deliverAll()).toEqual(ids(2));
    expect(third.imbalance()).toBeUndefined();
  });

  it('is taken over as soon as its owner has closed it, though the process lives on', async () => {
    const { process } = volume();
    const first = await process({ pid: 1 });
    first.append(1);
    await first.close();
    const second = await process({ pid: 1 });
    expect(second.deliverAll()).toEqual(ids(1));
  });
});

describe('a directory whose owner may be alive', () => {
  it('is left alone as long as its lease is fresh, also by a process of the same number in another container', async () => {
    const { clock, process } = volume();
    const first = await process({ pid: 1, machine: 'boot pid:[1]' });
    first.append(1);
    await first.turn();
    const second = await process({ pid: 1, machine: 'boot pid:[2]', isDead: nobodyIsDead });
    await clock.advance(600_000);
    expect(foundBy([second])).toEqual([0]);
    expect(first.deliverAll()).toEqual(ids(1));
  });

  it('is left alone when the wall clock jumps by a day', async () => {
    const { clock, process } = volume();
    const first = await process({ pid: 1 });
    first.append(1);
    await first.turn();
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    for (const jump of [86_400_000, -172_800_000]) {
      clock.jumpWall(jump);
      await clock.advance(120_000);
    }
    expect(foundBy([second])).toEqual([0]);
  });

  it('is taken over a minute after its lease was last refreshed', async () => {
    const { clock, fs, process } = volume();
    const first = spoolWorld({ fs, clock, pid: 1 });
    // Never started, so that nothing refreshes its lease: it is frozen.
    first.append(1);
    await first.turn();
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    await clock.advance(45_000);
    expect(foundBy([second])).toEqual([0]);
    await clock.advance(35_000);
    expect(foundBy([second])).toEqual([1]);
  });
});

describe('an owner that wakes up and finds its directory taken', () => {
  const frozen = async (options: Omit<Partial<WorldOptions>, 'fs'> = {}) => {
    const { clock, fs, process } = volume();
    const first = spoolWorld({ fs, clock, pid: 1, ...options });
    return { clock, fs, first, process };
  };

  it('loses nothing: it writes what it has in memory again, elsewhere', async () => {
    const { clock, fs, first, process } = await frozen();
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    await clock.advance(80_000);
    expect(foundBy([second])).toEqual([2]);
    first.append(3);
    await first.turn(5);
    expect(first.ledger.read()).toMatchObject({ spooled: 3, queued: 0 });
    // Both of them die: everything is there, some of it twice.
    const third = spoolWorld({ fs: fs.afterKill(), clock, pid: 3 });
    await third.start();
    await third.turn(20);
    expect(third.deliverAll().toSorted()).toEqual(ids(1, 1, 2, 2, 3));
    expect([first.imbalance(), second.imbalance(), third.imbalance()]).toEqual([undefined, undefined, undefined]);
  });

  it('tells the next process that what the other may have sent proves nothing about a request', async () => {
    const { clock, fs, first, process } = await frozen();
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    await clock.advance(80_000);
    expect(second.deliverAll()).toEqual(ids(1, 2));
    first.append(3);
    await first.turn(5);
    const lease = first.lease();
    expect(lease?.held).toHaveLength(3);
    lease?.departs(lease.held);
    const third = await leftIn(fs, { clock, pid: 3 });
    const inDoubt = third.leaseInDoubt()?.held ?? [];
    // Found by their request, the third one would be given up, because the first two are there.
    expect(inDoubt.map(({ tries }) => tries.leftInDoubt?.requests)).toEqual([undefined, undefined, undefined]);
  });

  it('is reckoned with by the other: what it took over may be sent by its owner, too, and proves nothing either', async () => {
    const { clock, first, process } = await frozen();
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    await clock.advance(80_000);
    second.append(3);
    await second.turn();
    const isElsewhere = (lease = second.lease()): readonly boolean[] =>
      lease?.held.map(({ tries }) => tries.isElsewhere) ?? [];
    // Its own first.
    expect(isElsewhere()).toEqual([false]);
    expect(isElsewhere()).toEqual([true, true]);
  });

  it('notices it also when the first thing it writes is a note, and takes nothing for a failing disk', async () => {
    const { clock, fs, first, process } = await frozen();
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    await clock.advance(80_000);
    expect(foundBy([second])).toEqual([2]);
    second.deliverAll();
    const lease = first.lease(1);
    lease?.departs(lease.held);
    await first.turn(5);
    expect(first.store.status()).toMatchObject({ degraded: undefined, segments: 1 });
    expect(first.ledger.read()).toMatchObject({ queued: 0, inFlight: 1, spooled: 1 });
    const third = spoolWorld({ fs: fs.afterKill(), clock, pid: 3 });
    await third.start();
    await third.turn(20);
    expect(third.ledger.read()).toMatchObject({ recovered: 2 });
    first.deliver(lease);
    expect([first.errors, first.imbalance(), third.imbalance()]).toEqual([[], undefined, undefined]);
  });

  it('leaves to the other what it has on disk only, and goes on counting it as there', async () => {
    const content = 'x'.repeat(3_000);
    const { clock, first, process } = await frozen({ queue: { maxSpans: 4 }, contentOf: () => content });
    for (const n of [1, 2, 3, 4, 5]) {
      first.append(n);
      await first.turn();
    }
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    await clock.advance(80_000);
    expect(foundBy([second])).toEqual([5]);
    first.append(6);
    await first.turn(5);
    const delivered = [...first.deliverAll(), ...second.deliverAll()];
    expect([...new Set(delivered)].toSorted()).toEqual(ids(1, 2, 3, 4, 5, 6));
    expect(first.ledger.read()).toMatchObject({ delivered: 3, spooled: 3 });
    expect([first.imbalance(), second.imbalance()]).toEqual([undefined, undefined]);
  });

  it('of left-overs takes nothing for a failing disk when it reads them first', async () => {
    const { clock, fs, process } = volume();
    const first = await process({ pid: 1, isDead: nobodyIsDead });
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: (other) => other.pid === 1 });
    const third = spoolWorld({ fs, clock, pid: 3 });
    third.store.start();
    await clock.advance(10);
    expect(foundBy([second, third])).toEqual([2, 2]);
    expect(second.lease()).toBeUndefined();
    second.append(3);
    await second.turn(5);
    expect(second.store.status()).toMatchObject({ degraded: undefined });
    expect(second.deliverAll()).toEqual(ids(3));
    expect(second.ledger.read()).toMatchObject({ recovered: 2, spooled: 2 });
    expect(third.deliverAll()).toEqual(ids(1, 2));
    expect([second.errors, second.imbalance(), third.imbalance()]).toEqual([[], undefined, undefined]);
  });

  it('of left-overs takes nothing for a failing disk when the first thing it writes there is a note', async () => {
    const { clock, fs, process } = volume();
    const first = await process({ pid: 1, isDead: nobodyIsDead });
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: (other) => other.pid === 1 });
    const lease = second.lease();
    const third = spoolWorld({ fs, clock, pid: 3 });
    third.store.start();
    await clock.advance(10);
    second.deliver(lease);
    expect(lease?.held).toHaveLength(2);
    expect(second.store.status()).toMatchObject({ degraded: undefined, segments: 0 });
    expect([second.errors, second.imbalance(), third.imbalance()]).toEqual([[], undefined, undefined]);
  });

  it('of left-overs counts them as what others took', async () => {
    const { clock, fs, process } = volume();
    const first = await process({ pid: 1, isDead: nobodyIsDead });
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: (other) => other.pid === 1 });
    second.store.stopReplay();
    // Somebody who believes it dead.
    const third = spoolWorld({ fs, clock, pid: 3 });
    third.store.start();
    await clock.advance(30_000);
    expect(foundBy([second, third])).toEqual([2, 2]);
    expect(second.ledger.read()).toMatchObject({ recovered: 2, spooled: 2 });
    expect(third.deliverAll()).toEqual(ids(1, 2));
    expect([second.imbalance(), third.imbalance()]).toEqual([undefined, undefined]);
  });
});

describe('what is left by others', () => {
  it('waits until nothing of this process does', async () => {
    const { process } = volume();
    const first = await process({ pid: 1 });
    first.append(1);
    await first.turn();
    const second = await process({ pid: 2 });
    second.append(2);
    expect(second.deliverAll()).toEqual(ids(2, 1));
  });

  it('takes half of the slots at most', async () => {
    const { process } = volume();
    const first = await process({ pid: 1 });
    first.append(1, 2, 3, 4, 5, 6);
    await first.turn();
    const second = await process({ pid: 2, slots: () => 4 });
    const leases = [second.lease(1), second.lease(1), second.lease(1)];
    expect(leases.map((lease) => lease?.held.length)).toEqual([1, 1, undefined]);
    expect(second.spool.waiting).toBe(0);
    second.append(7);
    expect(second.lease(1)?.held.map(({ record }) => record.spanId)).toEqual(ids(7));
    second.deliver(leases[0]);
    expect(second.lease(1)?.held).toHaveLength(1);
  });

  it('of another project is neither sent nor touched', async () => {
    const { fs, process } = volume();
    const first = await process({ pid: 1 });
    first.append(1);
    await first.turn();
    const before = [...fs.files().entries()];
    const second = await process({ pid: 2, publicKey: 'pk-lf-b' });
    await second.turn(100_000);
    expect(second.deliverAll()).toEqual([]);
    expect([...fs.files().entries()]).toEqual(before);
    expect(second.lines.join('\n')).toContain('spans of other projects');
  });
});
