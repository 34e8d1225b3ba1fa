// The built package as a program sees it: both entries, and the browser's one without Node.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const BUILT = existsSync('dist/index.js') && existsSync('dist/browser.js');

const run = (flags: readonly string[], program: string): unknown =>
  JSON.parse(execFileSync(process.execPath, [...flags, '--input-type=module', '-e', program], { encoding: 'utf8' }));

test.skipIf(!BUILT)(
  'the Node entry reads, counts, compares and measures',
  () => {
    const program = `
    import { readModel, graphOf, profile, compare, formula, measure, countedRows, remainingPoints, readSpace, modelMark } from './dist/index.js';
    const [config, builtIn] = [await readModel('fixtures/configs/resnet26.yaml'), await readModel('resnet20')];
    const counted = profile(graphOf(builtIn));
    const [run] = await measure(builtIn, {
      engine: 'wasm', ceilings: false, protocol: { warmups: 1, windows: 2, minWindowSeconds: 0.01 },
    });
    const space = readSpace('model: densenet_bc100_k12\\nvary: { growth: [8, 12] }', 'space.yaml');
    const model = await readModel(space.model);
    const sweep = { space, model, mark: modelMark(model) };
    console.log(JSON.stringify({
      points: [...countedRows(sweep, remainingPoints(sweep, new Set([0])))].map(({ point, params }) => [point, params]),
      config: config.source,
      multAdds: counted.totals.multAdds,
      ratio: compare([counted, counted], 4).ratios.length,
      params: formula(builtIn, {}).params,
      schema: run.schema,
      measured: run.totals.multAdds,
    }));`;
    expect(run([], program)).toEqual({
      points: [[1, 769162]],
      config: 'config',
      multAdds: 40551040,
      ratio: 2,
      params: expect.any(String) as string,
      schema: expect.stringMatching(/^flopscope\.run\/\d+$/) as string,
      measured: 40551040,
    });
  },
  60_000,
);

test.skipIf(!BUILT)(
  'the browser entry needs no Buffer, no process and no code from text',
  () => {
    const program = `
    import { readFileSync } from 'node:fs';
    const file = new Uint8Array(readFileSync('fixtures/configs/densenet121.yaml'));
    const print = console.log;
    delete globalThis.Buffer;
    delete globalThis.process;
    const lib = await import('./dist/browser.js');
    const model = await lib.readModel({ name: 'densenet.yaml', source: lib.bytesSource(file) });
    const graph = lib.graphOf(lib.builtIn('resnet20'));
    const pieces = lib.writeOnnx(graph, { seed: 1, weights: 'inside', producer: ['test', '1'] });
    print(JSON.stringify({
      source: model.source,
      params: lib.profile(graph).totals.params,
      form: lib.formula(lib.builtIn('resnet20'), {}).params,
      written: typeof pieces,
    }));`;
    expect(run(['--disallow-code-generation-from-strings'], program)).toMatchObject({
      source: 'config',
      params: 269722,
      form: expect.any(String) as string,
    });
  },
  60_000,
);

test.skipIf(!BUILT)(
  'the entry of reports makes the page, the summary and tables of models',
  () => {
    const program = `
    import { readModel, profileOf, compare, configSchema, budgetsSchema, guessedDevice, mergeRows, tryEngine } from './dist/index.js';
    import { reportOf, reportPage, summary, compareSheet, csv } from './dist/reports.js';
    const models = [await readModel('resnet20'), await readModel('fixtures/configs/resnet26.yaml')];
    const { data } = reportOf(models, { title: 'two networks', madeAt: new Date(0) });
    console.log(JSON.stringify({
      page: (await reportPage(data)).slice(0, 15),
      networks: data.networks.length,
      summary: summary(data, []).split('\\n')[0],
      rows: csv(compareSheet(compare(models.map((model) => profileOf(model)), 4))).trim().split('\\n').length,
      schemas: [configSchema(), budgetsSchema()].map(({ $schema }) => typeof $schema),
      guess: guessedDevice('card', { flopsPerSecond: 1e14, bytesPerSecond: 1e12 }, 'eager').origin,
      cpu: (await tryEngine('cpu')).works,
      functions: typeof mergeRows,
    }));`;
    expect(run([], program)).toEqual({
      page: '<!doctype html>',
      networks: 2,
      summary: '## two networks',
      rows: 3,
      schemas: ['string', 'string'],
      guess: 'guess',
      cpu: true,
      functions: 'function',
    });
  },
  60_000,
);

test.skipIf(!BUILT)(
  'a bundler for browsers takes the browser entry: it needs no module of Node and no package',
  async () => {
    const { errors, metafile } = await build({
      entryPoints: ['dist/browser.js'],
      outdir: 'out',
      write: false,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
      logLevel: 'silent',
    });
    expect(errors).toEqual([]);
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.length).toBeGreaterThan(50);
    expect(inputs.filter((path) => !path.startsWith('dist/'))).toEqual([]);
    expect(inputs.filter((path) => readFileSync(path, 'utf8').includes('getBuiltinModule'))).toEqual([]);
  },
);
