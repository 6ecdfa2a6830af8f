import { describe, expect, it } from 'vitest';
import { SpoolReader } from '../../../src/spool/spool-reader.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { DIRECTORY, ids, spoolWorld } from '../../support/spool/spool-world.js';

const spool = async () => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  const world = spoolWorld({ fs, clock, pid: 1, persistence: { keepRejected: true } });
  world.append(1, 2, 3);
  await world.turn();
  const self = { host: 'host', machine: 'machine', pid: 9, threadId: 0, started: 'then' };
  const reader = (isDead: boolean) => new SpoolReader(DIRECTORY, fs, { self, isDead: () => isDead });
  return { clock, fs, world, reader };
};

describe('a look into a spool', () => {
  it('finds nothing where there is none', () => {
    const reader = new SpoolReader('/nowhere', new ModelFileSystem(() => 0));
    expect([reader.projects(), reader.owners()]).toEqual([[], []]);
    expect([...reader.rejects('0123456789abcdef')]).toEqual([]);
  });

  it('says whose it is, how much, how old, and whether somebody may be using it', async () => {
    const { clock, world, reader } = await spool();
    world.deliver(world.lease(1));
    const [owner, ...others] = reader(false).owners();
    expect(others).toEqual([]);
    expect(owner).toMatchObject({ host: 'host', pid: 1, state: 'perhaps alive', records: 2, oldestMs: clock.wallMs() });
    expect(owner?.bytes).toBeGreaterThan(1_000);
    expect(reader(true).owners()[0]?.state).toBe('free');
    await world.close();
    expect(reader(false).owners()[0]?.state).toBe('free');
  });

  it('reads what waits, and changes nothing by it', async () => {
    const { fs, world, reader } = await spool();
    const lease = world.lease(2);
    lease?.departs(lease.held.slice(0, 1));
    const before = [...fs.files().entries()];
    const [owner] = reader(true).owners();
    if (owner === undefined) throw new Error('no owner');
    const records = [...reader(true).records(owner)];
    expect(records.map(({ record, inDoubt }) => [record?.spanId, inDoubt])).toEqual(
      ids(1, 2, 3).map((id, n) => [id, n === 0]),
    );
    expect([...fs.files().entries()]).toEqual(before);
    expect(fs.openFiles).toBe(1);
  });

  it('removes an owner with everything, which one that lives survives', async () => {
    const { fs, world, reader } = await spool();
    const [owner] = reader(true).owners();
    if (owner === undefined) throw new Error('no owner');
    reader(true).purge(owner);
    expect(reader(true).owners()).toEqual([]);
    world.append(4);
    await world.turn();
    expect(reader(true).owners()[0]?.records).toBe(4);
    expect(world.deliverAll()).toEqual(ids(1, 2, 3, 4));
    await world.close();
    expect([...fs.files().keys()]).toEqual([]);
  });

  it('removes nothing of a directory with something in it that is not of the spool', async () => {
    const { fs, reader } = await spool();
    const [owner] = reader(true).owners();
    if (owner === undefined) throw new Error('no owner');
    fs.overwrite(`${owner.path}/notes.txt`, Buffer.from('notes'));
    expect(() => reader(true).purge(owner)).toThrow('notes.txt is not a file of the spool; remove it by hand');
    expect(reader(true).owners()[0]?.records).toBe(3);
  });

  it('reads what the server refused, and why', async () => {
    const { world, reader } = await spool();
    const held = world.lease(1)?.held ?? [];
    world.store.rejected(held, { status: 400, message: 'name is too long' });
    const [project = ''] = reader(true).projects();
    const [kept, ...others] = [...reader(true).rejects(project)];
    expect(others).toEqual([]);
    expect(kept?.reject?.record.spanId).toBe(ids(1)[0]);
    expect(kept?.reject?.rejection).toEqual({ status: 400, message: 'name is too long' });
    reader(true).purgeRejects(project);
    expect([...reader(true).rejects(project)]).toEqual([]);
  });

  it('keeps no more of what the server refused than sixteen megabytes', async () => {
    const clock = new ManualClock();
    const fs = new ModelFileSystem(() => clock.wallMs());
    const content = 'x'.repeat(1_000_000);
    const world = spoolWorld({ fs, clock, pid: 1, persistence: { keepRejected: true }, contentOf: () => content });
    for (let n = 1; n <= 30; n++) {
      world.append(n);
      await world.turn(10);
      const lease = world.lease(1);
      world.store.rejected(lease?.held ?? [], { status: 400, message: 'no' });
      lease?.settle(lease.held);
    }
    const rejects = [...fs.files()].filter(([name]) => name.includes('rejects'));
    const bytes = rejects.reduce((sum, [, { length }]) => sum + length, 0);
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(bytes).toBeLessThanOrEqual(17_000_000);
  });
});
