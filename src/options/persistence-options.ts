/**
 * What is promised for a span that was accepted. `'best-effort'`: it waits in memory. `'spill'`: it goes to disk when
 * memory is under pressure, while the server cannot be reached, and when the process ends. `'at-least-once'`: it is on
 * disk before it is sent, and stays there until the server has it.
 */
export type DeliveryMode = 'best-effort' | 'spill' | 'at-least-once';

/** Where spans survive the process. Files hold what spans hold, prompts included; they can be read by this user alone. */
export interface PersistenceOptions {
  /**
   * Made when it is missing. Several processes, worker threads and containers may share one; each project keeps apart.
   * Environment: `LANGFUSE_PERSISTENCE_DIRECTORY`.
   */
  readonly directory?: string | undefined;
  /**
   * Bytes of all files of a project, those of other processes included. Beyond it the oldest segment (8 MiB, or a
   * quarter of this) is removed; spans that were only there count as `disk_quota`.
   * @defaultValue `134_217_728` (128 MiB)
   */
  readonly maxBytes?: number | undefined;
  /**
   * Milliseconds after which a span on disk is given up (`expired`).
   * @defaultValue `172_800_000` (48 h)
   */
  readonly maxAgeMs?: number | undefined;
  /**
   * Bytes that stay free on the file system. Below it nothing is written: spans wait in memory.
   * @defaultValue `67_108_864` (64 MiB)
   */
  readonly minFreeBytes?: number | undefined;
  /**
   * When what was written is taken down to the disk itself. Without it (`'none'`) spans survive the process, but not a
   * power cut; `'interval'`: at most the last half second is lost; `'always'`: nothing that counts as saved is.
   * @defaultValue `'none'`
   */
  readonly fsync?: 'none' | 'interval' | 'always' | undefined;
  /**
   * Milliseconds a span waits for others before it is made into a record and written, with `'at-least-once'`: what a
   * killed process loses at most, as long as its event loop is not busy with something else. `0`: in the next turn of
   * the event loop. With `'spill'` it is what waits once there is a reason to write. How long spans wait to be sent
   * together is `flushInterval` in any case.
   * @defaultValue `20`
   */
  readonly lingerMs?: number | undefined;
  /**
   * Milliseconds that the end of the process (`process.exit()`, an uncaught exception) may be held to save what is in
   * memory.
   * @defaultValue `500`
   */
  readonly exitBudgetMs?: number | undefined;
  /**
   * Keep spans that the server refused as data, with its answer: 16 MiB of them, in `rejects` beside the rest.
   * @defaultValue `false`
   */
  readonly keepRejected?: boolean | undefined;
}
