// Plugin: the names and values of both ceilings of a roofline, along the lines.

import type { Chart, Plugin } from 'chart.js';
import { draw, fontOf, penOf } from '../pen.js';
import { roofLabels, type RoofLabel } from '../roofLabels.js';
import { faded, FONT_SIZE, type Theme } from '../theme.js';

/** Each ceiling in words, from the longest form to the shortest. */
export interface RoofWords {
  readonly flat: readonly string[];
  readonly slope: readonly string[];
}

/** The labels of the roof that the first dataset of the chart is. */
export function labelsOf(chart: Chart, { flat, slope }: RoofWords): readonly RoofLabel[] {
  const { left, right, top, bottom } = chart.chartArea;
  const [first, ridge] = chart.getDatasetMeta(0).data;
  if (!first || !ridge) return [];
  // The slope comes into sight at the left edge or at the bottom.
  const below = Math.max(0, first.y - bottom) / Math.max(1e-9, first.y - ridge.y);
  const start = { x: first.x + below * (ridge.x - first.x), y: Math.min(bottom, first.y) };
  const points = chart.data.datasets
    .slice(1)
    .flatMap((_, d) =>
      chart.getDatasetMeta(d + 1).data.map(({ x, y, options }) => ({ x, y, radius: Number(options['radius'] ?? 0) })),
    );
  const pen = penOf(chart);
  pen.save();
  pen.font = FONT;
  const labels = roofLabels(
    { area: { left, right, top, bottom }, start, ridge: { x: ridge.x, y: ridge.y }, points },
    flat,
    slope,
    (text) => pen.measureText(text).width,
  );
  pen.restore();
  return labels;
}

const FONT = fontOf(600, FONT_SIZE - 1);

export const roofTexts = (theme: Theme, words: RoofWords): Plugin => ({
  id: 'roofTexts',
  afterDatasetsDraw: (chart) => {
    for (const { text, width, x, y, angle } of labelsOf(chart, words))
      draw(chart, (pen) => {
        pen.translate(x, y);
        pen.rotate(angle);
        pen.font = FONT;
        pen.textAlign = 'center';
        pen.textBaseline = 'middle';
        // Where points are all over the place, the words stay readable.
        pen.fillStyle = faded(theme.surface, 0.85);
        pen.fillRect(-width / 2 - 2, -7, width + 4, 14);
        pen.fillStyle = theme.ink;
        pen.fillText(text, 0, 0.5);
      });
  },
});
