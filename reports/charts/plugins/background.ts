// Plugin: fills the background of a chart file with the colour of its theme.

import type { Plugin } from 'chart.js';
import { draw } from '../pen.js';
import type { Theme } from '../theme.js';

/** A file has no page behind it: paint the surface. */
export const background = (theme: Theme): Plugin => ({
  id: 'background',
  beforeDraw: (chart) => {
    draw(chart, (pen) => {
      pen.fillStyle = theme.surface;
      pen.fillRect(0, 0, chart.width, chart.height);
    });
  },
});
