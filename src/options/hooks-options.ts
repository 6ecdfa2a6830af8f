export interface HooksOptions {
  /**
   * Flush, for at most five seconds, when the event loop has nothing left to do. `process.exit()` does not wait for it.
   * @defaultValue `true`
   */
  readonly beforeExit?: boolean | undefined;
  /**
   * Save what is in memory when the process ends at once (`process.exit()`, an uncaught exception), which is held for
   * `persistence.exitBudgetMs` at most. Needs `persistence.directory`.
   * @defaultValue `true` with `persistence.directory`
   */
  readonly exit?: boolean | undefined;
  /**
   * On SIGTERM and SIGINT: close, then let the process die of the signal as it would have without us, unless the
   * application listens to it as well and decides itself. A second signal does not wait.
   * @defaultValue `false`
   */
  readonly signals?: boolean | undefined;
}
