/** Calls the application back: what it throws ends here, at once or, from a promise, later. */
export function callSafely(call: () => unknown, onFailure: (thrown: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) Promise.resolve(result).catch(onFailure);
  } catch (thrown) {
    onFailure(thrown);
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
