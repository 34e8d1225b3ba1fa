// Plugin: over the bars of each network, its name and a legend of its stages.

import type { Plugin } from 'chart.js';
import { draw, fit, fontOf, leftMargin } from '../pen.js';
import { KEY, type StagePlaces } from '../stageLayout.js';
import type { Theme } from '../theme.js';

/** @param names of the networks, one for each of the places */
export const stageKeys = (
  theme: Theme,
  names: readonly string[],
  places: readonly StagePlaces[],
  colour: (stage: number) => string,
): Plugin => ({
  id: 'stageKeys',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const left = leftMargin(chart);
      const y = (at: number): number => chart.scales['y']!.getPixelForValue(at);
      pen.textBaseline = 'middle';
      for (const [i, { name, key }] of places.entries()) {
        pen.font = fontOf(600);
        pen.fillStyle = theme.ink;
        pen.fillText(fit(pen, names[i]!, chart.width - left - 4), left, y(name));
        pen.font = fontOf();
        for (const entry of key) {
          pen.fillStyle = colour(entry.stage);
          pen.fillRect(left + entry.left, y(entry.top) - KEY.swatch / 2, KEY.swatch, KEY.swatch);
          pen.fillStyle = theme.muted;
          const room = chart.width - left - entry.left - KEY.text;
          pen.fillText(fit(pen, entry.name, room), left + entry.left + KEY.text, y(entry.top) + 0.5);
        }
      }
    });
  },
});
