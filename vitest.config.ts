import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // `npm run coverage`: what tests run in their own process; commands that they start as built are not seen.
    coverage: {
      include: ['src/**/*.ts', 'cli/**/*.ts', 'reports/**/*.ts'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'out/coverage',
    },
    reporters: ['default', './test/countsReporter.ts'],
  },
});
