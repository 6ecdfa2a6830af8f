import { describe, expect, it } from 'vitest';
import { TraceShare } from '../../../src/intake/trace-share.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ModelFileSystem } from '../../support/spool/model-file-system.js';
import { ids, spoolWorld } from '../../support/spool/spool-world.js';

/** Two records that are on disk, and two more since the disk has failed; each of a trace of its own. */
async function failing() {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  const shares = new Map<number, TraceShare>();
  const samplingOf = (n: number): TraceShare => {
    const share = new TraceShare({ fraction: n / 10, baseRate: 1, isProtected: false }, 1);
    shares.set(n, share);
    return share;
  };
  const world = spoolWorld({ fs, clock, samplingOf });
  world.append(1, 2);
  await world.turn();
  fs.fault = (call) => (call === 'append' ? new Error('no space') : undefined);
  world.append(3, 4);
  await world.turn();
  const sheddable = (): string[] => {
    const found: string[] = [];
    world.store.sheddable.forEach(({ record }) => void found.push(record.spanId));
    return found;
  };
  return { fs, world, sheddable, shareOf: (n: number) => shares.get(n) };
}

describe('what waits while the disk has failed', () => {
  it('can be given up as if there were no disk, but not what was written before', async () => {
    const { fs, world, sheddable } = await failing();
    expect(sheddable()).toEqual(ids(3, 4));
    world.store.sheddable.sweep((held) => (held.record.spanId === ids(3)[0] ? undefined : held));
    world.ledger.sampleOut(1);
    expect(sheddable()).toEqual(ids(4));
    expect(world.ledger.read()).toMatchObject({ queued: 1, spooled: 2, sampledOut: 1 });
    expect(world.imbalance()).toBeUndefined();
    fs.fault = () => undefined;
    await world.turn(30_000);
    expect(sheddable()).toEqual([]);
    const next = spoolWorld({ fs: fs.afterKill(), pid: 2 });
    await next.start();
    await next.turn(10);
    expect(next.deliverAll()).toEqual(ids(1, 2, 4));
  });

  it('is saved as what it has become meanwhile', async () => {
    const { fs, world, sheddable } = await failing();
    const partial = { probability: 1, isCondemned: false, isPartial: true, traceState: undefined, commit() {} };
    world.store.sheddable.sweep((held) => ({ ...held, sampling: partial }));
    expect(sheddable()).toEqual(ids(3, 4));
    fs.fault = () => undefined;
    await world.turn(30_000);
    expect(world.ledger.read()).toMatchObject({ queued: 0, spooled: 4 });
    expect(world.deliverAll()).toEqual(ids(1, 2, 3, 4));
    expect(world.imbalance()).toBeUndefined();
  });

  it('has its weight when it is written, and keeps it from then on', async () => {
    const { fs, world, shareOf } = await failing();
    shareOf(1)?.meet(0.5);
    shareOf(4)?.meet(0.5);
    fs.fault = () => undefined;
    await world.turn(30_000);
    shareOf(4)?.meet(0.1);
    const next = spoolWorld({ fs: fs.afterKill(), pid: 2 });
    await next.start();
    await next.turn(10);
    const probabilities: (string | undefined)[] = [];
    for (let lease = next.lease(); lease !== undefined; lease = next.lease()) {
      for (const { record } of lease.held)
        probabilities.push(record.metadata.find(({ key }) => key === 'langfuse.sampling.probability')?.value);
      next.deliver(lease);
    }
    expect(probabilities).toEqual([undefined, undefined, undefined, '0.5']);
  });
});
