import { describe, expect, it } from 'vitest';
import { sumOf } from '../../src/ledger/ledger.js';
import type { Held, Lease } from '../../src/ports.js';
import { ManualClock } from '../support/manual-clock.js';
import { spanId } from '../support/observations.js';
import { fc } from '../support/seeded-check.js';
import { ModelFileSystem } from '../support/spool/model-file-system.js';
import { type SpoolWorld, spoolWorld } from '../support/spool/spool-world.js';

/** What must be true of the records, whatever happens to them. */
class Model {
  /** Appended at any time. */
  readonly appended = new Set<string>();
  /** Handed to the server. */
  readonly delivered = new Set<string>();
  /** On disk when the process that had them died: somebody must bring them. */
  readonly owed = new Set<string>();
  /** Given up with a reason. */
  lost = 0;
}

/** The thing under test, across the lives of its processes. */
class Real {
  readonly clock = new ManualClock();
  fs = new ModelFileSystem(() => this.clock.wallMs());
  pid = 1;
  next = 1;
  failing = false;
  leases: Lease[] = [];
  world = this.#open();

  #open(): SpoolWorld {
    this.fs.fault = (call) =>
      this.failing && call !== 'facts' && call !== 'close' && call !== 'closeLater'
        ? Object.assign(new Error('EIO'), { code: 'EIO' })
        : undefined;
    const { fs, clock, pid } = this;
    const contentOf = (n: number): string => 'x'.repeat((n * 997) % 9_000);
    // Memory so small that everything overflows and is read back within a few records. The quota has tests of its own:
    // what it drops while memory has it as well is owed to nobody.
    return spoolWorld({
      fs,
      clock,
      pid,
      contentOf,
      queue: { maxSpans: 6, maxBytes: 30_000 },
      persistence: { maxBytes: 20_000_000 },
    });
  }

  async reopen(fs: ModelFileSystem): Promise<void> {
    this.fs = fs;
    this.pid++;
    this.failing = false;
    this.leases = [];
    this.world = this.#open();
    await this.world.start();
    await this.world.turn(20);
  }
}

type Command = fc.AsyncCommand<Model, Real, true>;

abstract class Always implements Command {
  async check(): Promise<boolean> {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    await this.act(model, real);
    await real.world.turn();
    expect(real.world.imbalance()).toBeUndefined();
    const { queued, inFlight, spooled } = real.world.ledger.read();
    expect([queued, inFlight, spooled].every((count) => count >= 0)).toBe(true);
  }

  abstract act(model: Model, real: Real): Promise<void> | void;
  abstract toString(): string;
}

class Append extends Always {
  readonly #count: number;
  constructor(count: number) {
    super();
    this.#count = count;
  }
  act(model: Model, real: Real): void {
    for (let n = 0; n < this.#count; n++) {
      model.appended.add(spanId(real.next));
      real.world.append(real.next++);
    }
  }
  toString = (): string => `append ${this.#count}`;
}

class Take extends Always {
  readonly #count: number;
  constructor(count: number) {
    super();
    this.#count = count;
  }
  act(model: Model, real: Real): void {
    const lease = real.world.leaseAny(this.#count);
    if (lease === undefined) return;
    for (const id of idsOf(lease.held)) expect([...model.appended]).toContain(id);
    real.leases.push(lease);
  }
  toString = (): string => `take ${this.#count}`;
}

class Deliver extends Always {
  act(model: Model, real: Real): void {
    const lease = real.leases.shift();
    if (lease === undefined) return;
    for (const id of idsOf(lease.left())) {
      model.delivered.add(id);
      model.owed.delete(id);
    }
    real.world.deliver(lease);
  }
  toString = (): string => 'deliver';
}

class Release extends Always {
  act(_model: Model, real: Real): void {
    const lease = real.leases.pop();
    lease?.encoding(lease.left(), () => {});
    lease?.departs(lease.left());
    lease?.release(lease.left());
  }
  toString = (): string => 'release';
}

class Wait extends Always {
  readonly #ms: number;
  constructor(ms: number) {
    super();
    this.#ms = ms;
  }
  act(_model: Model, real: Real): Promise<void> {
    return real.clock.advance(this.#ms);
  }
  toString = (): string => `wait ${this.#ms}`;
}

class Disk extends Always {
  readonly #fails: boolean;
  constructor(fails: boolean) {
    super();
    this.#fails = fails;
  }
  act(_model: Model, real: Real): void {
    real.failing = this.#fails;
  }
  toString = (): string => (this.#fails ? 'the disk fails' : 'the disk is well');
}

class Kill extends Always {
  async act(model: Model, real: Real): Promise<void> {
    for (const id of real.world.saved) model.owed.add(id);
    for (const id of model.delivered) model.owed.delete(id);
    model.lost += lossOf(real.world);
    await real.reopen(real.fs.afterKill());
  }
  toString = (): string => 'kill and start again';
}

class Restart extends Always {
  async act(model: Model, real: Real): Promise<void> {
    for (const lease of real.leases) lease.release(lease.left());
    await real.world.close();
    // The disk had no room for them: at the end of a process that is a loss, and it is counted as one.
    model.lost += real.world.lease()?.held.length ?? 0;
    for (const [id, fate] of real.world.fates) if (fate === 'spooled') model.owed.add(id);
    for (const id of model.delivered) model.owed.delete(id);
    model.lost += lossOf(real.world);
    await real.reopen(real.fs.afterKill());
  }
  toString = (): string => 'shut down and start again';
}

const idsOf = (held: readonly Held[]): string[] => held.map(({ record }) => record.spanId);
const lossOf = (world: SpoolWorld): number => sumOf(world.ledger.read().dropped);

const commands = [
  fc.integer({ min: 1, max: 6 }).map((count) => new Append(count)),
  fc.integer({ min: 1, max: 4 }).map((count) => new Take(count)),
  fc.constant(new Deliver()),
  fc.constant(new Release()),
  fc.constantFrom(1, 500, 31_000, 60_000).map((ms) => new Wait(ms)),
  fc.boolean().map((fails) => new Disk(fails)),
  fc.constant(new Kill()),
  fc.constant(new Restart()),
];

describe('a spool on disk, whatever is done to it', () => {
  it('brings everything that was safe when a process ended, invents nothing, and keeps its books', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { size: '+1' }), async (run) => {
        const model = new Model();
        const real = new Real();
        await real.world.start();
        await fc.asyncModelRun(() => ({ model, real }), run);
        // The faults end, everything that is lent comes back, and the rest must come.
        real.failing = false;
        for (const lease of real.leases) lease.release(lease.left());
        await real.clock.advance(120_000);
        for (const id of real.world.deliverAll()) {
          expect([...model.appended]).toContain(id);
          model.owed.delete(id);
        }
        expect(real.world.imbalance()).toBeUndefined();
        expect(real.world.ledger.read()).toMatchObject({ queued: 0, inFlight: 0 });
        const lost = model.lost + lossOf(real.world);
        expect(model.owed.size).toBeLessThanOrEqual(lost);
        await real.world.close();
        expect(real.fs.openFiles).toBe(0);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
