// Plugin: the heading of a chart file: title, explanation and source of data.

import type { Plugin } from 'chart.js';
import { draw, fontOf } from '../pen.js';
import { FONT_SIZE, type Theme } from '../theme.js';

const [TITLE, LINE, GAP] = [26, 18, 14] as const;

/** Room that it needs above the chart. */
export const fileHeadingHeight = (lines: readonly string[]): number => TITLE + LINE * lines.length + GAP;

/** @param margin of the file, left and above */
export const fileHeading = (theme: Theme, title: string, lines: readonly string[], margin: number): Plugin => ({
  id: 'fileHeading',
  afterDraw: (chart) => {
    draw(chart, (pen) => {
      pen.textAlign = 'left';
      pen.textBaseline = 'top';
      pen.font = fontOf(600, 18);
      pen.fillStyle = theme.ink;
      pen.fillText(title, margin, margin);
      pen.font = fontOf(400, FONT_SIZE);
      pen.fillStyle = theme.muted;
      for (const [i, line] of lines.entries()) pen.fillText(line, margin, margin + TITLE + LINE * i);
    });
  },
});
