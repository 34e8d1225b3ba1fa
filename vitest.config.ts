import { defineConfig } from 'vitest/config';

/**
 * Rooms of the library without state of their own: their tests share one set of loaded modules, which saves loading
 * them for each file. Tests that replace a module, start an engine or set the environment stand outside.
 */
const STATELESS = [
  ...['blocks', 'counters', 'devices', 'diagnosis', 'diff', 'dim', 'explain', 'exporters', 'families', 'files'],
  ...['formula', 'importers', 'ops', 'records', 'sweep', 'training', 'weights'],
].map((room) => `test/${room}/**/*.test.ts`);

/** Tests that share a browser, which takes longer to start than most of them take. */
const BROWSER = [
  ...['page/browser', 'lab/labBrowser'],
  ...['editing', 'familyLinks', 'fuzz', 'measureFile', 'policy', 'source', 'views'].map((name) => `studio/${name}`),
].map((name) => `test/reports/${name}.test.ts`);

/** Tests that watch clocks: nothing else runs beside them. */
const TIMED = ['test/measure/**/*.test.ts', 'test/nvidia/**/*.test.ts', 'test/cli/energy.test.ts'];

export default defineConfig({
  test: {
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
    projects: [
      { extends: true, test: { name: 'library', isolate: false, include: STATELESS } },
      { extends: true, test: { name: 'browser', isolate: false, include: BROWSER } },
      {
        extends: true,
        test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [...STATELESS, ...BROWSER, ...TIMED] },
      },
      // After the others, one by one.
      { extends: true, test: { name: 'timed', include: TIMED, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
    reporters: ['default', './test/countsReporter.ts'],
  },
});
