// Plugin: a hatched bar from the least to the most, in each row: what is predicted is never filled.

import type { Plugin } from 'chart.js';
import { draw } from '../pen.js';
import type { Theme } from '../theme.js';

/** In values of the x axis; null for an end that is not known. */
export type Range = readonly [least: number, most: number | null];

const HALF = 7;
const STEP = 5;

/** @param ranges of the rows 0, 1, 2 ... of the y axis */
export const hatchedRanges = (theme: Theme, ranges: readonly Range[]): Plugin => ({
  id: 'hatchedRanges',
  beforeDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const { x, y } = chart.scales as Record<'x' | 'y', (typeof chart.scales)[string]>;
      pen.strokeStyle = theme.predicted;
      pen.lineWidth = 1;
      for (const [row, [least, most]] of ranges.entries()) {
        const middle = y.getPixelForValue(row);
        const left = x.getPixelForValue(least);
        const right = most === null ? chart.chartArea.right : x.getPixelForValue(most);
        const [top, bottom] = [middle - HALF, middle + HALF];
        pen.beginPath();
        pen.moveTo(right, top);
        pen.lineTo(left, top);
        pen.lineTo(left, bottom);
        pen.lineTo(right, bottom);
        // Without a known end the bar stays open.
        if (most !== null) pen.lineTo(right, top);
        for (let from = left - 2 * HALF + STEP; from < right; from += STEP) {
          const [start, end] = [Math.max(from, left), Math.min(from + 2 * HALF, right)];
          if (start >= end) continue;
          pen.moveTo(start, bottom - (start - from));
          pen.lineTo(end, bottom - (end - from));
        }
        pen.stroke();
      }
    });
  },
});
