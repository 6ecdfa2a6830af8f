/**
 * Every text, number and truth in a value, as text, also in JSON that is written as text, however deep, without the
 * space around it.
 */
export function textsIn(value: unknown, texts: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') {
    const structure = structureIn(value);
    if (structure === undefined) {
      if (value.trim() !== '') texts.add(value.trim());
    } else textsIn(structure, texts);
  } else if (typeof value === 'number' || typeof value === 'boolean') {
    texts.add(String(value));
  } else if (ArrayBuffer.isView(value))
    texts.add(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'));
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) textsIn(item, texts);
  return texts;
}

/** A text in quotes is one as well. */
function structureIn(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Shorter texts are found in any other by chance. */
const LEAST = 8;

/** The texts of `given` that `kept` does not have, neither as they are nor within a longer one. */
export function missingFrom(kept: unknown, given: unknown): string[] {
  const texts = textsIn(kept);
  let all: string | undefined;
  return [...textsIn(given)].filter((text) => {
    if (texts.has(text)) return false;
    if (text.length < LEAST) return true;
    all ??= [...texts].join('\n');
    return !all.includes(text);
  });
}
