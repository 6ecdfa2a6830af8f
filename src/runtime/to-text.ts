/** Anything as a text. `String` throws for what has no text, such as an object without a prototype. */
export function toText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '[no text]';
  }
}
