import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/support/balanced-books.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Children and servers of different files share two cores.
    maxWorkers: 2,
    reporters: process.env['CI'] ? ['default', 'hanging-process'] : ['default'],
    coverage: { provider: 'v8', include: ['src/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/process/**', 'test/soak/**'],
        },
      },
      // Minutes of random faults, and load that wants the machine for itself: a step of its own where changes land.
      { extends: true, test: { name: 'soak', include: ['test/soak/**/*.test.ts'] } },
      // Installs the packed package first, which takes seconds that other tests need not wait for.
      {
        extends: true,
        test: {
          name: 'packed',
          include: ['test/process/**/*.test.ts'],
          globalSetup: ['test/support/packed/install.ts'],
        },
      },
    ],
  },
});
