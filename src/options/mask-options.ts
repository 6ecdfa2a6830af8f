import type { MaskFunction } from '../mask-function.js';

/** A mask in its parts. */
export interface MaskOptions {
  /** Asked about content, as a plain function is. */
  readonly content?: MaskFunction | undefined;
  /**
   * Asked about what spans are told apart and found by: `name`, `userId`, `sessionId`, `tags.*`, `model`,
   * `environment`, `version`, `release`, `trace.name` and the instrumentation scope's name.
   * @defaultValue none: they are sent as they are
   */
  readonly identifiers?: MaskFunction | undefined;
  /**
   * Milliseconds that asynchronous masks of one span may take together. What is not answered by then is withheld.
   * @defaultValue `2_000`
   */
  readonly timeoutMs?: number | undefined;
}
