import { describe, expect, it } from 'vitest';
import { Tries } from '../../src/delivery/tries.js';
import type { Held, Lease, Spool } from '../../src/ports.js';
import { MemorySpool } from '../../src/spool/memory-spool.js';
import { record, spanId } from '../support/observations.js';
import { ModelFileSystem } from '../support/spool/model-file-system.js';
import { spoolWorld } from '../support/spool/spool-world.js';

const held = (n: number): Held => ({
  record: record({ id: spanId(n) }),
  tries: new Tries(),
  group: { settle() {}, saved() {} },
});
const numbersIn = (records: readonly Held[]): number[] =>
  records.map(({ record: { spanId: id } }) => Number.parseInt(id, 16));
const sizeOf = (records: readonly Held[]): number => records.reduce((sum, { record: { size } }) => sum + size, 0);

const onDisk = (options: Partial<Parameters<typeof spoolWorld>[0]>): Spool =>
  spoolWorld({ fs: new ModelFileSystem(() => 0), ...options }).spool;
const noRoom = { queue: { maxSpans: 2 } };

/** What delivery relies on, wherever records wait. */
describe.each<[string, () => Spool]>([
  ['memory', () => new MemorySpool()],
  ['disk', () => onDisk({})],
  ['disk at need', () => onDisk({ delivery: 'spill' })],
  ['disk at need, and there is need', () => onDisk({ delivery: 'spill', isPressed: () => true })],
  ['disk, with memory for one record', () => onDisk(noRoom)],
])('a spool in %s', (_where, open) => {
  const filled = (count: number): { readonly spool: Spool; readonly records: readonly Held[] } => {
    const spool = open();
    const records = Array.from({ length: count }, (_, n) => held(n + 1));
    for (const one of records) spool.append(one);
    return { spool, records };
  };
  const leaseOf = (spool: Spool, maxRecords = 1e9, maxSize = 1e12): Lease => {
    const lease = spool.lease(maxRecords, maxSize);
    if (lease === undefined) throw new Error('nothing waits');
    return lease;
  };

  it('lends nothing when nothing waits', () => {
    expect([open().lease(10, 1e9), open().waiting, open().leased]).toEqual([undefined, 0, 0]);
  });

  it('lends the oldest first, within both bounds', async () => {
    const { spool, records } = filled(5);
    await Promise.resolve();
    const byCount = numbersIn(leaseOf(spool, 2).held);
    const next = byCount.length;
    const bySize = numbersIn(leaseOf(spool, 9, sizeOf(records.slice(next, next + 2))).held);
    // What has to be read back may come in smaller pieces.
    expect([1, 2].slice(0, next)).toEqual(byCount);
    expect([next + 1, next + 2].slice(0, bySize.length)).toEqual(bySize);
  });

  it('lends one record that is larger than asked for, rather than none', () => {
    const { spool } = filled(2);
    expect(numbersIn(leaseOf(spool, 9, 1).held)).toEqual([1]);
  });

  it('counts what waits and what is lent', async () => {
    const { spool } = filled(4);
    await Promise.resolve();
    expect([spool.waiting, spool.leased]).toEqual([4, 0]);
    const lease = leaseOf(spool, 2);
    const lent = lease.held.length;
    expect([spool.waiting, spool.leased]).toEqual([4 - lent, lent]);
    lease.settle(lease.held);
    expect([spool.waiting, spool.leased]).toEqual([4 - lent, 0]);
  });

  it('lends every record once, however it is asked', async () => {
    const { spool } = filled(9);
    await Promise.resolve();
    const lent: number[] = [];
    for (let lease = spool.lease(2, 1e9); lease !== undefined; lease = spool.lease(3, 1e9)) {
      lent.push(...numbersIn(lease.held));
    }
    expect(lent).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([spool.waiting, spool.leased]).toEqual([0, 9]);
  });

  it('lends what was released again, before what is younger', async () => {
    const { spool } = filled(4);
    await Promise.resolve();
    const lease = leaseOf(spool, 1);
    lease.departs(lease.held);
    lease.release(lease.held);
    expect(numbersIn(leaseOf(spool, 1).held)).toEqual([1]);
    expect(numbersIn(leaseOf(spool, 1).held)).toEqual([2]);
  });

  it('takes a lease back in parts, in any order', () => {
    const { spool } = filled(2);
    const lease = leaseOf(spool, 2);
    const rest = spool.waiting;
    const [first, ...others] = lease.held;
    if (first === undefined) throw new Error('an empty lease');
    lease.settle([first]);
    expect(lease.left()).toEqual(others);
    lease.release(others);
    expect(lease.left()).toEqual([]);
    expect([spool.waiting, spool.leased]).toEqual([rest + others.length, 0]);
  });

  it('takes an empty settlement for none', () => {
    const { spool } = filled(1);
    const lease = leaseOf(spool);
    lease.settle([]);
    lease.release([]);
    expect(spool.leased).toBe(1);
  });

  it('keeps the very object that was lent, and what is known of it, across releases', () => {
    const { spool } = filled(1);
    const lease = leaseOf(spool);
    const [one] = lease.held;
    if (one === undefined) throw new Error('an empty lease');
    one.tries.add(100);
    lease.release([one]);
    expect(leaseOf(spool).held[0]?.tries.count).toBe(1);
  });

  it('holds nothing when everything is settled', async () => {
    const { spool } = filled(7);
    await Promise.resolve();
    for (let lease = spool.lease(3, 1e9); lease !== undefined; lease = spool.lease(3, 1e9)) lease.settle(lease.held);
    expect([spool.waiting, spool.leased, spool.size]).toEqual([0, 0, 0]);
  });
});
