import type { Json } from '../record.js';

/** Writes any value as JSON; undefined for what JSON has no word for. May throw what a getter throws. */
export type ToJson = (value: unknown) => Json | undefined;

/** What a mask sees of a value: a text as it is, anything else as JSON. Undefined for what is never sent. */
export function textFor(value: unknown, toJson: ToJson): string | undefined {
  return typeof value === 'string' ? value : toJson(value);
}

/**
 * The value that a mask made of another one: plain data, made from what the mask saw and said and never from the
 * object itself, which the application may have changed since.
 *
 * @param text - what the mask saw.
 * @returns undefined when nothing is to be sent.
 */
export function valueAfter(value: unknown, text: string, answer: unknown, toJson: ToJson): unknown {
  const isStructure = typeof value === 'object';
  if (answer === text) return isStructure ? JSON.parse(text) : value;
  if (typeof answer === 'string') return isStructure ? structureIn(answer) : answer;
  const json = toJson(answer);
  return json === undefined ? nothingIn(answer) : JSON.parse(json);
}

/** The same where only a text may stand. */
export function textAfter(answer: unknown, toJson: ToJson): string | undefined {
  if (typeof answer === 'string') return answer;
  return toJson(answer) ?? nothingIn(answer);
}

function structureIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `undefined` is an answer; a function or a symbol is a mistake. */
function nothingIn(answer: unknown): undefined {
  if (answer === undefined) return undefined;
  throw new TypeError(`a mask must not return a ${typeof answer}`);
}
