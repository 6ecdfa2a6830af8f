/** A string of a JSON text, decoded, and where it stands. */
export interface FoundText {
  readonly text: string;
  readonly isKey: boolean;
  readonly depth: number;
}

export interface Reading {
  readonly value: unknown;
  /** How many lists and objects lie within each other at most. */
  readonly depth: number;
  readonly texts: readonly FoundText[];
  /** Keys that an object has more than once: a parser shows the last of them only. */
  readonly repeatedKeys: readonly string[];
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = { true: true, false: false, null: null } as const;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads JSON by RFC 8259, and tells what a parser keeps to itself. Written for the tests that judge bytes from outside:
 * it shares nothing with what made them, not even the parser.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function readJson(json: string): Reading {
  try {
    return new JsonReader(json).read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Nested deeper than the stack: so deep that it only matters whether it is JSON.
    return { value: JSON.parse(json), depth: Number.POSITIVE_INFINITY, texts: [], repeatedKeys: [] };
  }
}

class JsonReader {
  readonly #json: string;
  readonly #texts: FoundText[] = [];
  readonly #repeated: string[] = [];
  #at = 0;
  #depth = 0;
  #deepest = 0;

  constructor(json: string) {
    this.#json = json;
  }

  read(): Reading {
    const value = this.#value();
    this.#skipBlanks();
    if (this.#at < this.#json.length) this.#fail();
    return { value, depth: this.#deepest, texts: this.#texts, repeatedKeys: this.#repeated };
  }

  #value(): unknown {
    this.#skipBlanks();
    switch (this.#json[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#list();
      case '"':
        return this.#string(false);
      default:
        return this.#wordOrNumber();
    }
  }

  #object(): object {
    // Without a prototype, so that `__proto__` is a key like any other.
    const value: Record<string, unknown> = Object.create(null);
    this.#within('}', () => {
      this.#skipBlanks();
      const key = this.#string(true);
      if (key in value) this.#repeated.push(key);
      this.#skipBlanks();
      this.#expect(':');
      value[key] = this.#value();
    });
    return value;
  }

  #list(): unknown[] {
    const value: unknown[] = [];
    this.#within(']', () => value.push(this.#value()));
    return value;
  }

  #within(end: string, readOne: () => void): void {
    this.#at++;
    this.#depth++;
    this.#deepest = Math.max(this.#deepest, this.#depth);
    this.#skipBlanks();
    if (this.#json[this.#at] !== end) {
      readOne();
      for (this.#skipBlanks(); this.#json[this.#at] === ','; this.#skipBlanks()) {
        this.#at++;
        readOne();
      }
    }
    this.#expect(end);
    this.#depth--;
  }

  #string(isKey: boolean): string {
    this.#expect('"');
    let text = '';
    for (;;) {
      const unit = this.#json[this.#at];
      if (unit === undefined || unit < ' ') this.#fail();
      this.#at++;
      if (unit === '"') break;
      text += unit === '\\' ? this.#escape() : unit;
    }
    this.#texts.push({ text, isKey, depth: this.#depth });
    return text;
  }

  #escape(): string {
    const letter = this.#json[this.#at++] ?? this.#fail();
    if (letter !== 'u') return SHORT_ESCAPES[letter] ?? this.#fail();
    const hex = this.#json.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.#fail();
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #wordOrNumber(): unknown {
    for (const [word, value] of Object.entries(WORDS)) {
      if (!this.#json.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    NUMBER.lastIndex = this.#at;
    const [digits] = NUMBER.exec(this.#json) ?? [];
    if (digits === undefined) this.#fail();
    this.#at += digits.length;
    return Number(digits);
  }

  #skipBlanks(): void {
    while (/[ \t\n\r]/.test(this.#json[this.#at] ?? '')) this.#at++;
  }

  #expect(unit: string): void {
    if (this.#json[this.#at] !== unit) this.#fail();
    this.#at++;
  }

  #fail(): never {
    throw new SyntaxError(`no JSON at ${this.#at}: ${this.#json.slice(this.#at, this.#at + 20)}`);
  }
}
