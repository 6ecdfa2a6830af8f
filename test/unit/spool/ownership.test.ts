import { describe, expect, it } from 'vitest';
import { ids, spoolWorld } from '../../support/spool/spool-world.js';
import { foundBy, nobodyIsDead, volume } from '../../support/spool/volume.js';

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
