import type { Clock } from '../../ports.js';
import type { Terminal } from '../terminal.js';
import { formatCount } from '../units.js';

const BAR_CELLS = 30;
/** A log must not be filled by the progress of one command. */
const LINE_EVERY_MS = 1_000;

/** How far something is: a bar on a terminal, now and then a line elsewhere. */
export class Progress {
  readonly #terminal: Pick<Terminal, 'columns' | 'err' | 'redraw'>;
  readonly #clock: Pick<Clock, 'now'>;
  #said = '';
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(terminal: Pick<Terminal, 'columns' | 'err' | 'redraw'>, clock: Pick<Clock, 'now'>) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** @param note - why it does not go on, if it does not. */
  show(done: number, total: number, note: string | undefined): void {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const counts = `${formatCount(done)} of ${formatCount(total)} records${note === undefined ? '' : `; ${note}`}`;
    const { columns } = this.#terminal;
    if (columns === undefined) this.#line(counts);
    else
      this.#redraw(`${bar(share)} ${String(Math.floor(100 * share)).padStart(3)} %  ${counts}`.slice(0, columns - 1));
  }

  /** The next output begins on a line of its own. */
  end(): void {
    if (this.#terminal.columns !== undefined && this.#said !== '') this.#terminal.err('');
  }

  #redraw(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.#terminal.redraw(text);
  }

  #line(text: string): void {
    const now = this.#clock.now();
    if (text === this.#said || now - this.#saidAt < LINE_EVERY_MS) return;
    this.#said = text;
    this.#saidAt = now;
    this.#terminal.err(text);
  }
}

function bar(share: number): string {
  const full = Math.floor(share * BAR_CELLS);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_CELLS - full)}]`;
}
