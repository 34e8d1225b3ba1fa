// Draws the balance of convolutions along the depth: memory access over its lower bound.

import { FONT, type Theme } from '../../charts/theme.js';
import type { Layer } from '../../../src/profile.js';
import { visible } from '../../../src/visible.js';
import { svg } from './svg.js';

export interface BalanceLook {
  readonly theme: Theme;
  readonly width: number;
  readonly selected: string | null;
  /** The stages of the network, whose places set colours. */
  readonly stages: readonly string[];
}

const HEIGHT = 260;
const MARGIN = { left: 44, right: 10, top: 26, bottom: 34 };

/** Undefined where the network has no convolution. */
export function drawBalance(layers: readonly Layer[], look: BalanceLook): SVGSVGElement | undefined {
  const { theme, width, selected, stages } = look;
  const convolutions = layers.filter(({ balance }) => balance !== null);
  if (convolutions.length === 0) return undefined;
  const most = convolutions.reduce((high, { balance }) => Math.max(high, balance!), 1.2) * 1.05;
  const inner = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const y = (value: number): number => MARGIN.top + inner.height * (1 - (value - 1) / (most - 1));
  const step = inner.width / convolutions.length;
  const bars = convolutions.map(({ name, balance, stage }, i) => {
    const top = y(balance!);
    const colour = theme.series[Math.max(0, stages.indexOf(stage)) % theme.series.length]!;
    return svg(
      'g',
      { 'data-layer': name, class: 'point' },
      svg('title', {}, `${visible(name)}: ${balance!.toFixed(2)}x its bound`),
      // The whole height answers to the pointer.
      svg('rect', {
        ...{ x: MARGIN.left + i * step, y: MARGIN.top, width: step, height: inner.height, fill: 'transparent' },
      }),
      svg('rect', {
        ...{ x: MARGIN.left + i * step, y: top, width: Math.max(0.8, step - (step > 3 ? 1 : 0)) },
        ...{ height: Math.max(1.5, y(1) - top), fill: colour, opacity: 0.85 },
        ...(name === selected ? { stroke: theme.ink, 'stroke-width': 2 } : {}),
      }),
    );
  });
  return svg(
    'svg',
    {
      ...{ width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
      ...{ 'font-family': `${FONT}, system-ui, sans-serif`, 'font-size': 12 },
    },
    svg('rect', { width, height: HEIGHT, fill: theme.surface }),
    svg('text', { x: 8, y: 16, fill: theme.muted }, 'memory access over its bound (1 is the least)'),
    ...ticks(most).flatMap((tick) => [
      svg('line', {
        ...{ x1: MARGIN.left, x2: width - MARGIN.right, y1: y(tick), y2: y(tick), stroke: theme.grid },
      }),
      svg('text', { x: MARGIN.left - 6, y: y(tick) + 4, fill: theme.muted, 'text-anchor': 'end' }, `${tick}x`),
    ]),
    ...bars,
    svg(
      'text',
      { x: MARGIN.left + inner.width / 2, y: HEIGHT - 10, fill: theme.muted, 'text-anchor': 'middle' },
      `${convolutions.length} convolutions in order of execution`,
    ),
  );
}

function ticks(most: number): readonly number[] {
  const step = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50].find((size) => (most - 1) / size <= 5) ?? 100;
  const found: number[] = [];
  for (let value = 1; value <= most; value += step) found.push(Number(value.toFixed(2)));
  return found;
}
