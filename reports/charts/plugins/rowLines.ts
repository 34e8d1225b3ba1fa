// Plugin: a pale line joins the dots of one row, from the least to the largest.

import type { Plugin } from 'chart.js';
import { draw } from '../pen.js';
import type { Theme } from '../theme.js';

/**
 * @param from where every line begins, in units of the x axis; at the row's least mark where absent
 */
export const rowLines = (theme: Theme, rows: readonly (readonly (number | null)[])[], from?: number): Plugin => ({
  id: 'rowLines',
  beforeDatasetsDraw: (chart) => {
    const [x, y] = [chart.scales['x']!, chart.scales['y']!];
    draw(chart, (pen) => {
      pen.strokeStyle = theme.pale;
      pen.lineWidth = 4;
      for (const [i, values] of rows.entries()) {
        const known = [...values.filter((value) => value !== null), ...(from === undefined ? [] : [from])];
        if (known.length < 2) continue;
        pen.beginPath();
        pen.moveTo(x.getPixelForValue(Math.min(...known)), y.getPixelForValue(i));
        pen.lineTo(x.getPixelForValue(Math.max(...known)), y.getPixelForValue(i));
        pen.stroke();
      }
    });
  },
});
