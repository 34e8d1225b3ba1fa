// The figures that only files have: where the cost of one network lies, and predicted times.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFigures } from '../../../cli/charts/figures.js';
import { writeCharts } from '../../../cli/charts/writeCharts.js';
import { isMissing, type Picture } from '../../../reports/charts/chart.js';
import { icicle } from '../../../reports/charts/icicle.js';
import { inlinePicture } from '../../../reports/charts/pictureFile.js';
import { predictedTimes } from '../../../reports/charts/predictedTimes.js';
import { sceneOf } from '../../../reports/charts/scene.js';
import { CHARTS, FILE_CHARTS } from '../../../reports/charts/table.js';
import { LIGHT } from '../../../reports/charts/theme.js';
import { reportOf, type ReportSettings } from '../../../reports/report/reportOf.js';
import { builtIn } from '../../../src/builtIn.js';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import { profileOf, syntheticRun } from '../synthetic.js';
import { clashes, cut, wordsOn } from './wordsOn.js';

const report = (names: readonly string[], settings: ReportSettings = {}) =>
  reportOf(
    names.map((name) => builtIn(name)),
    { madeAt: new Date('2001-01-01'), ...settings },
  ).data;
const devices = ['rtx-3090', 'i9-10940x'].map((name) => builtInDevice(name));
const DATA = {
  counted: report(['densenet201']),
  predicted: report(['densenet121'], { devices }),
  measured: report(['resnet50'], { runs: [syntheticRun(profileOf('resnet50'))] }),
  several: report(['resnet50', 'densenet121', 'vovnet39'], { devices }),
} as const;
const sceneIn = (name: keyof typeof DATA) => sceneOf(DATA[name], 0);
const pictureIn = (name: keyof typeof DATA, chart = icicle): Picture => {
  const picture = chart.picture(sceneIn(name));
  if (isMissing(picture)) throw new Error(picture.missing);
  return picture;
};
/** A phone, half of A4, A4, a file. */
const WIDTHS = [266, 306, 660, 928];

describe('where the cost of one network lies', () => {
  it.each([
    ['counted', /, by memory access, unfused\./, '% of the memory access, unfused'],
    ['predicted', /ms predicted, by time, predicted \(not measured\)\./, '% of the time, predicted (not measured)'],
    ['measured', /\(the sum of its layers, each timed alone\), by time, measured\./, '% of the time, measured'],
  ] as const)('%s: says by what, and its shares are of the whole', (name, lead, axis) => {
    const picture = pictureIn(name);
    expect(picture.lead).toMatch(lead);
    const { words } = wordsOn(inlinePicture(picture, LIGHT, 928));
    const texts = words.map(({ text }) => text);
    expect(texts).toContain(axis);
    const { stages } = DATA[name].networks[0]!;
    // The largest stage is named with its share.
    const shares = picture.summary.split(', ').map((part) => Number(/ ([\d.]+) %$/.exec(part)?.[1]));
    expect(shares).toHaveLength(stages!.length);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
    expect(texts.some((text) => / [\d.]+ %$/.test(text))).toBe(true);
  });

  it('is of one network alone, and never asked for of several', () => {
    expect(icicle.picture(sceneIn('several'))).toMatchObject({ unasked: true });
  });

  it.each(['counted', 'predicted', 'measured'] as const)('%s: no word is cut or over another', (name) => {
    for (const width of WIDTHS) {
      const file = inlinePicture(pictureIn(name), LIGHT, width);
      const { words } = wordsOn(file);
      expect({ width, clashes: clashes(words), cut: cut(words, file) }).toEqual({ width, clashes: [], cut: [] });
    }
  });
});

describe('predicted times', () => {
  it('are those of the table, each with its interval, and called predicted', () => {
    const { table, lead, source } = pictureIn('several', predictedTimes);
    const { rows } = DATA.several.views[0]!.predicted!;
    expect(table.rows).toHaveLength(6);
    for (const [i, [network, device, text]] of table.rows.entries()) {
      expect([network, device]).toEqual([DATA.several.networks[rows[i]!.network]!.label, rows[i]!.device]);
      expect(text).toMatch(/^[\d.]+ ms \([\d.]+ ms (to [\d.]+ ms|or more)\)$/);
    }
    expect(lead).toContain('nothing here was measured');
    expect(source).toBe('Predicted by rtx-3090, i9-10940x, not measured.');
    const least = table.rows.map(([, , text]) => Number(/^[\d.]+/.exec(text!)![0]));
    for (const [i, value] of least.entries()) expect(value / rows[i]!.milliseconds).toBeCloseTo(1, 1);
  });

  it('are missing where no device is named', () => {
    expect(predictedTimes.picture(sceneIn('counted'))).toMatchObject({ unasked: true });
  });

  it.each(['predicted', 'several'] as const)('%s: no word is cut or over another', (name) => {
    for (const width of WIDTHS) {
      const file = inlinePicture(pictureIn(name, predictedTimes), LIGHT, width);
      const { words } = wordsOn(file);
      expect({ width, clashes: clashes(words), cut: cut(words, file) }).toEqual({ width, clashes: [], cut: [] });
    }
  });
});

describe('the files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopscope-figures-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const figures = await openFigures({});
  await writeCharts(DATA.predicted, folder, figures);
  const names = readdirSync(folder);

  it('have both, as PNG, SVG and PDF', () => {
    expect(FILE_CHARTS).toHaveLength(CHARTS.length + 2);
    for (const id of ['icicle', 'predicted-times'])
      expect(names.filter((name) => name.startsWith(`${id}.`))).toEqual([`${id}.pdf`, `${id}.png`, `${id}.svg`]);
  });

  it.each(['icicle', 'predicted-times'])(
    '%s is text of less than 100 kB, and names where its times come from',
    (id) => {
      const svg = readFileSync(join(folder, `${id}.svg`), 'utf8');
      expect(svg.length).toBeLessThan(100_000);
      expect(svg).toMatch(/<text [^>]*>[^<]*Predicted[^<]*not measured/);
      expect(svg).not.toContain('Counted, not measured');
    },
  );

  it('draw the networks that are asked for alone', async () => {
    const some = mkdtempSync(join(tmpdir(), 'flopscope-figures-'));
    await writeCharts(DATA.several, some, figures, ['vovnet39']);
    const svg = readFileSync(join(some, 'predicted-times.svg'), 'utf8');
    expect(svg).toContain('vovnet39');
    expect(svg).toContain('Not drawn: resnet50, densenet121.');
    expect(svg).not.toMatch(/<text [^>]*>resnet50,/);
    rmSync(some, { recursive: true, force: true });
  });
});
