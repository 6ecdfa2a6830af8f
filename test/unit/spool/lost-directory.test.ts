import { describe, expect, it } from 'vitest';
import { ids, leftIn, spoolWorld, type WorldOptions } from '../../support/spool/spool-world.js';
import { foundBy, nobodyIsDead, volume } from '../../support/spool/volume.js';

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

  it('takes nothing for a failing disk when the first thing it does is to read back what is on disk only', async () => {
    const { clock, first, process } = await frozen({ queue: { maxSpans: 20 } });
    for (let n = 1; n <= 30; n++) {
      first.append(n);
      await first.turn();
    }
    first.deliver(first.lease(10));
    const second = await process({ pid: 2, isDead: nobodyIsDead });
    await clock.advance(80_000);
    expect(foundBy([second])).toEqual([20]);
    expect(first.lease()).toBeUndefined();
    expect(second.deliverAll()).toHaveLength(20);
    expect(first.ledger.read()).toMatchObject({ delivered: 10, spooled: 20 });
    expect(first.store.status()).toMatchObject({ degraded: undefined });
    expect([first.errors, first.imbalance(), second.imbalance()]).toEqual([[], undefined, undefined]);
  });

  /** Two records that a process which may be alive took over from a dead one. */
  const takenOver = async () => {
    const { clock, fs, process } = volume();
    const first = await process({ pid: 1, isDead: nobodyIsDead });
    first.append(1, 2);
    await first.turn();
    const second = await process({ pid: 2, isDead: (other) => other.pid === 1 });
    return { clock, fs, second };
  };

  it('of left-overs takes nothing for a failing disk when it reads them first', async () => {
    const { clock, fs, second } = await takenOver();
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
    const { clock, fs, second } = await takenOver();
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
    const { clock, fs, second } = await takenOver();
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
