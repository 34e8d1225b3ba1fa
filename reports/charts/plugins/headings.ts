// How are groups of bars named? By a text line over each group, so that the bars have the whole width.

import type { Chart, Plugin } from 'chart.js';
import { draw, fit, fontOf } from '../pen.js';
import type { Theme } from '../theme.js';

/** Height of the heading line over a group of horizontal bars. */
export const HEADING = 20;

export interface Heading {
  readonly name: string;
  /** Lighter, after the name; left out where both do not fit. */
  readonly aside?: string;
}

/** A text line over each category of a horizontal bar chart; bars then have the whole width. */
export const headings = (theme: Theme, lines: readonly Heading[], barsHeight: (group: number) => number): Plugin => ({
  id: 'headings',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const scale = chart.scales['y']!;
      pen.textBaseline = 'middle';
      for (const [i, { name, aside = '' }] of lines.entries()) {
        const y = scale.getPixelForValue(i) - barsHeight(i) / 2 - HEADING / 2 + 2;
        pen.font = fontOf(600);
        const left = leftEdge(chart);
        const text = fit(pen, name, chart.width - left - 4);
        const after = left + pen.measureText(text).width + 8;
        pen.font = fontOf();
        const asideFits = aside !== '' && after + pen.measureText(aside).width < chart.width;
        // No grid line runs through words.
        pen.fillStyle = theme.surface;
        if (text !== '')
          pen.fillRect(left - 2, y - 8, (asideFits ? after + pen.measureText(aside).width : after - 8) - left + 5, 14);
        pen.fillStyle = theme.muted;
        if (asideFits) pen.fillText(aside, after, y);
        pen.font = fontOf(600);
        pen.fillStyle = theme.ink;
        pen.fillText(text, left, y);
      }
    });
  },
});

/** Where the chart's own margin ends. */
function leftEdge(chart: Chart): number {
  const { padding } = chart.options.layout ?? {};
  return 2 + (typeof padding === 'object' && 'left' in padding ? (padding.left ?? 0) : 0);
}
