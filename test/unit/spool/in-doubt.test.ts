import { describe, expect, it } from 'vitest';
import type { Lease } from '../../../src/ports.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { ids, leftIn, spoolWorld, type WorldOptions } from '../../support/spool/spool-world.js';

const world = (options: Omit<Partial<WorldOptions>, 'fs' | 'clock'> = {}) => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  return { fs, world: spoolWorld({ ...options, fs, clock }) };
};
const ALIVE: Partial<WorldOptions> = { isDead: () => false };
const idsIn = (lease: Lease | undefined): string[] => lease?.held.map(({ record }) => record.spanId) ?? [];
const requestsIn = (lease: Lease | undefined): (string | undefined)[] =>
  lease?.held.map(({ tries }) => tries.leftInDoubt?.requests) ?? [];

describe('a spool on disk, and what was under way when its process died', () => {
  it('keeps apart after a crash which of them may have arrived', async () => {
    const { fs, world: one } = world();
    one.append(1, 2, 3);
    await one.turn();
    const lease = one.lease(2);
    lease?.departs(lease.held.slice(1));
    const next = await leftIn(fs);
    expect([next.spool.waiting, next.spool.inDoubt?.waiting]).toEqual([2, 1]);
    expect([idsIn(next.leaseInDoubt()), idsIn(next.lease())]).toEqual([ids(2), ids(1, 3)]);
    expect(next.imbalance()).toBeUndefined();
  });

  it('has what was answered on disk before anything else can happen, so that it is not repeated', async () => {
    const { fs, world: one } = world();
    one.append(1, 2, 3);
    await one.turn();
    const lease = one.lease();
    lease?.departs(lease.held);
    one.deliver(lease, lease?.held.slice(0, 2));
    expect((await leftIn(fs)).deliverAll()).toEqual(ids(3));
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
    expect([idsIn(next.leaseInDoubt()), idsIn(next.lease())]).toEqual([ids(2), ids(1)]);
  });

  it('keeps a record that was spilled after a lost answer in doubt', async () => {
    const { fs, world: one } = world({ delivery: 'spill' });
    one.append(1);
    const lease = one.lease();
    for (const { tries } of lease?.held ?? []) tries.mayHaveArrived = true;
    lease?.release(lease.held);
    await one.turn();
    const next = await leftIn(fs);
    expect(next.lease()).toBeUndefined();
    const left = next.leaseInDoubt();
    expect(idsIn(left)).toEqual(ids(1));
    // With which others it went was never noted.
    expect(requestsIn(left)).toEqual([undefined]);
  });

  it('lends what is in doubt no longer with all others, and the rest again to whoever looks for it', async () => {
    const { fs, world: one } = world();
    one.append(1, 2);
    await one.turn();
    const lease = one.lease();
    lease?.departs(lease.held);
    const next = await leftIn(fs);
    const left = next.leaseInDoubt();
    for (const { tries } of left?.held.slice(1) ?? []) tries.leftInDoubt = undefined;
    left?.release(left.held);
    expect(next.ledger.read()).toMatchObject({ recovered: 2, queued: 0, inFlight: 0, spooled: 2 });
    // Not before the others have gone: they are in memory, and there must not be ever more of them.
    expect(next.leaseInDoubt()).toBeUndefined();
    const sure = next.lease();
    expect(idsIn(sure)).toEqual(ids(2));
    expect(idsIn(next.leaseInDoubt())).toEqual(ids(1));
    next.deliver(sure);
    expect(next.imbalance()).toBeUndefined();
  });

  it('knows after a crash which of them were in the same requests', async () => {
    const { fs, world: one } = world();
    one.append(1, 2, 3, 4);
    await one.turn();
    const lease = one.lease();
    const held = lease?.held ?? [];
    lease?.departs(held.slice(0, 3));
    lease?.departs(held.slice(1, 2));
    lease?.departs(held.slice(3));
    const [first, second, third, fourth] = requestsIn((await leftIn(fs)).leaseInDoubt());
    expect(first).toBeDefined();
    expect(third).toBe(first);
    // In another one as well, and in another one only.
    expect(new Set([first, second, fourth]).size).toBe(3);
  });

  it.each([
    ['went down with its machine', { machine: 'next-boot 1' }, ALIVE],
    ['may have lived on', {}, ALIVE],
  ])('does not say so of a process that %s, nor does whoever comes next', async (_how, where, alive) => {
    const { fs, world: one } = world();
    one.append(1, 2);
    await one.turn();
    const lease = one.lease();
    lease?.departs(lease.held);
    const crashed = fs.afterKill();
    const next = spoolWorld({ fs: crashed, clock: one.clock, pid: 2, ...where, ...alive });
    await next.start();
    // Nobody can tell that the first one is dead.
    await next.turn(90_000);
    expect(requestsIn(next.leaseInDoubt())).toEqual([undefined, undefined]);
    const last = spoolWorld({ fs: crashed.afterKill(), clock: one.clock, pid: 3, ...where });
    await last.start();
    expect(requestsIn(last.leaseInDoubt())).toEqual([undefined, undefined]);
  });

  it('does not say so when a request could not be noted', async () => {
    const { fs, world: one } = world();
    one.append(1, 2);
    await one.turn();
    const lease = one.lease();
    lease?.departs(lease.held);
    fs.fault = (call, path) => (call === 'append' && path.endsWith('.ack') ? new Error('no more') : undefined);
    lease?.departs(lease.held.slice(1));
    fs.fault = () => undefined;
    lease?.departs(lease.held.slice(0, 1));
    const next = await leftIn(fs);
    // What is not noted is sent again; nothing is taken for a witness.
    expect(idsIn(next.lease())).toEqual(ids(2));
    expect(requestsIn(next.leaseInDoubt())).toEqual([undefined]);
  });

  it('knows since when what it took over may have been under way, and does not believe a time to come', async () => {
    const { fs, world: one } = world();
    one.append(1);
    await one.turn();
    const lease = one.lease();
    lease?.departs(lease.held);
    const beyond = async (ms: number, wallMs: number): Promise<number | undefined> => {
      const clock = new ManualClock();
      await clock.advance(100_000);
      clock.jumpWall(one.clock.wallMs() + wallMs - clock.wallMs());
      const next = spoolWorld({ fs: fs.afterKill(), clock, pid: 2 });
      await next.start();
      const [left] = next.leaseInDoubt()?.held ?? [];
      return left?.tries.leftInDoubt && clock.now() - left.tries.leftInDoubt.departedAt - ms;
    };
    expect(await beyond(20_000, 20_000)).toBeCloseTo(0, -1);
    expect(await beyond(0, -20_000)).toBeCloseTo(0, -1);
  });
});
