/**
 * What is kept beside spans, which are never written to: a row for each, forgotten with it. All who keep something share
 * one table, each with a column of its own: a new key in a weak table is what costs most when a span starts.
 */
export class SideTable<Row extends object> {
  readonly #rows = new WeakMap<object, Row>();
  readonly #newRow: () => Row;

  constructor(newRow: () => Row) {
    this.#newRow = newRow;
  }

  find(span: object): Row | undefined {
    return this.#rows.get(span);
  }

  /** The row of a span, begun if it has none. */
  rowOf(span: object): Row {
    let row = this.#rows.get(span);
    if (row === undefined) {
      row = this.#newRow();
      this.#rows.set(span, row);
    }
    return row;
  }
}
