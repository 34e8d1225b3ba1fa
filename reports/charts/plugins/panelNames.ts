// Whose panel is it? Names in the upper left corner of each stacked panel.

import type { Plugin } from 'chart.js';
import { draw, fit, fontOf } from '../pen.js';
import type { Theme } from '../theme.js';

/** The name of each stacked panel in its upper left corner, lighter words after it. */
export const panelNames = (theme: Theme, texts: readonly (readonly [name: string, aside: string])[]): Plugin => ({
  id: 'panelNames',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const { left, right } = chart.chartArea;
      pen.textBaseline = 'top';
      for (const [i, [name, aside]] of texts.entries()) {
        const top = chart.scales[`y${i}`]!.top + 9;
        pen.font = fontOf(600);
        pen.fillStyle = theme.ink;
        const text = fit(pen, name, right - left - 12);
        pen.fillText(text, left + 8, top);
        const after = left + 16 + pen.measureText(text).width;
        pen.font = fontOf();
        pen.fillStyle = theme.muted;
        if (after + pen.measureText(aside).width < right) pen.fillText(aside, after, top);
      }
    });
  },
});
