import { COLUMNS, type ConventionCases } from './convention-case.js';

/** Convention × field: marked where a test expects the field of a span of that convention; and where that is from. */
export function coverageTable(all: readonly ConventionCases[]): string {
  const rows = all.map(({ library, cases }, place) => {
    const covered = new Set(cases.flatMap(({ expected }) => Object.entries(expected).flatMap(stated)));
    return [String(place + 1), library, ...COLUMNS.map((column) => (covered.has(column) ? '✓' : ''))];
  });
  const sources = all.map(({ library, source }, place) => `${place + 1}. [${library}](${source})`);
  return `${tableOf([['#', 'convention', ...COLUMNS], ...rows])}\n\n${sources.join('\n')}`;
}

/** That a field is absent on purpose covers nothing. */
function stated([field, value]: readonly [string, unknown]): readonly string[] {
  return value === undefined ? [] : [field];
}

/** As the formatter has it: columns of equal width. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const rule = head.map(() => '');
  return [line(head, ' '), line(rule, '-'), ...rows.map((row) => line(row, ' '))].join('\n');
}
