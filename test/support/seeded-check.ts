import fc from 'fast-check';
import { SEED } from './seed.js';

fc.configureGlobal({ seed: SEED });

/** `fast-check`, beginning where `SEED` says. */
export { fc };
