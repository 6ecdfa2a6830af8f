/** One observation of a trace, as the terminal shows it. */
export interface TreeNode {
  readonly type: string;
  readonly name: string;
  readonly model?: string | undefined;
  readonly tokens?: Tokens | undefined;
  readonly durationMs: number;
  readonly input?: unknown;
  readonly output?: unknown;
  /** What went wrong, when something did. */
  readonly error?: string | undefined;
  readonly children: readonly TreeNode[];
}

/** `input` and `output` with everything in them: cached, reasoning, audio. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

export interface TraceTree {
  readonly id: string;
  readonly name: string;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly tags: readonly string[];
  readonly roots: readonly TreeNode[];
}

/** An observation as Langfuse keeps it. v4 has the trace's fields on each one, v3 on a trace of its own. */
export interface ObservationRow extends TraceFieldsRow {
  readonly id: string;
  /** Langfuse once allowed observations without a trace; nothing here makes them. */
  readonly traceId: string | null;
  readonly parentObservationId?: string | null | undefined;
  readonly type: string;
  readonly name?: string | null | undefined;
  readonly startTime: string | Date;
  readonly endTime?: string | Date | null | undefined;
  readonly model?: string | null | undefined;
  readonly usageDetails?: Readonly<Record<string, number>> | null | undefined;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly level?: string | null | undefined;
  readonly statusMessage?: string | null | undefined;
  readonly traceName?: string | null | undefined;
}

export interface TraceFieldsRow {
  readonly userId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

export interface TraceRow extends TraceFieldsRow {
  readonly id: string;
  readonly name?: string | null | undefined;
}

/** Trees in the order they happened; the same for the same rows, in whatever order a server returns them. */
export function toTrees(observations: readonly ObservationRow[], traces: readonly TraceRow[]): readonly TraceTree[] {
  const rows = observations.toSorted(inOrder);
  const traceIds = new Set(rows.map((row) => row.traceId).filter((id) => id !== null));
  return [...traceIds].map((id) =>
    toTree(
      rows.filter((row) => row.traceId === id),
      traces.find((trace) => trace.id === id) ?? { id },
    ),
  );
}

function toTree(rows: readonly ObservationRow[], trace: TraceRow): TraceTree {
  const ids = new Set(rows.map((row) => row.id));
  // A parent that is not there (filtered, or still to come) must not hide its children.
  const parentOf = (row: ObservationRow) => (ids.has(row.parentObservationId ?? '') ? row.parentObservationId : null);
  const childrenOf = (parentId: string | null): readonly TreeNode[] =>
    rows.filter((row) => parentOf(row) === parentId).map((row) => toNode(row, childrenOf(row.id)));
  return {
    id: trace.id,
    name: trace.name || firstOf(rows, (row) => row.traceName) || 'unnamed trace',
    userId: trace.userId || firstOf(rows, (row) => row.userId),
    sessionId: trace.sessionId || firstOf(rows, (row) => row.sessionId),
    tags: [...new Set([...(trace.tags ?? []), ...rows.flatMap((row) => row.tags ?? [])])].toSorted(),
    roots: childrenOf(null),
  };
}

function toNode(row: ObservationRow, children: readonly TreeNode[]): TreeNode {
  return {
    type: row.type,
    name: row.name || 'unnamed',
    model: row.model || undefined,
    tokens: toTokens(row.usageDetails ?? {}),
    durationMs: row.endTime ? millis(row.endTime) - millis(row.startTime) : 0,
    input: row.input,
    output: row.output,
    error: row.level === 'ERROR' ? row.statusMessage || 'failed' : undefined,
    children,
  };
}

/** Langfuse's buckets do not overlap: what was cached is in `input_cached_tokens` and not in `input`. */
function toTokens(usage: Readonly<Record<string, number>>): Tokens | undefined {
  const sumOf = (side: string) =>
    Object.entries(usage).reduce((sum, [key, count]) => (key.startsWith(side) ? sum + count : sum), 0);
  const input = sumOf('input');
  const output = sumOf('output');
  const total = usage['total'] ?? input + output;
  return total > 0 ? { input, output, total } : undefined;
}

function firstOf(rows: readonly ObservationRow[], read: (row: ObservationRow) => string | null | undefined) {
  return rows.map(read).find((value) => Boolean(value)) ?? undefined;
}

/** By start; spans of one millisecond by name, then by input: two parallel calls of one tool differ in nothing else. */
function inOrder(a: ObservationRow, b: ObservationRow): number {
  return (
    millis(a.startTime) - millis(b.startTime) || compare(a.name ?? '', b.name ?? '') || compare(textOf(a), textOf(b))
  );
}

function textOf(row: ObservationRow): string {
  return typeof row.input === 'string' ? row.input : (JSON.stringify(row.input) ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function millis(time: string | Date): number {
  return new Date(time).getTime();
}
