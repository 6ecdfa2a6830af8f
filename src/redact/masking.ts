import type { MaskFunction, MaskParams } from '../mask-function.js';
import { isThenable } from '../runtime/call-safely.js';
import { type ToJson, textAfter, textFor, valueAfter } from './masked-answer.js';

/** What stands in the place of content whose mask gave no usable answer. */
export const WITHHELD = {
  failed: '[withheld: the mask failed]',
  late: '[withheld: the mask took too long]',
  now: '[withheld: the mask had not answered]',
} as const;

export type MaskFailure = keyof typeof WITHHELD;

export interface MaskingParts {
  readonly content: MaskFunction | undefined;
  readonly identifiers: MaskFunction | undefined;
  readonly toJson: ToJson;
  /** No answer that comes later can be used. */
  readonly isNow: boolean;
  readonly failed: (failure: MaskFailure, key: string, thrown: unknown) => void;
}

type Ids = Pick<MaskParams, 'traceId' | 'spanId'>;

interface Unanswered {
  readonly key: string;
  readonly settled: Promise<void>;
  readonly withhold: (marker: string) => void;
}

/** A place in the copy that is being masked. Undefined: nothing stands there. */
export type Put<T> = (masked: T | undefined) => void;

/**
 * One observation being masked, place by place. A place that waits for an answer holds the marker meanwhile, so that
 * whatever goes wrong nothing that was not masked is ever in the copy.
 */
export class Masking {
  readonly #parts: MaskingParts;
  readonly #ids: Ids;
  readonly #unanswered = new Map<object, Unanswered>();
  #isOver = false;
  #failures = 0;

  constructor(parts: MaskingParts, ids: Ids) {
    this.#parts = parts;
    this.#ids = ids;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Content of any kind. */
  value(key: string, value: unknown, put: Put<unknown>): void {
    const { content, toJson } = this.#parts;
    const read = (given: unknown, text: string, answer: unknown): unknown => valueAfter(given, text, answer, toJson);
    this.#ask(content, key, value, read, put, put);
  }

  /** Content that is, or becomes, a text. */
  text(key: string, value: unknown, put: Put<string>): void {
    const { content, toJson } = this.#parts;
    this.#askForText(content, key, value, put, put, toJson);
  }

  /** Who, where and by which name. When the mask fails there is none. */
  identifier(key: string, value: string | undefined, put: Put<string>): void {
    const { identifiers, toJson } = this.#parts;
    this.#askForText(identifiers, key, value, put, () => put(undefined), toJson);
  }

  /** One that there must be. */
  name(key: string, value: string, put: (masked: string) => void): void {
    const { identifiers, toJson } = this.#parts;
    const putName: Put<string> = (masked) => put(masked || '[masked]');
    this.#askForText(identifiers, key, value, putName, putName, toJson);
  }

  /** Resolves when every answer is there; undefined when none is missing. */
  answers(): Promise<unknown> | undefined {
    if (this.#unanswered.size === 0) return undefined;
    return Promise.all([...this.#unanswered.values()].map(({ settled }) => settled));
  }

  /** What is not answered yet stays withheld. */
  end(): void {
    this.#isOver = true;
    for (const { key, withhold } of this.#unanswered.values()) {
      withhold(WITHHELD.late);
      this.#fail('late', key, undefined);
    }
  }

  #askForText(
    mask: MaskFunction | undefined,
    key: string,
    value: unknown,
    put: Put<string>,
    withhold: (marker: string) => void,
    toJson: ToJson,
  ): void {
    const read = (_value: unknown, _text: string, answer: unknown): string | undefined => textAfter(answer, toJson);
    this.#ask(mask, key, value, read, put, withhold);
  }

  #ask<T>(
    mask: MaskFunction | undefined,
    key: string,
    value: unknown,
    read: (value: unknown, text: string, answer: unknown) => T | undefined,
    put: Put<T>,
    withhold: (marker: string) => void,
  ): void {
    if (mask === undefined || value === undefined || value === null) return;
    withhold(WITHHELD.failed);
    try {
      const text = textFor(value, this.#parts.toJson);
      const answer = text === undefined ? undefined : mask({ data: text, key, ...this.#ids });
      if (text === undefined) put(undefined);
      else if (isThenable(answer)) this.#await(key, answer, (given) => put(read(value, text, given)), withhold);
      else put(read(value, text, answer));
    } catch (thrown) {
      this.#fail('failed', key, thrown);
    }
  }

  #await(
    key: string,
    answer: PromiseLike<unknown>,
    take: (given: unknown) => void,
    withhold: (marker: string) => void,
  ): void {
    withhold(WITHHELD.now);
    if (this.#parts.isNow) {
      // Nobody waits for it, but a rejection that nobody hears would end the process.
      Promise.resolve(answer).catch(() => {});
      this.#fail('now', key, undefined);
      return;
    }
    const place = {};
    const settle = (end: () => void): void => {
      if (!this.#isOver && this.#unanswered.delete(place)) end();
    };
    const failed = (thrown: unknown): void => {
      withhold(WITHHELD.failed);
      this.#fail('failed', key, thrown);
    };
    const answered = (given: unknown): void => {
      try {
        take(given);
      } catch (thrown) {
        failed(thrown);
      }
    };
    const settled = Promise.resolve(answer).then(
      (given) => settle(() => answered(given)),
      (thrown: unknown) => settle(() => failed(thrown)),
    );
    this.#unanswered.set(place, { key, settled, withhold });
  }

  #fail(failure: MaskFailure, key: string, thrown: unknown): void {
    this.#failures++;
    this.#parts.failed(failure, key, thrown);
  }
}
