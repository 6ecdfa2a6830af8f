import { ManualClock } from '../manual-clock.js';
import { ModelFileSystem } from './model-file-system.js';
import { type SpoolWorld, spoolWorld, type WorldOptions } from './spool-world.js';

/** One file system that several processes use, in one time. */
export const volume = () => {
  const clock = new ManualClock();
  const fs = new ModelFileSystem(() => clock.wallMs());
  const process = async (options: Omit<Partial<WorldOptions>, 'fs'>): Promise<SpoolWorld> => {
    const world = spoolWorld({ fs, clock, ...options });
    await world.start();
    await world.turn(5);
    return world;
  };
  return { clock, fs, process };
};

export const nobodyIsDead = () => false;
/** Records that each of them took over. */
export const foundBy = (worlds: readonly SpoolWorld[]): number[] => worlds.map(({ ledger }) => ledger.read().recovered);
