// Plugin: the words of a chart file: title, explanation and source above, what is not drawn below.

import type { Plugin } from 'chart.js';
import { draw, fontOf } from '../pen.js';
import { FONT_SIZE, type Theme } from '../theme.js';

const [TITLE, LINE, GAP] = [26, 18, 14] as const;

export interface Heading {
  readonly title: readonly string[];
  readonly lines: readonly string[];
}

/** Room that it needs above the chart; none without words. */
export const headingHeight = ({ title, lines }: Heading): number =>
  title.length + lines.length === 0 ? 0 : TITLE * title.length + LINE * lines.length + GAP;

/** Room that lines need below the chart. */
export const footHeight = (lines: readonly string[]): number => LINE * lines.length;

/** @param margin of the file, on all sides */
export const fileWords = (
  theme: Theme,
  { title, lines }: Heading,
  foot: readonly string[],
  margin: number,
): Plugin => ({
  id: 'fileWords',
  afterDraw: (chart) => {
    draw(chart, (pen) => {
      const write = (texts: readonly string[], top: number, step: number): void => {
        for (const [i, text] of texts.entries()) pen.fillText(text, margin, top + step * i);
      };
      pen.textAlign = 'left';
      pen.textBaseline = 'top';
      pen.font = fontOf(600, 18);
      pen.fillStyle = theme.ink;
      write(title, margin, TITLE);
      pen.font = fontOf(400, FONT_SIZE);
      pen.fillStyle = theme.muted;
      write(lines, margin + TITLE * title.length, LINE);
      write(foot, chart.height - margin - LINE * foot.length + 4, LINE);
    });
  },
});
