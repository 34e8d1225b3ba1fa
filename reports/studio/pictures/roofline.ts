// Draws the roofline: layers by their intensity and FLOP/s under the two roofs of a device.

import { FONT, faded, type Theme } from '../../charts/theme.js';
import { short } from '../../text/number.js';
import { visible } from '../../../src/visible.js';
import type { Roofline } from '../core/predicted.js';
import { svg } from './svg.js';

export interface RooflineLook {
  readonly theme: Theme;
  readonly width: number;
  readonly selected: string | null;
  readonly stages: readonly string[];
}

const HEIGHT = 380;
const MARGIN = { left: 62, right: 24, top: 26, bottom: 44 };

/** Undefined where no layer has work and traffic. */
export function drawRoofline(data: Roofline, look: RooflineLook): SVGSVGElement | undefined {
  const { points, flopsPerSecond, bytesPerSecond } = data;
  if (points.length === 0) return undefined;
  const { theme, width, selected, stages } = look;
  const ridge = flopsPerSecond / bytesPerSecond;
  const xs = decades([...points.map(({ intensity }) => intensity), ridge / 3, ridge * 3]);
  const ys = decades([...points.map((point) => point.flopsPerSecond), flopsPerSecond / 10, flopsPerSecond * 1.5]);
  const inner = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const x = (value: number): number => MARGIN.left + (inner.width * (Math.log10(value) - xs[0])) / (xs[1] - xs[0]);
  const y = (value: number): number => MARGIN.top + inner.height * (1 - (Math.log10(value) - ys[0]) / (ys[1] - ys[0]));
  const [left, right] = [10 ** xs[0], 10 ** xs[1]];
  const bottom = 10 ** ys[0];
  const start = Math.max(left, bottom / bytesPerSecond);
  const roof = [
    [start, bytesPerSecond * start],
    [ridge, flopsPerSecond],
    [right, flopsPerSecond],
  ] as const;
  const room = 46;
  const every = Math.max(1, Math.ceil(((xs[1] - xs[0]) * room) / inner.width));
  return svg(
    'svg',
    {
      ...{ width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
      ...{ 'font-family': `${FONT}, system-ui, sans-serif`, 'font-size': 12 },
    },
    svg('rect', { width, height: HEIGHT, fill: theme.surface }),
    svg(
      'text',
      { x: 8, y: 16, fill: theme.muted },
      `FLOP/s${data.kind === 'predicted' ? ', predicted (not measured)' : ', measured'}`,
    ),
    ...ticks(ys, 1).flatMap((power) => [
      svg('line', {
        x1: MARGIN.left,
        x2: width - MARGIN.right,
        y1: y(10 ** power),
        y2: y(10 ** power),
        stroke: theme.grid,
      }),
      svg('text', { x: MARGIN.left - 6, y: y(10 ** power) + 4, fill: theme.muted, 'text-anchor': 'end' }, tick(power)),
    ]),
    ...ticks(xs, every).flatMap((power) => [
      svg('line', {
        x1: x(10 ** power),
        x2: x(10 ** power),
        y1: MARGIN.top,
        y2: HEIGHT - MARGIN.bottom,
        stroke: theme.grid,
      }),
      svg(
        'text',
        { x: x(10 ** power), y: HEIGHT - MARGIN.bottom + 16, fill: theme.muted, 'text-anchor': 'middle' },
        tick(power),
      ),
    ]),
    svg('polyline', {
      ...{ points: roof.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' '), fill: 'none' },
      ...{ stroke: theme.ink, 'stroke-width': 1.5 },
    }),
    svg(
      'text',
      { x: width - MARGIN.right - 4, y: y(flopsPerSecond) - 6, fill: theme.ink, 'text-anchor': 'end' },
      `${short(flopsPerSecond)}FLOP/s, ${short(bytesPerSecond)}B/s`,
    ),
    ...[...points]
      .sort((a, b) => b.share - a.share)
      .map((point) => {
        const colour = theme.series[Math.max(0, stages.indexOf(point.stage)) % theme.series.length]!;
        const on = point.name === selected;
        return svg(
          'circle',
          {
            ...{ cx: x(point.intensity).toFixed(1), cy: y(point.flopsPerSecond).toFixed(1), 'data-layer': point.name },
            ...{ r: (2.5 + 22 * Math.sqrt(point.share)).toFixed(1), fill: faded(colour, 0.3), class: 'point' },
            ...{ stroke: on ? theme.ink : colour, 'stroke-width': on ? 2.5 : 1.25 },
          },
          svg(
            'title',
            {},
            `${visible(point.name)}: ${short(point.flopsPerSecond)}FLOP/s at ${short(point.intensity)} FLOPs per byte, ${point.milliseconds.toPrecision(3)} ms${data.kind === 'predicted' ? ' predicted' : ''}`,
          ),
        );
      }),
    svg(
      'text',
      { x: MARGIN.left + inner.width / 2, y: HEIGHT - 8, fill: theme.muted, 'text-anchor': 'middle' },
      width < 480 ? 'FLOPs per byte, fused' : 'FLOPs per byte of fused memory access',
    ),
  );
}

/** Whole powers of ten around all values. */
function decades(values: readonly number[]): readonly [number, number] {
  const powers = values.map((value) => Math.log10(value));
  const low = Math.floor(powers.reduce((least, power) => Math.min(least, power)));
  const high = Math.ceil(powers.reduce((most, power) => Math.max(most, power)));
  return [low, Math.max(high, low + 1)];
}

function ticks([low, high]: readonly [number, number], every: number): readonly number[] {
  const found: number[] = [];
  for (let power = low; power <= high; power += every) found.push(power);
  return found;
}

/** A power of ten without the decimals that a figure has: 10 T, 0.1. */
const tick = (power: number): string =>
  power < 0 ? String(10 ** power) : short(10 ** power).replace(/\.0+(?=\D|$)/, '');
