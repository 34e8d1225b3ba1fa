// Plugin: the value at the end of a bar, and the name inside a segment that has room for it.

import type { Plugin } from 'chart.js';
import { draw, fontOf } from '../pen.js';
import { FONT_SIZE, inkOn, type Theme } from '../theme.js';

/** What a text must not overlap, in values of the x axis. */
export interface Clear {
  /** The text stands to the right of it, too. */
  reach?(dataset: number, index: number): number | undefined;
  /**
   * A vertical line: a text that would cross it stands inside the end of its bar, or else right of
   * the line.
   */
  readonly line?: number;
}

const GAP = 6;

/** A text to the right of every bar's right end; `undefined` for none. */
export const barLabels = (
  theme: Theme,
  text: (dataset: number, index: number) => string | undefined,
  { reach, line }: Clear = {},
): Plugin => ({
  id: 'barLabels',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf();
      pen.textBaseline = 'middle';
      const pixel = (value: number): number => chart.scales['x']!.getPixelForValue(value);
      for (const [d, dataset] of chart.data.datasets.entries())
        for (const [i, element] of chart.getDatasetMeta(d).data.entries()) {
          const label = text(d, i);
          if (label === undefined) continue;
          const { x, y, base } = element.getProps(['x', 'y', 'base']) as unknown as Record<'x' | 'y' | 'base', number>;
          const wide = pen.measureText(label).width;
          const value = reach?.(d, i);
          const end = Math.max(x, base);
          const left = Math.max(end, value === undefined ? end : pixel(value)) + GAP;
          const wall = line === undefined ? Infinity : pixel(line);
          if (left > wall + GAP || left + wide < wall - GAP) {
            // No grid line runs through words.
            pen.fillStyle = theme.surface;
            pen.fillRect(left - 1, y - 6, wide + 2, 12);
            pen.fillStyle = theme.ink;
            pen.fillText(label, left, y + 0.5);
          } else if (end - Math.min(x, base) > wide + 2 * GAP) {
            const colours = dataset.backgroundColor as string | readonly string[];
            pen.fillStyle = inkOn(theme, typeof colours === 'string' ? colours : colours[i]!);
            pen.fillText(label, end - GAP - wide, y + 0.5);
          } else {
            pen.fillStyle = theme.ink;
            pen.fillText(label, wall + GAP, y + 0.5);
          }
        }
    });
  },
});

/**
 * The first text that fits into the middle of a bar's segment.
 * @param texts from the longest to the shortest
 */
export const segmentLabels = (
  ink: (dataset: number) => string,
  texts: (dataset: number, index: number) => readonly string[],
): Plugin => ({
  id: 'segmentLabels',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf(400, FONT_SIZE - 1);
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      for (const [d] of chart.data.datasets.entries())
        for (const [i, element] of chart.getDatasetMeta(d).data.entries()) {
          const { x, y, base } = element.getProps(['x', 'y', 'base']) as unknown as Record<'x' | 'y' | 'base', number>;
          const label = texts(d, i).find((text) => pen.measureText(text).width + 8 <= Math.abs(x - base));
          if (label === undefined) continue;
          pen.fillStyle = ink(d);
          pen.fillText(label, (x + base) / 2, y + 0.5);
        }
    });
  },
});
