// How many images a network is given: a file may take a single one, without a side for the batch.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSheet } from '../reports/sheets/runSheet.js';
import { modelNamed } from '../src/files/modelNamed.js';
import { allSides, batchOf, imageSides } from '../src/inputSize.js';
import { recordedGraph } from '../src/measure/recordedGraph.js';
import { graphOf, profileOf } from '../src/model.js';
import { profile } from '../src/profile.js';
import { readRuns } from '../src/records/run/readRun.js';
import { capture } from './cli/capture.js';
import { bytesOf, type Small } from './importers/onnx/small.js';
import { syntheticRun } from './reports/synthetic.js';

/** As torchvision's detectors are exported: the image is normalised, then it is put into a batch of one. */
const SINGLE: Small = {
  inputs: { x: [3, 32, 48] },
  weights: { w: [8, 3, 3, 3] },
  floats: { mean: 0.5 },
  ints: { axes: [0] },
  nodes: [
    ['Sub', 'x mean', 'even'],
    ['Unsqueeze', 'even axes', 'batch'],
    ['Conv', 'batch w', 'y', { pads: [1, 1, 1, 1] }],
  ],
  outputs: ['y'],
};
const OPEN: Small = { ...SINGLE, inputs: { x: [3, 'height', 'width'] } };
/** A batch of sequences, in heads later. */
const SEQUENCES: Small = {
  inputs: { x: [4, 10, 16] },
  weights: { w: [16, 16] },
  ints: { heads: [0, 0, 2, 8] },
  nodes: [
    ['MatMul', 'x w', 'mixed'],
    ['Reshape', 'mixed heads', 'y'],
  ],
  outputs: ['y'],
};

describe('the input of a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopscope-sides-'));
    for (const [name, small] of Object.entries({ single: SINGLE, open: OPEN, sequences: SEQUENCES }))
      writeFileSync(join(folder, `${name}.onnx`), bytesOf(small));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const named = (name: string) => modelNamed(join(folder, `${name}.onnx`), { allowUnknown: false });

  it('without a batch side is one image', async () => {
    const model = await named('single');
    expect(model).toMatchObject({ batch: 1, input: [3, 32, 48] });
    const { input, totals } = profileOf(model);
    expect(input).toEqual({ n: 1, c: 3, h: 32, w: 48, sides: [3, 32, 48] });
    expect(totals.multAdds).toBe(32 * 48 * 8 * 3 * 9);
    expect([allSides(input), imageSides(input)]).toEqual([
      [3, 32, 48],
      [3, 32, 48],
    ]);
    expect(batchOf(graphOf(model))).toBe(1);
    expect(() => profileOf(model, { batch: 2 })).toThrow(/takes a single image of 3 sides and has none for a batch/);
  });

  it('without a batch side takes other sizes where it leaves them open', async () => {
    const model = await named('open');
    expect(model).toMatchObject({ batch: 1, input: [3, 224, 224] });
    expect(profileOf(model, { input: [3, 64, 96] }).input).toMatchObject({ n: 1, sides: [3, 64, 96] });
  });

  it('of three sides with a batch has it', async () => {
    const { input } = profileOf(await named('sequences'));
    expect(input).toEqual({ n: 4, c: 10, h: 16, w: 1, sides: [4, 10, 16] });
    expect(imageSides(input)).toEqual([10, 16]);
  });

  it('is printed as the file has it', async () => {
    const first = async (...args: readonly string[]) => (await capture(args)).out;
    const [path, other] = ['single', 'sequences'].map((name) => join(folder, `${name}.onnx`)) as [string, string];
    expect(await first('profile', path)).toContain('input [3, 32, 48]:');
    expect(await first('diagnose', path)).toContain('input [3, 32, 48]:');
    expect(await first('compare', path, other)).toMatch(/3x32x48[^]*4x10x16\b(?!x)/);
    expect(await first('reconcile', path)).toContain('input [3, 32, 48]:');
    expect(await first('diff', path, other)).toContain('input [3, 32, 48] -> [4, 10, 16]:');
    expect(await first('predict', path, '--device', 'rtx-3090')).toContain('3x32x48');
  });

  it('in a record of an earlier version, where the first side was a batch, is an image again', async () => {
    const graph = graphOf(await named('single'));
    const counted = profile(graph, { source: 'onnx' });
    const before = { ...counted, input: { n: 3, c: 32, h: 48, w: 1 } };
    const old = syntheticRun(before, { graph: recordedGraph(graph, counted)! });
    const [run] = readRuns(JSON.stringify(old), 'run.json');
    expect(run!.input).toEqual(counted.input);
    expect(run!.imagesPerSecond).toBeCloseTo(old.imagesPerSecond / 3, 6);
    expect(run!.energy!.joulesPerImage).toBeCloseTo(3 * old.energy!.joulesPerImage, 12);
    const sheet = runSheet([run!]);
    const cells = (key: string) => sheet.rows.map((row) => sheet.columns.find((one) => one.key === key)!.value(row));
    expect([cells('batch'), cells('input')]).toEqual([[1], ['3x32x48']]);
  });
});
