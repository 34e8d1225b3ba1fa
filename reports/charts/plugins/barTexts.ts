// Which texts stand at bars? The amount beside a bar's end, and the name inside a segment that has room for it.

import type { Plugin } from 'chart.js';
import { draw, fontOf } from '../pen.js';
import { FONT_SIZE, type Theme } from '../theme.js';

/**
 * A text to the right of every bar's right end; `undefined` for none.
 * @param reach a value that the text must stand to the right of, too
 */
export const barLabels = (
  theme: Theme,
  text: (dataset: number, index: number) => string | undefined,
  reach: (dataset: number, index: number) => number | undefined = () => undefined,
): Plugin => ({
  id: 'barLabels',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf();
      pen.textBaseline = 'middle';
      for (const [d] of chart.data.datasets.entries())
        for (const [i, element] of chart.getDatasetMeta(d).data.entries()) {
          const label = text(d, i);
          if (label === undefined) continue;
          const { x, y, base } = element.getProps(['x', 'y', 'base']) as unknown as Record<'x' | 'y' | 'base', number>;
          const value = reach(d, i);
          const beyond = value === undefined ? x : chart.scales['x']!.getPixelForValue(value);
          const left = Math.max(x, base, beyond) + 6;
          // No line runs through words.
          pen.fillStyle = theme.surface;
          pen.fillRect(left - 1, y - 6, pen.measureText(label).width + 2, 12);
          pen.fillStyle = theme.ink;
          pen.fillText(label, left, y + 0.5);
        }
    });
  },
});

/** A text in the middle of a bar's segment where it fits. */
export const segmentLabels = (
  ink: (dataset: number) => string,
  text: (dataset: number, index: number) => string,
): Plugin => ({
  id: 'segmentLabels',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf(400, FONT_SIZE - 1);
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      for (const [d] of chart.data.datasets.entries())
        for (const [i, element] of chart.getDatasetMeta(d).data.entries()) {
          const { x, y, base } = element.getProps(['x', 'y', 'base']) as unknown as Record<'x' | 'y' | 'base', number>;
          const label = text(d, i);
          if (label === '' || pen.measureText(label).width + 8 > Math.abs(x - base)) continue;
          pen.fillStyle = ink(d);
          pen.fillText(label, (x + base) / 2, y + 0.5);
        }
    });
  },
});
