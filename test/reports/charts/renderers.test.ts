// Do both canvases draw the same charts? Each is opened by name; a picture without ink fails.

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { openRenderer } from '../../../cli/charts/openRenderer.js';
import { checkInk, RENDERER_NAMES, type Renderer } from '../../../cli/charts/renderer.js';
import { isMissing } from '../../../reports/charts/chart.js';
import { labPicture } from '../../../reports/charts/labRatios.js';
import { pictureFile, wrapped } from '../../../reports/charts/pictureFile.js';
import { sceneOf } from '../../../reports/charts/scene.js';
import { CHARTS } from '../../../reports/charts/table.js';
import { LIGHT } from '../../../reports/charts/theme.js';
import { reportData } from '../../../reports/report/reportData.js';
import { PAPER } from '../../../src/lab/experiment.js';
import { G1_WIDTH } from '../../../src/lab/experiments/shufflenetGuidelines.js';
import { outcomeOf } from '../../../src/lab/outcome.js';
import { labRuns } from '../../lab/runs.js';
import { profileOf, syntheticRun, trainingsOf } from '../synthetic.js';

const profiles = ['resnet50', 'densenet121', 'vovnet39'].map((name) => profileOf(name));
const runs = profiles.map((profile) => syntheticRun(profile));
const scene = sceneOf(
  reportData({ madeAt: '2001-01-01', version: '0', profiles, runs, trainings: trainingsOf(profiles) }),
  0,
);
/** A picture of the lab is no chart of the report, and drawn by the same canvases. */
const lab = outcomeOf(G1_WIDTH, G1_WIDTH.trials({ ...PAPER, scales: [1] }), labRuns([10, 12, 14, 20]));
const files = [
  ...CHARTS.map((chart) => {
    const picture = chart.picture(scene);
    if (isMissing(picture)) throw new Error(picture.missing);
    return [chart.id, pictureFile(picture, LIGHT, { title: chart.title, source: 'Synthetic data.' })] as const;
  }),
  ['lab-ratios', pictureFile(labPicture(lab), LIGHT, { title: 'G1', source: 'Synthetic data.' })] as const,
];

const opened = await Promise.all(
  RENDERER_NAMES.map(async (name): Promise<readonly [string, Renderer | string]> => {
    try {
      return [name, await openRenderer(name)];
    } catch (error) {
      return [name, (error as Error).message];
    }
  }),
);

/** How dark each of 24 x 24 fields of a picture is, from 0 to 1; measured on a smaller copy. */
async function darkness(png: Buffer): Promise<readonly number[]> {
  const [fields, side] = [24, 192];
  const canvas = createCanvas(side, side);
  const pen = canvas.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(await loadImage(png), 0, 0, side, side);
  const { data } = pen.getImageData(0, 0, side, side);
  const sums = new Array<number>(fields * fields).fill(0);
  for (let at = 0; at < side * side; at++) {
    const [x, y] = [at % side, Math.floor(at / side)];
    const field = Math.floor((y * fields) / side) * fields + Math.floor((x * fields) / side);
    sums[field]! += 1 - (data[4 * at]! + data[4 * at + 1]! + data[4 * at + 2]!) / 765;
  }
  return sums.map((sum) => (sum * fields * fields) / (side * side));
}

describe.each(opened)('%s', (name, renderer) => {
  if (typeof renderer === 'string') {
    it.skipIf(!process.env['CI'] && name === 'chartjs-node-canvas')(`can be opened (here: ${renderer})`, () => {
      throw new Error(renderer);
    });
    return;
  }

  it.each(files)('draws %s as PNG with ink all over it', async (_, file) => {
    const png = await renderer.png(file);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * file.width, 2 * file.height]);
    const fields = await darkness(png);
    expect(fields.filter((dark) => dark > 0.002).length).toBeGreaterThan(80);
  });
});

const [first, second] = opened.map(([, renderer]) => renderer);
it.skipIf(typeof first === 'string' || typeof second === 'string')('both draw the same pictures', async () => {
  for (const [id, file] of files) {
    const [a, b] = await Promise.all([first, second].map(async (one) => darkness(await (one as Renderer).png(file))));
    const apart = a!.reduce((most, dark, i) => Math.max(most, Math.abs(dark - b![i]!)), 0);
    expect(apart, id).toBeLessThan(0.2);
    const mean = a!.reduce((sum, dark, i) => sum + Math.abs(dark - b![i]!), 0) / a!.length;
    expect(mean, id).toBeLessThan(0.01);
  }
});

it('letters without ink fail loudly', () => {
  const blank = {
    font: '',
    fillStyle: '',
    fillText: () => undefined,
    getImageData: () => ({ data: new Uint8Array(4) }),
  };
  expect(() => {
    checkInk(blank, 'a canvas without fonts');
  }).toThrow('a canvas without fonts draws no letters (weight 400 of the bundled font)');
});

it('lines of a subtitle break between words, and a long word stands alone', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('a verylongword b', 6)).toEqual(['a', 'verylongword', 'b']);
});
