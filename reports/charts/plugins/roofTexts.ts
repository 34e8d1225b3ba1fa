// Which roof is which? Both ceilings of a roofline by name, where no layer can be.

import type { Plugin } from 'chart.js';
import { draw, fit, fontOf } from '../pen.js';
import { FONT_SIZE, type Theme } from '../theme.js';

/** The two ceilings of a roofline by name, in the empty room above the roof. */
export const roofTexts = (theme: Theme, ridge: number, flat: string, slope: string): Plugin => ({
  id: 'roofTexts',
  afterDatasetsDraw: (chart) => {
    const [x, y] = [chart.scales['x']!, chart.scales['y']!];
    const { left, right, bottom, top } = chart.chartArea;
    const ridgeAt = x.getPixelForValue(ridge);
    const [peakAt] = chart
      .getDatasetMeta(0)
      .data.slice(1)
      .map((element) => element.y);
    if (peakAt === undefined) return;
    draw(chart, (pen) => {
      pen.font = fontOf(600, FONT_SIZE - 1);
      pen.textAlign = 'right';
      pen.textBaseline = 'bottom';
      // Left of the ridge nothing is above the roof; right of it points are, where the roof was measured too low.
      const text = fit(pen, flat, right - left - 8);
      const besideRidge = ridgeAt - left > pen.measureText(text).width + 6;
      pen.fillStyle = theme.ink;
      pen.fillText(text, besideRidge ? ridgeAt : right - 2, peakAt - 5);
      // Where the slope is a third of its visible way down, its left is free if the text fits there.
      const start = Math.min(bottom, chart.getDatasetMeta(0).data[0]!.y);
      const middle = peakAt + (start - peakAt) * 0.45;
      const onSlope = x.getPixelForValue(ridge * (y.getValueForPixel(middle)! / y.getValueForPixel(peakAt)!));
      pen.textBaseline = 'middle';
      if (onSlope - left > pen.measureText(slope).width + 24 && ridgeAt > left && middle > top)
        pen.fillText(slope, onSlope - 18, middle);
    });
  },
});
