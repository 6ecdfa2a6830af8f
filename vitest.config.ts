import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/balanced-books.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Children and servers of different files share two cores.
    maxWorkers: 2,
    reporters: process.env['CI'] ? ['default', 'hanging-process'] : ['default'],
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
