const given = process.env['SEED'] ?? '1';

/**
 * What all random tests start from. Always the same, so that whether a change lands hangs on the change; with
 * `SEED=random` they look where nobody looked before, and a failure names the seed that brings it back.
 */
export const SEED: number = given === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(given);

if (!Number.isInteger(SEED)) throw new Error(`SEED=${given}: neither a whole number nor "random"`);
