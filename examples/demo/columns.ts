/** Text in columns of a terminal. Counts code points: enough for names and prose, not for emoji families. */
export function widthOf(text: string): number {
  return [...text].length;
}

/** Cut with an ellipsis where it does not fit. */
export function shorten(text: string, width: number): string {
  if (width <= 0) return '';
  return widthOf(text) <= width
    ? text
    : `${[...text]
        .slice(0, width - 1)
        .join('')
        .trimEnd()}…`;
}

export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}
