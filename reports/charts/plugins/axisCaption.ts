// Plugin: one caption of the y axis over all stacked panels, where there is room to read it.

import type { Plugin } from 'chart.js';
import { draw, fontOf, leftMargin } from '../pen.js';
import type { Theme } from '../theme.js';

/** Room that it needs above the panels. */
export const CAPTION = 22;

export const axisCaption = (theme: Theme, text: string): Plugin => ({
  id: 'axisCaption',
  afterDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf();
      pen.textBaseline = 'middle';
      pen.fillStyle = theme.muted;
      pen.fillText(text, leftMargin(chart) + 2, chart.chartArea.top - CAPTION / 2 - 2);
    });
  },
});
