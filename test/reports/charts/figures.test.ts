// Are charts written for papers: text as text, the size that was asked for, the networks that were asked for?

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFigures } from '../../../cli/charts/figures.js';
import { writeCharts } from '../../../cli/charts/writeCharts.js';
import { printSize } from '../../../reports/charts/printSize.js';
import { reportData } from '../../../reports/report/reportData.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const profiles = ['resnet50', 'densenet121', 'vovnet39'].map((name) => profileOf(name));
const runs = profiles.map((profile) => syntheticRun(profile));
const data = reportData({ madeAt: '2001-01-01', version: '0', profiles, runs });

async function written(flags: Parameters<typeof openFigures>[0], only?: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'flopscope-figures-'));
  await writeCharts(data, folder, await openFigures(flags), only);
  return folder;
}

const textsOf = (svg: string): readonly string[] => [...svg.matchAll(/<text [^>]*>([^<]*)/g)].map(([, text]) => text!);

describe('a figure', async () => {
  const folder = await written({});
  const names = readdirSync(folder);

  it('is a PNG, an SVG and a PDF', () => {
    expect(names.filter((name) => name.startsWith('roofline'))).toEqual([
      'roofline.pdf',
      'roofline.png',
      'roofline.svg',
    ]);
  });

  it.each(names.filter((name) => name.endsWith('.svg')))('%s has its words as text, and less than 100 kB', (name) => {
    const svg = readFileSync(join(folder, name), 'utf8');
    expect(svg.length).toBeLessThan(100_000);
    expect(textsOf(svg).length).toBeGreaterThan(5);
    expect(svg).toContain('font-family="Inter, Helvetica, Arial, sans-serif"');
    expect(textsOf(svg).some((text) => text.includes('densenet121'))).toBe(true);
    // Nothing is drawn twice.
    expect(textsOf(svg).filter((text) => text.startsWith('Counted by flopscope'))).toHaveLength(1);
    // One place for each text: an editor can change its words.
    expect(svg).not.toMatch(/<text [^>]*\bx="[^"]*,/);
  });

  it('has its font inside the PDF', () => {
    const pdf = readFileSync(join(folder, 'relative-cost.pdf'), 'latin1');
    expect(pdf.startsWith('%PDF')).toBe(true);
    expect(pdf).toMatch(/\/BaseFont \/[A-Z]{6}\+Inter/);
  });
});

describe('the size and the words', async () => {
  const folder = await written({ figureWidth: '85mm', title: false }, ['densenet121', 'vovnet39']);
  const svg = readFileSync(join(folder, 'memory-access-against-time.svg'), 'utf8');

  it('has the width on paper', () => {
    expect(svg).toMatch(/<svg [^>]*width="85mm" height="[\d.]+mm" viewBox="0 0 321 \d+"/);
    const png = readFileSync(join(folder, 'relative-cost.png'));
    expect(png.readUInt32BE(16)).toBe(Math.floor(321 * (300 / 96)));
  });

  it('has no title, and says which network it does not draw', () => {
    expect(textsOf(svg).join(' ')).not.toContain('Memory access against time');
    expect(textsOf(svg)).toContain('Not drawn: resnet50.');
    expect(textsOf(svg)).not.toContain('resnet50');
  });
});

describe('bad input', () => {
  it.each([
    ['85', '--figure-width 85 is no width: write a number and one of mm, cm, in, pt, px, as in 85mm'],
    ['wide', '--figure-width wide is no width: write a number and one of mm, cm, in, pt, px, as in 85mm'],
    ['5mm', '--figure-width 5mm: charts are drawn from 59 to 1059 mm wide'],
  ])('the width %s', (text, message) => {
    expect(() => printSize(text)).toThrow(message);
  });

  it('a font that is not there', async () => {
    await expect(openFigures({ figureFont: 'No Such Font' })).rejects.toThrow(
      '--figure-font No Such Font: no font of this name is installed',
    );
    await expect(openFigures({ figureFont: 'package.ttf' })).rejects.toThrow('cannot be read as a font');
  });
});
