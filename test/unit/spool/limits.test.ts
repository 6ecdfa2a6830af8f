import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { ids, spoolWorld, type WorldOptions } from '../../support/spool/spool-world.js';

const HOUR_MS = 3_600_000;
/** One of these fills a quarter of the smallest quota, and so a segment. */
const content = 'x'.repeat(16_384);
const SMALL: Omit<Partial<WorldOptions>, 'fs'> = {
  contentOf: () => content,
  persistence: { maxBytes: 65_536 },
  queue: { maxSpans: 4 },
};

const start = async (options: Omit<Partial<WorldOptions>, 'fs'>, fs?: ModelFileSystem) => {
  const clock = options.clock ?? new ManualClock();
  const disk = fs ?? new ModelFileSystem(() => clock.wallMs());
  const world = spoolWorld({ ...options, fs: disk, clock });
  await world.start();
  await world.turn(10);
  return { fs: disk, clock, world };
};

const fill = async (world: ReturnType<typeof spoolWorld>, ...numbers: readonly number[]): Promise<void> => {
  for (const n of numbers) {
    world.append(n);
    await world.turn();
  }
};

describe('the quota', () => {
  it('makes room by the oldest segment, and counts what was only there', async () => {
    const { world } = await start(SMALL);
    await fill(world, 1, 2, 3, 4, 5, 6, 7, 8);
    expect(world.store.status()?.bytes).toBeLessThanOrEqual(65_536);
    const { disk_quota: dropped } = world.ledger.read().dropped;
    expect(dropped).toBeGreaterThan(0);
    expect(world.imbalance()).toBeUndefined();
    // The first ones are in memory, and lose no more than their copy on disk.
    expect(world.deliverAll().slice(0, 2)).toEqual(ids(1, 2));
    expect(world.ledger.read()).toMatchObject({ delivered: 8 - dropped, queued: 0, spooled: 0 });
    const losses = world.errors.filter(({ details }) => details['reason'] === 'disk_quota');
    expect(losses[0]?.message).toContain('had to make room (persistence.maxBytes)');
  });

  it('that is lower after a restart drops the oldest of what was left', async () => {
    const roomy = { ...SMALL, persistence: { maxBytes: 400_000 } };
    const { fs, clock, world } = await start(roomy);
    await fill(world, 1, 2, 3, 4, 5, 6);
    expect(world.ledger.read().dropped.disk_quota).toBe(0);
    const { world: next } = await start({ ...SMALL, pid: 2, clock }, fs.afterKill());
    const { recovered, dropped, spooled } = next.ledger.read();
    expect([recovered, dropped.disk_quota + spooled]).toEqual([6, 6]);
    expect(dropped.disk_quota).toBeGreaterThan(1);
    expect(next.deliverAll()).toEqual(ids(1, 2, 3, 4, 5, 6).slice(dropped.disk_quota));
    expect(next.imbalance()).toBeUndefined();
  });

  it('is the reason for what lost its place on disk while it was under way, when the process ends', async () => {
    const { world } = await start({ ...SMALL, queue: { maxSpans: 100 } });
    world.append(1, 2);
    await world.turn();
    const lease = world.lease();
    await fill(world, 3, 4, 5, 6, 7, 8);
    lease?.release(lease.held);
    await world.close();
    const { spooled, dropped } = world.ledger.read();
    expect([world.lease(), spooled + dropped.disk_quota]).toEqual([undefined, 8]);
    expect(dropped.disk_quota).toBeGreaterThan(0);
    expect(world.imbalance()).toBeUndefined();
    expect([...world.fates.values()].filter((fate) => fate === 'dropped')).toHaveLength(dropped.disk_quota);
  });

  it('is not the reason for what may have arrived', async () => {
    const { world, clock } = await start({ ...SMALL, queue: { maxSpans: 100 } });
    world.append(1, 2);
    await world.turn();
    const lease = world.lease();
    for (const { tries } of lease?.held.slice(1) ?? []) tries.mayHaveArrived = true;
    await fill(world, 3, 4, 5, 6, 7, 8);
    lease?.release(lease.held);
    const before = world.ledger.read().dropped.disk_quota;
    // No time is left to write them once more.
    const done = world.store.seal(clock.now());
    await world.turn(1);
    await done;
    expect(world.fates.get(ids(1)[0] ?? '')).toBe('dropped');
    expect(world.ledger.read().dropped.disk_quota).toBeGreaterThan(before);
    expect(world.lease()?.held.map(({ record }) => record.spanId)).toEqual(ids(2));
  });

  it('filled by others leaves memory', async () => {
    const { fs, clock, world } = await start({ ...SMALL, persistence: { maxBytes: 400_000 } });
    await fill(world, 1, 2, 3, 4, 5, 6);
    const { world: second } = await start({ ...SMALL, pid: 2, clock, isDead: () => false }, fs);
    expect(second.store.status()?.degraded).toBe('making room: other processes fill persistence.maxBytes');
    second.append(11);
    await second.turn();
    expect(second.deliverAll()).toEqual(ids(11));
    expect(world.deliverAll()).toHaveLength(6);
  });
});

describe('age', () => {
  it('ends what waited too long on disk', async () => {
    const persistence = { maxAgeMs: HOUR_MS };
    const { fs, clock, world } = await start({ persistence });
    world.append(1);
    await world.turn(HOUR_MS - 1_000);
    world.append(2);
    await world.turn(2_000);
    const { world: next } = await start({ persistence, pid: 2, clock }, fs.afterKill());
    expect(next.ledger.read()).toMatchObject({ recovered: 2, spooled: 1, dropped: { expired: 1 } });
    expect(next.deliverAll()).toEqual(ids(2));
    expect(next.imbalance()).toBeUndefined();
  });

  it('ends what grows too old while it waits, of the living and of the dead', async () => {
    const persistence = { maxAgeMs: HOUR_MS };
    const { fs, clock, world } = await start({ persistence });
    world.append(1);
    await world.turn();
    const { world: next } = await start({ persistence, pid: 2, clock }, fs.afterKill());
    next.append(2);
    await next.turn(HOUR_MS + 1_000);
    expect(next.deliverAll()).toEqual([]);
    expect(next.ledger.read()).toMatchObject({ spooled: 0, queued: 0, dropped: { expired: 2 } });
    expect([next.fates.get(ids(2)[0] ?? ''), next.imbalance()]).toEqual(['dropped', undefined]);
  });

  it('is not that of a wall clock which jumps, for spans of this process', async () => {
    const { clock, world } = await start({ persistence: { maxAgeMs: HOUR_MS } });
    world.append(1);
    await world.turn();
    clock.jumpWall(24 * HOUR_MS);
    world.append(2);
    await world.turn();
    clock.jumpWall(-48 * HOUR_MS);
    world.append(3);
    await world.turn(1_000);
    expect(world.deliverAll()).toEqual(ids(1, 2, 3));
  });

  it('of a record from the future is none', async () => {
    const { fs, clock, world } = await start({});
    world.append(1);
    await world.turn();
    clock.jumpWall(-24 * HOUR_MS);
    const { world: next } = await start({ pid: 2, clock }, fs.afterKill());
    expect(next.deliverAll()).toEqual(ids(1));
  });
});
