// The part of a canvas context that browsers and both Node canvases share.

import type { Chart } from 'chart.js';
import { FONT, FONT_SIZE } from './theme.js';

export interface Pen {
  font: string;
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  textAlign: 'left' | 'right' | 'center';
  textBaseline: 'middle' | 'top' | 'bottom' | 'alphabetic';
  save(): void;
  restore(): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  stroke(): void;
  translate(x: number, y: number): void;
  rotate(radians: number): void;
  setLineDash(dashes: number[]): void;
  fillText(text: string, x: number, y: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  measureText(text: string): { readonly width: number };
}

export const penOf = (chart: Chart): Pen => chart.ctx as Pen;

export const fontOf = (weight: 400 | 600 = 400, size = FONT_SIZE): string => `${weight} ${size}px ${FONT}`;

/** Draws inside save and restore. */
export function draw(chart: Chart, action: (pen: Pen) => void): void {
  const pen = penOf(chart);
  pen.save();
  action(pen);
  pen.restore();
}

/** Where the chart's own margin ends. */
export function leftMargin(chart: Chart): number {
  const { padding } = chart.options.layout ?? {};
  return typeof padding === 'object' && 'left' in padding ? (padding.left ?? 0) : 0;
}

/** Shortens a text to a width, with "..." at its end. */
export function fit(pen: Pen, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let kept = Array.from(text);
  while (kept.length > 1 && pen.measureText(`${kept.join('')}...`).width > width)
    kept = kept.slice(0, Math.max(1, kept.length - 1 - Math.floor(kept.length / 20)));
  return `${kept.join('')}...`;
}
