// Plugin: parts inside of parts, as bars in a row a level; one without parts reaches the last row.

import type { Plugin } from 'chart.js';
import { draw, fit, fontOf } from '../pen.js';
import { inkOn, type Theme } from '../theme.js';

/** Ends are parts of 1 of the whole width. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** From 0. */
  readonly row: number;
  /** How many rows it reaches over. */
  readonly rows: number;
  readonly name: string;
  /** Shown after the name where there is room. */
  readonly share: string;
  colour(theme: Theme): string;
}

export const ROW = 40;
const GAP = 1.5;
const MARGIN = 5;
/** A few letters of a name say nothing. */
const LEAST_ROOM = 30;

export const nestedParts = (theme: Theme, bars: readonly Bar[]): Plugin => ({
  id: 'nestedParts',
  afterDraw: (chart) => {
    draw(chart, (pen) => {
      const { left, right, top } = chart.chartArea;
      pen.font = fontOf();
      pen.textAlign = 'left';
      pen.textBaseline = 'middle';
      for (const { from, to, row, rows, name, share, colour } of bars) {
        const [start, end] = [from, to].map((part) => eighth(left + part * (right - left))) as [number, number];
        const wide = eighth(end - start - Math.min(GAP, (end - start) / 4));
        const y = top + row * ROW;
        pen.fillStyle = colour(theme);
        pen.fillRect(start, y, wide, rows * ROW - GAP);
        const room = wide - 2 * MARGIN;
        if (room < LEAST_ROOM) continue;
        pen.fillStyle = inkOn(theme, colour(theme));
        const whole = `${name} ${share}`;
        const text = pen.measureText(whole).width <= room ? whole : fit(pen, name, room);
        if (pen.measureText(text).width <= room) pen.fillText(text, start + MARGIN, y + (ROW - GAP) / 2);
      }
    });
  },
});

/** Of a pixel: such numbers are short in an SVG, and no one sees the rest. */
const eighth = (pixels: number): number => Math.round(8 * pixels) / 8;
