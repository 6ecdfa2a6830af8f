import { styleText } from 'node:util';
import { padRight, shorten, widthOf } from './columns.js';
import { headings, type Layout, meta, numbers, toLayout } from './layout.js';
import type { TraceTree, TreeNode } from './tree.js';
import { toWords } from './words.js';

export interface PrintOptions {
  /** Width of the terminal. No line is longer. */
  readonly columns: number;
  readonly colors: boolean;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Traces as trees: a row of type, name, model, tokens and time for each observation, its first words below. */
export function printTrees(trees: readonly TraceTree[], options: PrintOptions): string {
  // Whether there are colours is the caller's decision; `styleText` would look at stdout again.
  const paint: Paint = (style, text) =>
    options.colors && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  const layout = toLayout(trees, options.columns);
  return trees.map((tree) => `${printTree(tree, layout, paint).join('\n')}\n`).join('\n');
}

function printTree(tree: TraceTree, layout: Layout, paint: Paint): readonly string[] {
  const facts = [
    tree.userId === undefined ? '' : `user ${tree.userId}`,
    tree.sessionId === undefined ? '' : `session ${tree.sessionId}`,
    tree.tags.length === 0 ? '' : `tags ${tree.tags.join(', ')}`,
  ].filter((fact) => fact !== '');
  const name = shorten(toWords(tree.name), layout.columns);
  const rest = shorten(toWords(facts.map((fact) => `  ${fact}`).join(' ·')), layout.columns - widthOf(name) - 2);
  const title = `${paint('bold', name)}${rest === '' ? '' : `  ${paint('dim', rest)}`}`;
  const nodes = tree.roots.flatMap((root) => printNode(root, '', '', layout, paint));
  return layout.isNarrow ? [title, ...nodes] : [title, paint('dim', headings(layout)), ...nodes];
}

function printNode(node: TreeNode, branch: string, trunk: string, layout: Layout, paint: Paint): readonly string[] {
  const last = node.children.length - 1;
  const children = node.children.flatMap((child, index) =>
    printNode(child, trunk + (index === last ? '└─ ' : '├─ '), trunk + (index === last ? '   ' : '│  '), layout, paint),
  );
  // The guide to the first child runs through the words, which stand below the name.
  const guide = trunk + (children.length > 0 ? '│  ' : '   ');
  const words = [
    ...(layout.isNarrow ? [['', meta(node)] as const] : []),
    ['in   ', toWords(node.input)] as const,
    ['out  ', toWords(node.output)] as const,
    ['fail ', toWords(node.error)] as const,
  ].filter(([, text]) => text !== '');
  return [
    printRow(node, branch, layout, paint),
    ...words.map(([label, text]) => {
      const shown = shorten(text, layout.columns - widthOf(guide + label));
      return paint('dim', guide + label) + (label === 'fail ' ? paint('red', shown) : shown);
    }),
    ...children,
  ];
}

function printRow(node: TreeNode, branch: string, layout: Layout, paint: Paint): string {
  const type = shorten(node.type, layout.name - widthOf(branch));
  const name = shorten(toWords(node.name), layout.name - widthOf(branch + type) - 1);
  const left = `${paint('dim', branch)}${paint(styleOf(node), type)} ${name}`;
  if (layout.isNarrow) return left.trimEnd();
  const gap = ' '.repeat(Math.max(0, layout.name - widthOf(`${branch}${type} ${name}`)));
  const model = paint('cyan', padRight(shorten(node.model ?? '', layout.model - 1), layout.model));
  return `${left}${gap}${model}${numbers(node)}`;
}

function styleOf(node: TreeNode): Style {
  if (node.error !== undefined) return 'red';
  if (node.type === 'GENERATION' || node.type === 'EMBEDDING') return 'magenta';
  return node.type === 'TOOL' ? 'yellow' : 'blue';
}
