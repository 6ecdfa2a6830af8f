import { describe, expect, it } from 'vitest';
import type { Lease } from '../../../src/ports.js';
import { encodeMarks } from '../../../src/spool/marks.js';
import { encodeFrame, encodeHeader, HEADER_BYTES, RECORD_FRAME } from '../../../src/spool/segment.js';
import { ManualClock } from '../../support/manual-clock.js';
import { spanId } from '../../support/observations.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { ids, type SpoolWorld, spoolWorld } from '../../support/spool/spool-world.js';

/** What a process left that wrote three records and was killed. */
const left = async () => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  const world = spoolWorld({ fs, clock, pid: 1 });
  world.append(1, 2, 3);
  await world.turn();
  const path = pathOf(fs, '.log');
  return { clock, fs, path, bytes: fs.files().get(path) ?? Buffer.alloc(0) };
};

const pathOf = (fs: ModelFileSystem, end: string): string =>
  [...fs.files().keys()].find((name) => name.endsWith(end) && !name.includes('quarantine')) ?? '';

const open = async (fs: ModelFileSystem, clock: ManualClock, pid = 2): Promise<SpoolWorld> => {
  const world = spoolWorld({ fs, clock, pid });
  await world.start();
  await world.turn(20);
  return world;
};

describe('a segment on disk', () => {
  it('cut at any byte gives back every record before the cut', async () => {
    const { clock, fs, path, bytes } = await left();
    const seen = new Set<number>();
    for (let size = bytes.length % 3; size <= bytes.length; size += 3) {
      const image = fs.afterKill();
      image.overwrite(path, bytes.subarray(0, size));
      const world = await open(image, clock);
      const found = world.deliverAll();
      seen.add(found.length);
      expect(found).toEqual(ids(1, 2, 3).slice(0, found.length));
      expect(world.ledger.read()).toMatchObject({ recovered: found.length, dropped: { corrupt: 0 } });
      expect(world.imbalance()).toBeUndefined();
    }
    expect([...seen]).toEqual([0, 1, 2, 3]);
  });

  it('with any byte changed loses one record at most, and counts it', async () => {
    const { clock, fs, path, bytes } = await left();
    for (let at = 0; at < bytes.length; at += 5) {
      const image = fs.afterKill();
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      image.overwrite(path, damaged);
      const world = await open(image, clock);
      const found = world.deliverAll();
      const lost = at < HEADER_BYTES ? 0 : 1;
      expect(found, `byte ${at}`).toHaveLength(3 - lost);
      expect(ids(1, 2, 3)).toEqual(expect.arrayContaining(found));
      expect(world.ledger.read().dropped.corrupt).toBe(lost);
      expect(world.imbalance()).toBeUndefined();
      // A copy for a person to look at.
      expect([...image.files().keys()].some((name) => name.includes('quarantine'))).toBe(lost > 0);
    }
  });

  it('of another version is left as it is, with a warning, whether older or newer', async () => {
    for (const version of [0, 2]) {
      const { clock, fs, path, bytes } = await left();
      const header = encodeHeader({ version, codec: 0, createdMs: 1, project: '0000000000000000' });
      const foreign = Buffer.concat([header, bytes.subarray(HEADER_BYTES)]);
      fs.overwrite(path, foreign);
      const world = await open(fs, clock);
      expect(world.deliverAll()).toEqual([]);
      expect(world.lines.join('\n')).toContain('not of version 1');
      await world.close();
      expect(fs.files().get(pathOf(fs, 'seg-1.log'))).toEqual(foreign);
      expect(world.imbalance()).toBeUndefined();
    }
  });

  it('that this version can do nothing with is not passed from hand to hand', async () => {
    const { clock, fs, path, bytes } = await left();
    const header = encodeHeader({ version: 2, codec: 0, createdMs: 1, project: '0000000000000000' });
    fs.overwrite(path, Buffer.concat([header, bytes.subarray(HEADER_BYTES)]));
    const worlds = [await open(fs, clock), await open(fs, clock, 3)];
    const place = pathOf(fs, 'seg-1.log');
    await clock.advance(120_000);
    expect(pathOf(fs, 'seg-1.log')).toBe(place);
    const warnings = worlds.flatMap(({ lines }) => lines).filter((line) => line.includes('not of version 1'));
    expect(warnings).toHaveLength(1);
  });

  it('that cannot be read is tried again after ten minutes', async () => {
    const { clock, fs } = await left();
    let isBroken = true;
    fs.fault = (call, where) =>
      isBroken && call === 'open' && where.includes('seg-1.log')
        ? Object.assign(new Error('EIO'), { code: 'EIO' })
        : undefined;
    const world = await open(fs, clock);
    await clock.advance(300_000);
    isBroken = false;
    expect(world.deliverAll()).toEqual([]);
    expect(world.lines.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
    await clock.advance(400_000);
    expect(world.deliverAll()).toEqual(ids(1, 2, 3));
  });

  it('of another project is left as it is, wherever it lies', async () => {
    const { clock, fs, path, bytes } = await left();
    const header = encodeHeader({ version: 1, codec: 0, createdMs: 1, project: 'ffffffffffffffff' });
    fs.overwrite(path, Buffer.concat([header, bytes.subarray(HEADER_BYTES)]));
    const world = await open(fs, clock);
    expect([world.deliverAll(), world.ledger.read().recovered]).toEqual([[], 0]);
  });

  it('of another user is left as it is, with a warning', async () => {
    const { clock, fs } = await left();
    fs.foreign = 'seg-1.log';
    const world = await open(fs, clock);
    expect([world.deliverAll(), world.ledger.read().recovered]).toEqual([[], 0]);
    expect(world.lines.join('\n')).toContain('not a file of ours');
    expect(pathOf(fs, 'seg-1.log')).not.toBe('');
  });

  it('in a directory of another user is not looked for, and spans wait in memory', async () => {
    const { clock, fs } = await left();
    fs.foreign = '/v1';
    const world = await open(fs, clock);
    expect(world.errors[0]?.message).toContain(
      '/spool/v1 belongs to another user; give each user a directory of their own',
    );
    world.append(4);
    await world.turn();
    expect(world.deliverAll()).toEqual(ids(4));
  });

  it('that is damaged while it waits costs what is damaged, and no more', async () => {
    const { clock, fs } = await left();
    const world = await open(fs, clock);
    expect(world.ledger.read()).toMatchObject({ recovered: 3, spooled: 3 });
    const path = pathOf(fs, 'seg-1.log');
    const bytes = Buffer.from(fs.files().get(path) ?? []);
    bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1;
    // The same file, with another content: what is open elsewhere stays open.
    fs.overwrite(path, bytes);
    expect(world.deliverAll()).toEqual(ids(1, 2));
    expect(world.ledger.read()).toMatchObject({ delivered: 2, spooled: 0, dropped: { corrupt: 1 } });
    expect(world.imbalance()).toBeUndefined();
  });
});

describe('notes', () => {
  it('that are gone bring everything back, and no note without its segment is kept', async () => {
    const { clock, fs, path } = await left();
    const notes = path.replace('.log', '.ack');
    const image = fs.afterKill();
    image.overwrite(notes, encodeMarks('done', [1, 2]));
    expect((await open(image.afterKill(), clock)).deliverAll()).toEqual(ids(3));
    image.remove(notes);
    expect((await open(image.afterKill(), clock)).deliverAll()).toEqual(ids(1, 2, 3));
    const orphan = fs.afterKill();
    orphan.overwrite(notes, encodeMarks('done', [1]));
    orphan.remove(path);
    const world = await open(orphan, clock);
    await world.close();
    expect([...orphan.files().keys()]).toEqual([]);
  });

  it('that are torn do not hide those that come later', async () => {
    const { clock, fs, path } = await left();
    fs.overwrite(path.replace('.log', '.ack'), encodeMarks('done', [1]).subarray(0, 9));
    const world = await open(fs, clock);
    world.deliver(world.lease(2));
    const next = await open(fs.afterKill(), clock, 3);
    expect(next.deliverAll()).toEqual(ids(3));
  });
});

describe('a record that kills whoever encodes it', () => {
  /** A process that dies while it encodes `count` records, after so many attempts that it has survived. */
  const dies = async (fs: ModelFileSystem, clock: ManualClock, pid: number, count: number, survived = 0) => {
    const world = await open(fs, clock, pid);
    const lease = world.lease(count);
    for (let n = 0; n < survived; n++) lease?.encoding(lease.held, () => {});
    const image = lease?.encoding(lease.held, () => fs.afterKill()) ?? fs;
    return { image, lent: lease?.held.map(({ record }) => record.spanId) ?? [] };
  };

  it('is set aside in the fourth life, and its company delivered', async () => {
    const { clock, fs } = await left();
    let image = fs;
    const lent: string[][] = [];
    for (const pid of [2, 3, 4]) {
      const life = await dies(image, clock, pid, 3);
      image = life.image;
      lent.push(life.lent);
    }
    // All three are suspects after the second death, and go alone.
    expect(lent).toEqual([ids(1, 2, 3), ids(1, 2, 3), ids(1)]);
    const world = await open(image, clock, 5);
    expect(world.deliverAll()).toEqual(ids(2, 3));
    expect(world.ledger.read()).toMatchObject({ recovered: 3, delivered: 2, dropped: { quarantined: 1 } });
    expect(world.imbalance()).toBeUndefined();
    expect([...image.files().keys()].filter((name) => name.includes('quarantine'))).toHaveLength(1);
    expect(world.lines.join('\n')).toContain('set aside');
  });

  it('in a second attempt only is set aside as well', async () => {
    const { clock, fs } = await left();
    let image = fs;
    for (const pid of [2, 3, 4]) image = (await dies(image, clock, pid, 1, 1)).image;
    const world = await open(image, clock, 5);
    expect(world.deliverAll()).toEqual(ids(2, 3));
    expect(world.ledger.read().dropped.quarantined).toBe(1);
  });

  it('is told apart from one that cannot be encoded, which kills nobody', async () => {
    const { clock, fs } = await left();
    let image = fs;
    for (const pid of [2, 3, 4, 5]) {
      const lease = (await open(image, clock, pid)).lease();
      const encode = () => lease?.encoding(lease.held, () => JSON.parse('{'));
      expect(encode).toThrow(SyntaxError);
      image = image.afterKill();
    }
    expect((await open(image, clock, 6)).deliverAll()).toEqual(ids(1, 2, 3));
  });

  it.each<[string, (lease: Lease) => void]>([
    ['whose server is down', (lease) => lease.release(lease.held)],
    ['for whose protocol the server is asked', () => {}],
    ['whose request is out by ingestion', (lease) => lease.encoding(lease.held, () => {})],
    [
      'whose request is out by OTLP',
      (lease) => {
        lease.encoding(lease.held, () => {});
        lease.departs(lease.held);
      },
    ],
  ])('is told apart from one %s while process after process is killed', async (_how, until) => {
    const { clock, fs } = await left();
    let image = fs;
    for (const pid of [2, 3, 4, 5, 6]) {
      const world = await open(image, clock, pid);
      // What may have arrived is looked for, and is not there.
      const inDoubt = world.leaseInDoubt();
      for (const { tries } of inDoubt?.held ?? []) tries.leftInDoubt = undefined;
      inDoubt?.release(inDoubt.held);
      const lease = world.lease();
      expect(lease?.held).toHaveLength(3);
      if (lease) until(lease);
      image = image.afterKill();
    }
    expect((await open(image, clock, 7)).deliverAll()).toEqual(ids(1, 2, 3));
  });

  it('or that our own decoder cannot read is set aside at once', async () => {
    const { clock, fs, path, bytes } = await left();
    const frame = { type: RECORD_FRAME, flags: 0, spans: 1, id: 99, createdMs: clock.wallMs() };
    fs.overwrite(path, Buffer.concat([bytes, encodeFrame(frame, Buffer.from('{}'))]));
    const world = await open(fs, clock);
    expect(world.deliverAll()).toEqual([1, 2, 3].map(spanId));
    expect(world.ledger.read()).toMatchObject({ recovered: 4, dropped: { quarantined: 1 } });
    expect(world.imbalance()).toBeUndefined();
  });
});
