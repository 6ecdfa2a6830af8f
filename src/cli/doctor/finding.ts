/** What one check of the doctor came to. */
export interface Finding {
  readonly check: string;
  /** `note`: worth knowing. Only a `problem` changes the exit code. */
  readonly state: 'ok' | 'note' | 'warning' | 'problem' | 'skipped';
  readonly text: string;
  readonly remedy?: string | undefined;
  /** The same for programs. */
  readonly facts?: Readonly<{ [name: string]: string | number | boolean | undefined }> | undefined;
}

const STATE_COLUMNS = 9;
const CHECK_COLUMNS = 13;

export function lineOf({ state, check, text, remedy }: Finding): string {
  const line = `${state.padEnd(STATE_COLUMNS)}${check.padEnd(CHECK_COLUMNS)}${text}`;
  return remedy === undefined ? line : `${line}\n${' '.repeat(STATE_COLUMNS + CHECK_COLUMNS)}${remedy}`;
}
