/** Where two things that should be the same are not: the path of a field, and what either side has there. */
export interface Difference {
  readonly id: string;
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** A difference that the servers make, not we. */
export interface Allowed {
  readonly why: string;
  readonly allows: (difference: Difference) => boolean;
}

export interface Verdict {
  readonly unexplained: readonly Difference[];
  /** What was allowed and never met: the list has grown stale. */
  readonly needless: readonly string[];
}

/** Compares things by id, field by field; what only one side has is a difference of its own. */
export function compare<T extends { readonly id: string }>(
  left: readonly T[],
  right: readonly T[],
  allowed: readonly Allowed[],
): Verdict {
  const others = new Map(right.map((one) => [one.id, one]));
  const differences = left.flatMap((one) => differencesOf(one.id, flat(one), flat(others.get(one.id))));
  const surplus = right.filter(({ id }) => !left.some((one) => one.id === id));
  const met = new Set<string>();
  const unexplained = [
    ...differences,
    ...surplus.flatMap((one) => differencesOf(one.id, flat(undefined), flat(one))),
  ].filter((difference) => {
    const reasons = allowed.filter(({ allows }) => allows(difference));
    for (const { why } of reasons) met.add(why);
    return reasons.length === 0;
  });
  return { unexplained, needless: allowed.map(({ why }) => why).filter((why) => !met.has(why)) };
}

function differencesOf(
  id: string,
  left: ReadonlyMap<string, unknown>,
  right: ReadonlyMap<string, unknown>,
): Difference[] {
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths].flatMap((path) => {
    const [a, b] = [left.get(path), right.get(path)];
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ id, path, left: a, right: b }];
  });
}

/**
 * Leaves by dotted path. The servers nest metadata or flatten it and show texts that are JSON parsed or as they are, so
 * neither makes a difference here; nor does an absent field against an empty one.
 */
function flat(value: unknown, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  const structure = parsed(value);
  if (structure === undefined || structure === null) return leaves;
  if (typeof structure !== 'object' || Array.isArray(structure)) return leaves.set(path, structure);
  for (const [key, item] of Object.entries(structure)) flat(item, path === '' ? key : `${path}.${key}`, leaves);
  return leaves;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
