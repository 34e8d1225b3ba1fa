import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Every core runs tests; the default keeps one back, which halves the speed of a machine with two.
    maxWorkers: '100%',
    // A machine that others use at the same time is several times slower.
    testTimeout: 180_000,
    // `npm run coverage`: what tests run in their own process; commands that they start as built are not seen.
    coverage: {
      include: ['src/**/*.ts', 'cli/**/*.ts', 'reports/**/*.ts'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'out/coverage',
    },
    reporters: ['default', './test/countsReporter.ts'],
  },
});
