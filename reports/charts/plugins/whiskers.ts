// Plugin: an error bar over the end of a bar, with short caps.

import type { Plugin } from 'chart.js';
import { draw } from '../pen.js';
import type { Theme } from '../theme.js';

/** @param range both ends in values of the x axis; `undefined` for none */
export const whiskers = (
  theme: Theme,
  range: (dataset: number, index: number) => readonly [number, number] | undefined,
): Plugin => ({
  id: 'whiskers',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const scale = chart.scales['x']!;
      pen.strokeStyle = theme.ink;
      pen.lineWidth = 1.25;
      for (const [d] of chart.data.datasets.entries())
        for (const [i, { y }] of chart.getDatasetMeta(d).data.entries()) {
          const ends = range(d, i);
          if (!ends) continue;
          const [from, to] = ends.map((value) => scale.getPixelForValue(value)) as [number, number];
          pen.beginPath();
          pen.moveTo(from, y);
          pen.lineTo(to, y);
          for (const x of [from, to]) {
            pen.moveTo(x, y - 3);
            pen.lineTo(x, y + 3);
          }
          pen.stroke();
        }
    });
  },
});
