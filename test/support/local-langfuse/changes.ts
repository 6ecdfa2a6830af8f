/** Lets tests wait for a state instead of sleeping: every change of the server is announced here. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Resolves as soon as the predicate holds, rejects with what it waited for when time is up. */
  waitFor(predicate: () => boolean, timeoutMs: number, describe: () => string): Promise<void> {
    if (predicate()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(check);
        finish();
      };
      const check = (): void => {
        try {
          if (predicate()) settle(resolve);
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`not within ${timeoutMs} ms: ${describe()}`)));
      }, timeoutMs);
      this.#listeners.add(check);
    });
  }
}
