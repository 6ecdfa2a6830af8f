import type { BackpressureStatus } from '../health.js';
import type { Clock, Timer } from '../ports.js';
import type { MemoryRoom } from './memory-room.js';
import type { SheddableSpans } from './sheddable-spans.js';
import { calm, HOLD_MS, type Marks, next, type Shedding, targetOf, URGENT } from './shedding.js';
import type { Strategy, TraceSampler } from './trace-sampler.js';

/** How often the load is looked at. */
const LOOK_MS = 500;
/** Each time that room is made, so much is made: looking through all that waits must be worth it. */
const FREED_SHARE = 0.1;
/** With a disk, the last fifth of it is for traces that are kept already. */
const DISK_FOR_NEW_TRACES = 0.8;

export interface BackpressureParts {
  readonly strategy: Strategy;
  readonly marks: Marks;
  readonly room: MemoryRoom;
  readonly sampler: TraceSampler;
  readonly waiting: SheddableSpans;
  readonly clock: Clock;
  /** How full the disk is, of its quota, where every span goes to a disk first; undefined without one. */
  readonly diskUtilization: () => number | undefined;
  /** Spans on the disk. */
  readonly spooled: () => number;
  readonly onChange: (status: BackpressureStatus) => void;
}

/**
 * Watches how full the house is, and decides how much of what comes is let in. Looks twice a second while spans are held
 * or load is shed; costs nothing while there are none.
 */
export class Backpressure {
  readonly #parts: BackpressureParts;
  #shedding: Shedding;
  #timer: Timer | undefined;
  #urgent: Timer | undefined;
  #isClosed = false;
  /** Since the last look. */
  #entered = 0;
  #gone = 0;
  #heldAtLook = 0;
  /** Since when the high mark is held: what waits is given up only then, because senders may yet clear a burst. */
  #highSince: number | undefined;
  /** Spans that must come in before room is made again, since none could be made. */
  #triesAgainAfter = 0;

  constructor(parts: BackpressureParts) {
    this.#parts = parts;
    this.#shedding = calm(parts.clock.now());
  }

  /** A span came in. */
  entered(): void {
    this.#entered++;
    if (this.#triesAgainAfter > 0) this.#triesAgainAfter--;
    if (this.#isClosed) return;
    const { clock, room } = this.#parts;
    this.#timer ??= clock.after(LOOK_MS, () => this.#lookAgain());
    if (this.#shedding.isActive || this.#urgent !== undefined || room.utilization < URGENT) return;
    this.#urgent = clock.soon(() => {
      this.#urgent = undefined;
      this.#look();
    });
  }

  /** Memory is full, and a span is at the door. @returns whether there is room now. */
  makeRoom(): boolean {
    const { strategy, room } = this.#parts;
    if (strategy !== 'sample' || this.#triesAgainAfter > 0) return false;
    const wanted = Math.ceil(FREED_SHARE * room.held);
    // By bytes, what was freed first may have been too small.
    while (room.isFull) {
      if (this.#free(wanted) > 0) continue;
      this.#triesAgainAfter = wanted;
      return false;
    }
    return true;
  }

  #free(spans: number): number {
    const { clock, waiting, marks, sampler } = this.#parts;
    const { freed, rate } = waiting.free(spans);
    this.#gone += freed;
    if (rate === 1) return freed;
    const before = this.#shedding;
    const lowered = Math.min(before.rate, Math.max(marks.leastRate, rate));
    this.#shedding = {
      ...before,
      isActive: true,
      since: before.isActive ? before.since : clock.now(),
      rate: lowered,
    };
    sampler.allow({ rate: lowered, isReserved: this.#isReserved() });
    if (!before.isActive) this.#tell();
    return freed;
  }

  status(): BackpressureStatus {
    const { room } = this.#parts;
    return {
      queueDepth: room.held,
      queueCapacity: room.maxSpans,
      utilization: this.#utilization(),
      isUnderPressure: this.#shedding.isActive,
      samplingRate: this.#rate(),
    };
  }

  /** No look any more. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#urgent?.cancel();
  }

  #lookAgain(): void {
    this.#timer = undefined;
    this.#look();
    const isIdle = !this.#shedding.isActive && this.#parts.room.held === 0;
    if (isIdle || this.#isClosed) return;
    this.#timer = this.#parts.clock.after(LOOK_MS, () => this.#lookAgain());
  }

  #look(): void {
    const { clock, sampler, marks, strategy, waiting } = this.#parts;
    const before = this.#shedding;
    const rateBefore = this.#rate();
    this.#triesAgainAfter = 0;
    this.#shedding = next(before, this.#load(), marks);
    sampler.allow({ rate: this.#rate(), isReserved: this.#isReserved() });
    const { isActive, rate } = this.#shedding;
    const utilization = this.#utilization();
    this.#highSince = utilization < marks.high ? undefined : (this.#highSince ?? clock.now());
    const isHeld = this.#highSince !== undefined && clock.now() - this.#highSince >= HOLD_MS;
    if (strategy === 'sample' && isActive && isHeld && !this.#hasDisk()) {
      this.#gone += waiting.meet(rate, this.#held() * (1 - targetOf(marks) / utilization));
    }
    if (isActive !== before.isActive || this.#rate() !== rateBefore) this.#tell();
  }

  #load(): Parameters<typeof next>[1] {
    const { clock, room, sampler } = this.#parts;
    const held = this.#held();
    const { spans, protectedSpans } = sampler.takeOffered();
    const drained = this.#entered - this.#gone - (held - this.#heldAtLook);
    this.#entered = 0;
    this.#gone = 0;
    this.#heldAtLook = held;
    const utilization = this.#utilization();
    return {
      now: clock.now(),
      utilization,
      capacity: utilization > 0 ? held / utilization : room.maxSpans,
      offered: spans,
      protectedOffered: protectedSpans,
      drained: Math.max(0, drained),
    };
  }

  #held(): number {
    const { room, spooled } = this.#parts;
    return room.held + (this.#hasDisk() ? spooled() : 0);
  }

  /** Of a disk only that part counts which new traces may fill. */
  #utilization(): number {
    const { room, diskUtilization } = this.#parts;
    return Math.max(room.utilization, (diskUtilization() ?? 0) / DISK_FOR_NEW_TRACES);
  }

  #hasDisk(): boolean {
    return this.#parts.diskUtilization() !== undefined;
  }

  #isReserved(): boolean {
    return (this.#parts.diskUtilization() ?? 0) >= DISK_FOR_NEW_TRACES;
  }

  #rate(): number {
    const { isActive, rate } = this.#shedding;
    switch (this.#parts.strategy) {
      case 'sample':
        return rate;
      case 'reject':
        return isActive ? 0 : 1;
      case 'off':
        return 1;
    }
  }

  #tell(): void {
    this.#parts.onChange(this.status());
  }
}
