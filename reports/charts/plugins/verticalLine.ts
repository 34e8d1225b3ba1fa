// Plugin: a vertical line at one value of the x axis, such as 1x or a ceiling.

import type { Plugin } from 'chart.js';
import { draw } from '../pen.js';
import type { Theme } from '../theme.js';

export const verticalLine = (theme: Theme, at: number): Plugin => ({
  id: 'verticalLine',
  beforeDatasetsDraw: (chart) => {
    const { top, bottom } = chart.chartArea;
    const x = chart.scales['x']!.getPixelForValue(at);
    draw(chart, (pen) => {
      pen.strokeStyle = theme.neutral;
      pen.lineWidth = 1.25;
      pen.beginPath();
      pen.moveTo(x, top);
      pen.lineTo(x, bottom);
      pen.stroke();
    });
  },
});
