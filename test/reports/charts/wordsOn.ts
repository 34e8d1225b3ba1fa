// Which words stand on a chart, and where? Every text that is drawn, with the box that its ink may fill; no pixels are read.

import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { FONT_FILES } from '../../../cli/charts/renderer.js';
import type { PictureFile } from '../../../reports/charts/pictureFile.js';
import { Chart } from '../../../reports/charts/register.js';

for (const { path } of FONT_FILES)
  if (!GlobalFonts.registerFromPath(`dist/${path}`, 'Inter')) throw new Error(`no dist/${path}: npm run build`);

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Word {
  readonly text: string;
  /** Corners in order, in CSS pixels; a rotated word has a rotated box. */
  readonly box: readonly Point[];
}

/** Part of the font's size that capitals and digits rise above the baseline, and that the box reaches below it. */
const [RISE, FALL] = [0.73, 0.05];
/** Where the baseline lies under the point that was asked for, as a part of the font's size. */
const BASELINE: Readonly<Record<string, number>> = { alphabetic: 0, bottom: -0.2, middle: 0.36, top: 0.93 };

/** @returns the texts, and the chart for questions about its marks */
export function wordsOn({ width, height, config }: Pick<PictureFile, 'width' | 'height' | 'config'>): {
  readonly words: readonly Word[];
  readonly chart: Chart;
} {
  const canvas = createCanvas(width, height);
  const pen = canvas.getContext('2d');
  const words: Word[] = [];
  const fillText = pen.fillText.bind(pen);
  pen.fillText = (text: string, x: number, y: number): void => {
    fillText(text, x, y);
    if (text.trim() === '') return;
    const size = Number(/([\d.]+)px/.exec(pen.font)?.[1]);
    const wide = pen.measureText(text).width;
    const left = x - { left: 0, start: 0, center: wide / 2, right: wide, end: wide }[pen.textAlign];
    const line = y + (BASELINE[pen.textBaseline] ?? 0) * size;
    const { a, b, c, d, e, f } = pen.getTransform();
    const at = (px: number, py: number): Point => ({ x: a * px + c * py + e, y: b * px + d * py + f });
    const [top, bottom] = [line - RISE * size, line + FALL * size];
    words.push({ text, box: [at(left, top), at(left + wide, top), at(left + wide, bottom), at(left, bottom)] });
  };
  const chart = new Chart(canvas, { ...config, options: { ...config.options, devicePixelRatio: 1 } });
  words.length = 0;
  chart.draw();
  chart.stop();
  return { words, chart };
}

/** Whether two boxes share more than an edge: no line between them exists (separating axes). */
export function overlap(a: readonly Point[], b: readonly Point[]): boolean {
  const axes = [a, b].flatMap((box) =>
    [0, 1].map((i) => ({ x: box[i]!.y - box[i + 1]!.y, y: box[i + 1]!.x - box[i]!.x })),
  );
  return axes.every((axis) => {
    const along = (box: readonly Point[]): readonly [number, number] => {
      const places = box.map(({ x, y }) => (x * axis.x + y * axis.y) / Math.hypot(axis.x, axis.y));
      return [Math.min(...places), Math.max(...places)];
    };
    const [[from, to], [start, end]] = [along(a), along(b)];
    return from < end - 0.5 && start < to - 0.5;
  });
}

/** Pairs of words that stand over each other. */
export const clashes = (words: readonly Word[]): readonly string[] =>
  words.flatMap((one, i) =>
    words.slice(i + 1).flatMap((other) => (overlap(one.box, other.box) ? [`${one.text} / ${other.text}`] : [])),
  );

/** Words that reach over an edge. */
export const cut = (words: readonly Word[], { width, height }: { readonly width: number; readonly height: number }) =>
  words
    .filter(({ box }) => box.some(({ x, y }) => x < -0.5 || y < -0.5 || x > width + 0.5 || y > height + 0.5))
    .map(({ text }) => text);
