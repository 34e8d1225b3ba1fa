// Can every word on a chart be read? None over another, none cut, at every width of page, paper and file; and none is missing.

import { readdirSync, readFileSync } from 'node:fs';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMissing, type Picture } from '../../../reports/charts/chart.js';
import { printSize } from '../../../reports/charts/printSize.js';
import { inlinePicture, pictureFile } from '../../../reports/charts/pictureFile.js';
import { sceneOf, type Scene } from '../../../reports/charts/scene.js';
import { CHARTS } from '../../../reports/charts/table.js';
import { corners, roofLabels, steps } from '../../../reports/charts/roofLabels.js';
import { textWidth } from '../../../reports/charts/textWidth.js';
import { FONT_SIZE, LIGHT } from '../../../reports/charts/theme.js';
import { short } from '../../../reports/text/number.js';
import { reportData } from '../../../reports/report/reportData.js';
import { readRuns } from '../../../src/records/run/readRun.js';
import type { Run } from '../../../src/measure/run.js';
import { profileOf, syntheticRun, trainingsOf } from '../synthetic.js';
import { clashes, cut, overlap, wordsOn, type Word } from './wordsOn.js';

const FOLDER = 'fixtures/runs';
const committed = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json') && !name.startsWith('guidelines-'))
  .flatMap((name) => readRuns(readFileSync(`${FOLDER}/${name}`, 'utf8'), name));

const sceneWith = (names: readonly string[], runs?: readonly Run[]): Scene => {
  const profiles = names.map((name) => profileOf(name));
  const times = runs ?? profiles.map((profile) => syntheticRun(profile));
  return sceneOf(
    reportData({ madeAt: '2001-01-01', version: '0', profiles, runs: times, trainings: trainingsOf(profiles) }),
    0,
  );
};

const THREE = ['resnet50', 'densenet121', 'vovnet39'];
const MANY = ['vgg16', 'resnet50', 'densenet121', 'vovnet39', 'mobilenet_v2', 'squeezenet1_1', 'resnet18', 'vgg11'];
const SCENES: readonly (readonly [string, Scene])[] = [
  ['the committed runs', sceneWith(THREE, committed)],
  ['three networks', sceneWith(THREE)],
  ['four networks', sceneWith(['densenet201', 'mobilenet_v2', 'vovnet57', 'squeezenet1_1'])],
  ['two networks, counted', sceneWith(['resnet18', 'resnext50_32x4d'], [])],
  ['eight networks', sceneWith(MANY)],
];
/** A phone of 320 and of 390 pixels, half of A4, A4, half a screen, a tablet, a screen. */
const WIDTHS = [266, 306, 336, 532, 660, 684, 1078];

function pictureOf(id: string, scene: Scene): Picture {
  const picture = CHARTS.find((chart) => chart.id === id)!.picture(scene);
  if (isMissing(picture)) throw new Error(picture.missing);
  return picture;
}
const drawn = (id: string, scene: Scene, width: number) => {
  const file = inlinePicture(pictureOf(id, scene), LIGHT, width);
  return { ...file, ...wordsOn(file) };
};

describe.each(SCENES)('%s', (_, scene) => {
  const ids = CHARTS.filter((chart) => !isMissing(chart.picture(scene))).map(({ id }) => id);

  it.each(ids)('%s: no word stands over another or is cut, at any width', (id) => {
    for (const width of WIDTHS) {
      const { words, height } = drawn(id, scene, width);
      expect({ width, clashes: clashes(words), cut: cut(words, { width, height }) }).toEqual({
        ...{ width, clashes: [], cut: [] },
      });
    }
  });

  it.each([undefined, '85mm', '6in'])('neither is one of a file that is %s wide', (width) => {
    for (const id of ids) {
      const print = width === undefined ? {} : { print: printSize(width) };
      const file = pictureFile(pictureOf(id, scene), LIGHT, {
        title: id,
        source: 'Source.',
        without: 'None.',
        ...print,
      });
      const { words } = wordsOn(file);
      expect({ id, clashes: clashes(words), cut: cut(words, file) }).toEqual({ id, clashes: [], cut: [] });
    }
  });
});

const textsOf = (words: readonly Word[]): readonly string[] => words.map(({ text }) => text);
const committedScene = SCENES[0]![1];

it('each roof says what it was measured with, as the record does', () => {
  const ceilings = committedScene.setting!.ceilings!;
  const roofs = (how: string, raised: string | null): readonly string[] =>
    textsOf(
      drawn(
        'roofline',
        { ...committedScene, setting: { ...committedScene.setting!, ceilings: { ...ceilings, how, raised } } },
        900,
      ).words,
    );
  const [flat, slope] = [`${short(ceilings.flopsPerSecond)}FLOP/s`, `${short(ceilings.bytesPerSecond)}B/s`];
  const product = 'matrix product of two 512 x 512 matrices, copy of 4,096 floats';
  expect(roofs(product, null)).toEqual(expect.arrayContaining([`${flat}, matrix product`, `${slope}, copy`]));
  expect(roofs('convolution 3 x 3 of 64 channels', null)).toContain(`${flat}, convolution`);
  const both = 'FLOP/s raised to what conv1 reached, bytes/s raised to what relu1 reached';
  expect(roofs(product, both)).toEqual(expect.arrayContaining([`${flat}, a layer`, `${slope}, a layer`]));
});

describe.each(WIDTHS)('at %d pixels', (width) => {
  it('both ceilings of the roofline bear their value and unit, clear of every point', () => {
    const { words, chart } = drawn('roofline', committedScene, width);
    const { flopsPerSecond, bytesPerSecond } = committedScene.setting!.ceilings!;
    for (const value of [`${short(flopsPerSecond)}FLOP/s`, `${short(bytesPerSecond)}B/s`]) {
      const label = words.find(({ text }) => text.startsWith(value));
      expect(label, value).toBeDefined();
      const covered = chart.data.datasets
        .slice(1)
        .flatMap((_, d) => chart.getDatasetMeta(d + 1).data.filter(({ x, y }) => overlap(label!.box, square(x, y, 2))));
      expect(covered).toHaveLength(0);
    }
  });

  it('no words of utilisation are crossed by the line at 100 %', () => {
    for (const [, scene] of SCENES.filter(([, one]) => one.setting !== null)) {
      const { words, chart } = drawn('utilisation', scene, width);
      const { top, bottom } = chart.chartArea;
      const line = chart.scales['x']!.getPixelForValue(1);
      const crossed = words.filter(({ box }) =>
        overlap(box, [
          { x: line - 1, y: top },
          { x: line + 1, y: top },
          { x: line + 1, y: bottom },
          { x: line - 1, y: bottom },
        ]),
      );
      expect(textsOf(crossed)).toEqual([]);
      // Few networks have their figures beside bars, many after their names or in columns; all of them have them.
      const figures = textsOf(words).join(' ').match(/\d %/g) ?? [];
      expect(figures.length).toBeGreaterThanOrEqual(2 * scene.subjects.filter(({ run }) => run).length);
    }
  });

  it('every panel of balance has its figures, and the upright axis its title', () => {
    for (const [, scene] of SCENES) {
      const texts = textsOf(drawn('balance', scene, width).words);
      expect(texts.filter((text) => /^\d\.\d\dx in all, worst \d+\.\d\dx/.test(text))).toHaveLength(scene.focus.length);
      expect(texts).toContainEqual(expect.stringMatching(/^memory access over its bound, ×/));
    }
  });

  it('every stage of every network is named beside its colour, and no bar is thin', () => {
    for (const [, scene] of SCENES) {
      const { words, chart } = drawn('stages', scene, width);
      const texts = textsOf(words);
      for (const { network } of scene.focus)
        for (const { name } of network.stages!.slice(0, 7)) expect(texts).toContain(name);
      for (const { height } of chart.getDatasetMeta(0).data as unknown as { height: number }[])
        expect(height).toBeGreaterThanOrEqual(width < 480 ? 26 : 20);
    }
  });

  it('no line of the grid runs past the heading of a cost', () => {
    const { words, chart } = drawn('relative-cost', committedScene, width);
    const heading = words.find(({ text }) => text === 'Ops')!;
    const middle = Math.round((heading.box[0]!.y + heading.box[3]!.y) / 2);
    const pen = chart.ctx as unknown as SKRSContext2D;
    const free = chart.scales['x']!.ticks.map(({ value }) =>
      Math.round(chart.scales['x']!.getPixelForValue(value)),
    ).filter((x) => !words.some(({ box }) => overlap(box, square(x, middle, 2))));
    expect(free.length).toBeGreaterThan(0);
    for (const x of free) expect([...pen.getImageData(x, middle, 1, 1).data]).toEqual([255, 255, 255, 255]);
  });
});

const square = (x: number, y: number, half: number) => [
  { x: x - half, y: y - half },
  { x: x + half, y: y - half },
  { x: x + half, y: y + half },
  { x: x - half, y: y + half },
];

it('the guess of a width is never less than what is drawn', () => {
  const pen = createCanvas(1, 1).getContext('2d');
  const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
  for (const weight of [400, 600]) {
    pen.font = `${weight} ${FONT_SIZE}px Inter`;
    for (const text of [...ascii, '×', '±', 'é', '中', 'א', '\u{1f600}'])
      expect(pen.measureText(text).width, text).toBeLessThanOrEqual(textWidth(text));
  }
});

describe('labels of a roof', () => {
  const area = { left: 60, right: 340, top: 10, bottom: 300 };
  const spot = fc.record({ x: fc.integer({ min: 60, max: 340 }), y: fc.integer({ min: 10, max: 300 }) });

  it('are two, inside of the chart, clear of the roof and of each other, whatever its slope', () => {
    const roofs = fc.record({ right: fc.integer({ min: 110, max: 300 }), top: fc.integer({ min: 40, max: 200 }) });
    fc.assert(
      fc.property(roofs, fc.boolean(), fc.array(spot, { maxLength: 40 }), ({ right, top }, atEdge, points) => {
        const ridge = { x: right, y: top };
        const start = atEdge ? { x: area.left, y: Math.min(area.bottom, top + 60) } : { x: right - 45, y: area.bottom };
        const below = points.filter(({ y }) => y > top + 30).map((point) => ({ ...point, radius: 4 }));
        const roof = { area, start, ridge, points: below };
        const labels = roofLabels(
          roof,
          ['200 GFLOP/s, matrix product', '200 GFLOP/s'],
          ['30 GB/s, copy', '30 GB/s'],
          (text) => 6 * text.length,
        );
        const boxes = labels.map(corners);
        expect(labels.map(({ text }) => text.slice(0, 4))).toEqual(['200 ', '30 G']);
        for (const { x, y } of boxes.flat()) {
          expect(x).toBeGreaterThanOrEqual(area.left);
          expect(x).toBeLessThanOrEqual(area.right);
          expect(y).toBeGreaterThanOrEqual(area.top);
          expect(y).toBeLessThanOrEqual(area.bottom);
        }
        expect(overlap(boxes[0]!, boxes[1]!)).toBe(false);
        const line = [...steps(start, ridge), ...steps(ridge, { x: area.right, y: top })];
        for (const { x, y } of line) for (const box of boxes) expect(overlap(box, square(x, y, 1))).toBe(false);
      }),
    );
  });

  it('stand where they cover no point, if such a place is there', () => {
    const above = Array.from({ length: 12 }, (_, i) => ({ x: 70 + 8 * i, y: 120 - 5 * i, radius: 5 }));
    const roof = { area, start: { x: 60, y: 200 }, ridge: { x: 200, y: 80 }, points: above };
    for (const label of roofLabels(roof, ['200 GFLOP/s'], ['30 GB/s'], (text) => 6 * text.length))
      for (const { x, y, radius } of above) expect(overlap(corners(label), square(x, y, radius - 1))).toBe(false);
  });
});
