/** When load is shed, and how far. */
export interface Marks {
  /** Utilization above which shedding begins, once it has lasted. */
  readonly high: number;
  /** Below which it ends. */
  readonly low: number;
  /** The rate never falls below. */
  readonly leastRate: number;
}

/** What is remembered from one look at the load to the next. */
export interface Shedding {
  readonly at: number;
  readonly isActive: boolean;
  /** Since when it is active, or the utilization has been above the high mark. */
  readonly since: number | undefined;
  /** Share of new traces that is kept. */
  readonly rate: number;
  /** Spans a second, smoothed: those the rate decides about, those it does not, and those that left. */
  readonly offered: number;
  readonly protectedOffered: number;
  readonly drained: number;
}

/** What happened since the last look. */
export interface Load {
  readonly now: number;
  readonly utilization: number;
  /** So many spans at the present mix of sizes are a full house. */
  readonly capacity: number;
  readonly offered: number;
  readonly protectedOffered: number;
  readonly drained: number;
}

/** A burst shorter than this, which does not fill the room, is for the senders to clear. */
export const HOLD_MS = 1_000;
/** Above this there is no time left to wait and see. */
export const URGENT = 0.95;
/** Time in which a rate forgets two thirds of the past. */
const MEMORY_MS = 2_000;
/** Time in which the room should come to its target: slowly while it is too full, for then room is made besides. */
const EMPTYING_S = 10;
const FILLING_S = 2;
/** Traces that were begun at one rate should mostly end at it: it does not go on and off. */
const LEAST_ACTIVE_MS = 10_000;
/**
 * How far the rate may fall at each look. At the first ones nobody knows yet how much the senders can do, and what is
 * given up does not come back; a house that is full meanwhile makes room by itself.
 */
const MOST_FALL = 2;
/** How fast the rate may rise at each look: from the floor to 1 in about a quarter of a minute. */
const RISE_FACTOR = 1.1;
/** While the senders have little to do, more was given up than was needed. */
const FAST_RISE_FACTOR = 2;
const RISE_STEP = 0.005;

export function calm(now: number): Shedding {
  return { at: now, isActive: false, since: undefined, rate: 1, offered: 0, protectedOffered: 0, drained: 0 };
}

/**
 * The next state: a feed-forward from what is offered and what is drained, corrected so that the room comes to the
 * middle between the marks. It falls fast, and climbs slowly.
 */
export function next(before: Shedding, load: Load, marks: Marks): Shedding {
  const flow = smoothed(before, load);
  const since = sinceWhen(before, load, marks);
  const isUrgent = load.utilization >= URGENT;
  const begins = since !== undefined && (isUrgent || load.now - since >= HOLD_MS);
  if (!before.isActive && !begins) return { ...flow, at: load.now, isActive: false, since, rate: 1 };
  const activeSince = before.isActive ? (before.since ?? load.now) : load.now;
  const rate = nextRate(before.rate, flow, load, marks);
  const isOver = rate === 1 && load.utilization < marks.low && load.now - activeSince >= LEAST_ACTIVE_MS;
  return isOver
    ? { ...flow, at: load.now, isActive: false, since: undefined, rate: 1 }
    : { ...flow, at: load.now, isActive: true, since: activeSince, rate };
}

type Flow = Pick<Shedding, 'offered' | 'protectedOffered' | 'drained'>;

/** When the house is about to be full, what comes counts as it is: an average would be told too late. */
function smoothed(before: Shedding, load: Load): Flow {
  const elapsedMs = Math.max(1, load.now - before.at);
  const weight = 1 - Math.exp(-elapsedMs / MEMORY_MS);
  const isUrgent = load.utilization >= URGENT;
  const atLeast = (average: number, count: number): number =>
    isUrgent ? Math.max(average, (count * 1000) / elapsedMs) : average;
  const mean = (past: number, count: number): number => past + weight * ((count * 1000) / elapsedMs - past);
  return {
    offered: atLeast(mean(before.offered, load.offered), load.offered),
    protectedOffered: atLeast(mean(before.protectedOffered, load.protectedOffered), load.protectedOffered),
    drained: atLeast(mean(before.drained, load.drained), load.drained),
  };
}

function sinceWhen(before: Shedding, { now, utilization }: Load, { high }: Marks): number | undefined {
  if (before.isActive) return before.since;
  return utilization >= high ? (before.since ?? now) : undefined;
}

function nextRate(before: number, flow: Flow, load: Load, marks: Marks): number {
  const excess = load.utilization - targetOf(marks);
  const room = (-excess * load.capacity) / (excess > 0 ? EMPTYING_S : FILLING_S);
  const affordable = Math.max(1, flow.drained) + room - flow.protectedOffered;
  const wanted = Math.min(1, Math.max(marks.leastRate, affordable / Math.max(1, flow.offered)));
  const rise = load.utilization < marks.low ? FAST_RISE_FACTOR : RISE_FACTOR;
  return wanted < before ? Math.max(wanted, before / MOST_FALL) : Math.min(wanted, before * rise + RISE_STEP);
}

/** Where the room should be while load is shed: far from full, and far from leaving the senders idle. */
export function targetOf({ high, low }: Pick<Marks, 'high' | 'low'>): number {
  return (high + low) / 2;
}
