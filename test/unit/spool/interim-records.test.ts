import { describe, expect, it } from 'vitest';
import { SpoolReader } from '../../../src/spool/spool-reader.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { DIRECTORY, ids, type SpoolWorld, spoolWorld, type WorldOptions } from '../../support/spool/spool-world.js';

const world = (options: Omit<Partial<WorldOptions>, 'fs' | 'clock'> = {}) => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  return { fs, clock, world: spoolWorld({ contentOf: (n) => `complete ${n}`, ...options, fs, clock }) };
};

/** The next process, which finds this one dead. */
async function nextOn(fs: ModelFileSystem, options: Partial<WorldOptions> = {}) {
  const left = fs.afterKill();
  const next = spoolWorld({ fs: left, pid: 2, ...options });
  await next.start();
  await next.turn(10);
  return { fs: left, next };
}

/** What there is to deliver, by its content. */
function contents(one: SpoolWorld): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  for (let lease = one.lease(); lease !== undefined; lease = one.lease()) {
    for (const { record } of lease.held) found.push(record.input);
    one.deliver(lease);
  }
  return found;
}

describe('a span that waits for more', () => {
  it('is on disk at once, counts once, and is not sent', () => {
    const { fs, world: one } = world();
    one.wait(1);
    expect([...fs.files().keys()].some((name) => name.endsWith('.log'))).toBe(true);
    expect(one.ledger.read()).toMatchObject({ accepted: 1, queued: 1, spooled: 0 });
    expect([one.lease(), one.store.spool.waiting, one.imbalance()]).toEqual([undefined, 0, undefined]);
  });

  it('is delivered as it was by the next process, when this one is killed', async () => {
    const { fs, world: one } = world();
    one.wait(1, 2);
    const { next } = await nextOn(fs);
    expect(next.ledger.read()).toMatchObject({ recovered: 2, spooled: 2 });
    expect(contents(next)).toEqual(['not complete', 'not complete']);
    expect(next.imbalance()).toBeUndefined();
  });

  it('is delivered once, as it is when it is complete, by this process', async () => {
    const { fs, world: one } = world();
    one.wait(1);
    await one.turn();
    one.complete(1);
    await one.turn();
    expect(one.ledger.read()).toMatchObject({ queued: 0, spooled: 1 });
    expect(contents(one)).toEqual(['complete 1']);
    await one.close();
    expect([...fs.files().keys()]).toEqual([]);
    expect(one.imbalance()).toBeUndefined();
  });

  it('is delivered once, as it is when it is complete, by the next one', async () => {
    const { fs, world: one } = world();
    one.wait(1, 2);
    one.append(3);
    one.complete(2);
    await one.turn();
    const { next } = await nextOn(fs);
    expect(next.ledger.read()).toMatchObject({ recovered: 3 });
    expect(contents(next)).toEqual(['not complete', 'complete 3', 'complete 2']);
    expect(next.imbalance()).toBeUndefined();
  });

  it('is delivered once also when a segment ended while it waited', async () => {
    const { fs, world: one } = world();
    one.append(1);
    one.wait(2);
    await one.turn(60_000);
    one.complete(2);
    await one.turn();
    const { next, fs: left } = await nextOn(fs);
    expect(next.ledger.read()).toMatchObject({ recovered: 2 });
    expect(contents(next)).toEqual(['complete 1', 'complete 2']);
    await next.close();
    expect([...left.files().keys()]).toEqual([]);
  });

  it('does not come back when that segment could not be noted in, and whoever found it dies as well', async () => {
    const { fs, world: one } = world();
    one.append(1);
    one.wait(2);
    await one.turn(60_000);
    fs.fault = (_call, path) => (path.endsWith('.ack') ? new Error('no notes') : undefined);
    one.complete(2);
    await one.turn();
    const { next, fs: left } = await nextOn(fs);
    const [first, second] = [next.lease(), next.lease()];
    expect(first?.held.map(({ record }) => record.input)).toEqual(['complete 1']);
    next.deliver(second);
    const { next: last } = await nextOn(left, { pid: 3 });
    expect(last.ledger.read()).toMatchObject({ recovered: 1 });
    expect(contents(last)).toEqual(['complete 1']);
  });

  it('leaves nothing when it was given up, or delivered from memory', async () => {
    const { fs, world: one } = world();
    one.wait(1, 2);
    one.giveUp(1);
    fs.fault = (call) => (call === 'append' ? new Error('full') : undefined);
    one.complete(2);
    await one.turn();
    fs.fault = () => undefined;
    expect(contents(one)).toEqual(['complete 2']);
    const { next } = await nextOn(fs);
    expect(next.ledger.read()).toMatchObject({ recovered: 0 });
    expect(one.imbalance()).toBeUndefined();
  });

  it('is left to the next process by a shutdown that ends before it is complete', async () => {
    const { fs, world: one } = world();
    one.wait(1);
    await one.close();
    expect(one.leaveWaiting()).toBe(0);
    expect(one.ledger.read()).toMatchObject({ queued: 0, spooled: 1 });
    expect(one.fates.get(ids(1)[0] ?? '')).toBe('spooled');
    const { next } = await nextOn(fs);
    expect(contents(next)).toEqual(['not complete']);
  });

  it('is left as it was when its record finds no room at the end', async () => {
    const { fs, world: one } = world();
    one.wait(1);
    fs.fault = (call) => (call === 'append' ? new Error('full') : undefined);
    one.complete(1);
    await one.close();
    fs.fault = () => undefined;
    expect(one.ledger.read()).toMatchObject({ queued: 0, spooled: 1 });
    const { next } = await nextOn(fs);
    expect(contents(next)).toEqual(['not complete']);
  });

  it('is lost with its segment on disk, and nowhere else', async () => {
    const { world: one } = world({ contentOf: () => 'x'.repeat(16_384), persistence: { maxBytes: 65_536 } });
    one.wait(1);
    for (const n of [2, 3, 4, 5, 6, 7]) {
      one.append(n);
      await one.turn();
    }
    one.complete(1);
    await one.turn();
    expect(one.deliverAll()).toContain(ids(1)[0]);
    expect(one.imbalance()).toBeUndefined();
  });

  it('is sent by this process too when another one took its directory over meanwhile', async () => {
    const { fs, clock, world: one } = world();
    one.wait(1);
    const second = spoolWorld({ fs, clock, pid: 2 });
    await second.start();
    await second.turn(10);
    one.complete(1);
    await one.turn();
    expect([contents(second), contents(one)]).toEqual([['not complete'], ['complete 1']]);
    expect([one.imbalance(), second.imbalance()]).toEqual([undefined, undefined]);
  });

  it('stays in memory alone while the disk fails', async () => {
    const { fs, world: one } = world();
    fs.fault = () => new Error('EIO');
    one.wait(1);
    one.complete(1);
    await one.turn();
    expect(contents(one)).toEqual(['complete 1']);
    expect(one.imbalance()).toBeUndefined();
  });

  it('is one record for whoever looks into the spool', async () => {
    const { fs, world: one } = world();
    one.wait(1, 2);
    one.complete(2);
    await one.turn();
    const reader = new SpoolReader(DIRECTORY, fs);
    const [owner] = reader.owners();
    expect(owner?.records).toBe(2);
    const found = owner === undefined ? [] : [...reader.records(owner)];
    expect(found.map(({ record, inDoubt }) => [record?.input, inDoubt])).toEqual([
      ['complete 2', false],
      ['not complete', false],
    ]);
  });

  it('is not written in times of need only', () => {
    const { world: one } = world({ delivery: 'spill' });
    expect(one.store.interims).toBeUndefined();
  });
});
