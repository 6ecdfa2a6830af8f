const GAP = 2;

/** Columns below each other, as wide as their widest cell. */
export function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, n) => cell.padEnd((widths[n] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  );
}
