// Plugin: the network's name in the upper left corner of its panel, followed by figures.

import type { Plugin } from 'chart.js';
import { draw, fit, fontOf } from '../pen.js';
import type { Theme } from '../theme.js';

/** Height of the name's line, and of the figures' line below it where there is one. */
export const PANEL_LINE = 16;
const [INSET, GAP] = [8, 10] as const;

/** @param figures from the longest form to the shortest; one of them always stands */
export interface PanelText {
  readonly name: string;
  readonly figures: readonly string[];
}

export const panelNames = (theme: Theme, texts: readonly PanelText[]): Plugin => ({
  id: 'panelNames',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const left = chart.chartArea.left + INSET;
      const room = chart.chartArea.right - left;
      pen.textBaseline = 'top';
      const write = (text: string, x: number, y: number, bold: boolean): void => {
        pen.font = fontOf(bold ? 600 : 400);
        // No grid line runs through words.
        pen.fillStyle = theme.surface;
        pen.fillRect(x - 2, y - 2, pen.measureText(text).width + 4, PANEL_LINE);
        pen.fillStyle = bold ? theme.ink : theme.muted;
        pen.fillText(text, x, y);
      };
      for (const [i, { name, figures }] of texts.entries()) {
        const top = chart.scales[`y${i}`]!.top + 7;
        pen.font = fontOf(600);
        const title = fit(pen, name, room);
        const after = pen.measureText(title).width + GAP;
        write(title, left, top, true);
        pen.font = fontOf();
        const wide = (text: string): number => pen.measureText(text).width;
        const [longest = ''] = figures;
        if (after + wide(longest) <= room) write(longest, left + after, top, false);
        else write(figures.find((text) => wide(text) <= room) ?? figures.at(-1)!, left, top + PANEL_LINE, false);
      }
    });
  },
});
