import { padLeft, padRight, widthOf } from './columns.js';
import type { TraceTree, TreeNode } from './tree.js';

/** Below this the numbers do not fit beside the names: they get a line of their own. */
const NARROW_COLUMNS = 80;
/** Below this nothing can be read; the terminal may wrap instead. */
const MIN_COLUMNS = 24;
/** Beyond this the eye loses the row on its way from the name to the numbers. */
const MAX_COLUMNS = 130;

export interface Layout {
  readonly columns: number;
  readonly isNarrow: boolean;
  /** Widths of the first two columns, the blank after them included; the others are fixed. */
  readonly name: number;
  readonly model: number;
}

const NUMBER_WIDTHS = { input: 7, output: 7, total: 7, time: 9 } as const;
/** Dated names of models are long, and their beginning tells them apart. */
const MAX_MODEL_WIDTH = 24;
/** Width of a branch. */
const INDENT = 3;
const NUMBERS_WIDTH = Object.values(NUMBER_WIDTHS).reduce((sum, width) => sum + width, 0);

export function toLayout(trees: readonly TraceTree[], terminalColumns: number): Layout {
  const columns = Math.min(Math.max(terminalColumns, MIN_COLUMNS), MAX_COLUMNS);
  if (columns < NARROW_COLUMNS) return { columns, isNarrow: true, name: columns, model: 0 };
  const rows = trees.flatMap((tree) => tree.roots.flatMap((root) => withDepth(root, 0)));
  const models = rows.map(({ node }) => widthOf(node.model ?? ''));
  const names = rows.map(({ node, depth }) => depth * INDENT + widthOf(`${node.type} ${node.name}`));
  const model = Math.min(Math.max(5, ...models) + 1, MAX_MODEL_WIDTH);
  const name = Math.min(Math.max(20, ...names) + 2, columns - model - NUMBERS_WIDTH);
  return { columns, isNarrow: false, name, model };
}

function withDepth(node: TreeNode, depth: number): readonly { node: TreeNode; depth: number }[] {
  return [{ node, depth }, ...node.children.flatMap((child) => withDepth(child, depth + 1))];
}

/** The line above the first row of each trace. */
export function headings(layout: Layout): string {
  const { input, output, total, time } = NUMBER_WIDTHS;
  const tokens = padLeft('in', input) + padLeft('out', output) + padLeft('total', total);
  return ' '.repeat(layout.name) + padRight('model', layout.model) + tokens + padLeft('time', time);
}

/** Right part of a row. */
export function numbers({ tokens, durationMs }: TreeNode): string {
  const { input, output, total, time } = NUMBER_WIDTHS;
  const counts = [padLeft(count(tokens?.input), input), padLeft(count(tokens?.output), output)];
  return [...counts, padLeft(count(tokens?.total), total), padLeft(duration(durationMs), time)].join('');
}

/** The same in words, for narrow terminals; what may be cut comes last. */
export function meta({ model, tokens, durationMs }: TreeNode): string {
  const spent = tokens && `${tokens.input} in, ${tokens.output} out, ${tokens.total} total`;
  return [duration(durationMs), model, spent].filter((part) => part !== undefined).join(' · ');
}

function count(tokens: number | undefined): string {
  return tokens === undefined ? '' : String(tokens);
}

function duration(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
