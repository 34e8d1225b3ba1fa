// Plugin: a line of text over each group of bars, so that bars have the whole width.

import type { Chart, Plugin } from 'chart.js';
import { draw, fit, fontOf, leftMargin } from '../pen.js';
import type { Theme } from '../theme.js';

/** Height of the heading line over a group of horizontal bars. */
export const HEADING = 20;

/** Pixels between a name and the text after it. */
const GAP = 8;

export interface Heading {
  readonly name: string;
  /**
   * Lighter, after the name: the first that fits beside it; the last one stands, and the name is
   * cut.
   */
  readonly asides?: readonly string[];
}

/** A text line over each category of a horizontal bar chart; bars then have the whole width. */
export const headings = (theme: Theme, lines: readonly Heading[], barsHeight: (group: number) => number): Plugin => ({
  id: 'headings',
  // No grid line runs through words, or past them.
  beforeDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const { left, right, top } = chart.chartArea;
      pen.fillStyle = theme.surface;
      for (const i of lines.keys()) {
        const y = middleOf(chart, i, barsHeight(i));
        const from = i === 0 ? top - 1 : y - 9;
        pen.fillRect(left - 2, from, right - left + 4, y + 9 - from);
      }
    });
  },
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.textBaseline = 'middle';
      for (const [i, { name, asides = [] }] of lines.entries()) {
        const y = middleOf(chart, i, barsHeight(i));
        const left = 2 + leftMargin(chart);
        const room = chart.width - left - 4;
        pen.font = fontOf();
        const widths = asides.map((text) => pen.measureText(text).width + GAP);
        pen.font = fontOf(600);
        const whole = pen.measureText(name).width;
        const found = widths.findIndex((width) => whole + width <= room);
        const chosen = found < 0 ? asides.length - 1 : found;
        const text = fit(pen, name, room - (widths[chosen] ?? 0));
        pen.fillStyle = theme.ink;
        pen.fillText(text, left, y);
        const after = left + pen.measureText(text).width + GAP;
        pen.font = fontOf();
        pen.fillStyle = theme.muted;
        pen.fillText(asides[chosen] ?? '', after, y);
      }
    });
  },
});

const middleOf = (chart: Chart, group: number, bars: number): number =>
  chart.scales['y']!.getPixelForValue(group) - bars / 2 - HEADING / 2 + 2;
