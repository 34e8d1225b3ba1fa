// Plugin: the values of each row in columns right of the chart, under the names of their series.

import type { Plugin } from 'chart.js';
import { draw, fontOf } from '../pen.js';
import type { Theme } from '../theme.js';

export interface ValueColumn {
  readonly head: string;
  readonly texts: readonly string[];
}

/**
 * Mean width of a digit or letter of our font at its usual size, with some reserve; needed before
 * there is a canvas.
 */
const CHARACTER_WIDTH = 6.9;
const GAP = 14;

const widthOf = ({ head, texts }: ValueColumn): number =>
  GAP + CHARACTER_WIDTH * Math.max(head.length, ...texts.map((text) => text.length));

/** Room to keep free right of the chart. */
export const columnsWidth = (columns: readonly ValueColumn[]): number =>
  columns.reduce((sum, column) => sum + widthOf(column), 0);

export const valueColumns = (theme: Theme, columns: readonly ValueColumn[]): Plugin => ({
  id: 'valueColumns',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const y = chart.scales['y']!;
      pen.textAlign = 'right';
      pen.textBaseline = 'middle';
      let right = chart.chartArea.right;
      for (const column of columns) {
        right += widthOf(column);
        pen.font = fontOf();
        pen.fillStyle = theme.muted;
        pen.fillText(column.head, right, chart.chartArea.top - 10);
        pen.fillStyle = theme.ink;
        for (const [i, text] of column.texts.entries()) pen.fillText(text, right, y.getPixelForValue(i) + 0.5);
      }
    });
  },
});
