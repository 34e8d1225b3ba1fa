// Axes of charts. Logarithmic ones have ticks at 1, 2 and 5, as many as fit; titles have units.

import { short } from '../text/number.js';
import { FONT, FONT_SIZE, type Theme } from './theme.js';

/** Room that one label needs. */
const LABEL_PIXELS = 64;

/** From fine to coarse; the finest whose marks stand apart is used. */
const STEPS = [[1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9], [1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]];

/**
 * Marks of a logarithmic axis between two positive ends, each with its label's room to the next.
 */
export function logTicks(from: number, to: number, pixels: number, room = LABEL_PIXELS): readonly number[] {
  const pixelsBetween = (a: number, b: number): number => (pixels * Math.log(b / a)) / Math.log(to / from);
  const fits = (ticks: readonly number[]): boolean =>
    ticks.every((tick, i) => i === 0 || pixelsBetween(ticks[i - 1]!, tick) >= room);
  const found = STEPS.map((steps) => marks(from, to, steps)).find(fits);
  if (found && found.length > 1) return found;
  // Hardly any room, or no two marks of one series inside: decades far enough apart, or the finest
  // two.
  const decades = marks(from, to, [1]);
  const stride = Math.max(1, Math.ceil(room / pixelsBetween(1, 10)));
  if (decades.length > 1) return decades.filter((_, i) => i % stride === 0);
  const finest = marks(from, to, STEPS[0]!);
  return finest.length > 1 && pixelsBetween(finest[0]!, finest.at(-1)!) >= room
    ? [finest[0]!, finest.at(-1)!]
    : finest.slice(0, 1);
}

function marks(from: number, to: number, steps: readonly number[]): readonly number[] {
  const result: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++)
    for (const step of steps) {
      const value = Number(`${step}e${power}`);
      if (value >= from * 0.999 && value <= to * 1.001) result.push(value);
    }
  return result;
}

/** The least ratio of an axis' ends. A shorter axis would have no ticks. */
const LEAST_SPAN = 2;

/**
 * Both ends of positive values, moved apart by a part of their distance on the logarithmic axis.
 */
export function logRange(values: readonly number[], margin = 0.08): readonly [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const spread = Math.log(most / least);
  const beyond = Math.max(margin * Math.max(spread, Math.LN2), (Math.log(LEAST_SPAN) - spread) / 2);
  return [least / Math.exp(beyond), most * Math.exp(beyond)];
}

export interface LogAxis {
  readonly title: string;
  readonly range: readonly [number, number];
  /** Length in pixels, roughly. */
  readonly pixels: number;
  readonly room?: number;
  readonly show?: (value: number) => string;
}

/** 80 M, 1.5 G: as short as the number itself. */
export const tick = (value: number): string =>
  short(value)
    .replace(/(\.\d*?)0+(?= |$)/, '$1')
    .replace(/\.(?= |$)/, '');

/** Options of a logarithmic Chart.js scale. */
export const logAxis = (theme: Theme, { title, range: [min, max], pixels, room, show = tick }: LogAxis) => ({
  type: 'logarithmic' as const,
  min,
  max,
  title: axisTitle(theme, title),
  grid: { color: theme.grid },
  border: { color: theme.grid },
  afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
    scale.ticks = logTicks(min, max, pixels, room).map((value) => ({ value }));
  },
  ticks: { ...tickStyle(theme), callback: (value: string | number) => show(Number(value)) },
});

/** Options of a linear Chart.js scale that begins at 0. */
export const linearAxis = (theme: Theme, title: string, show: (value: number) => string = tick) => ({
  type: 'linear' as const,
  beginAtZero: true,
  title: axisTitle(theme, title),
  grid: { color: theme.grid },
  border: { color: theme.grid },
  ticks: { ...tickStyle(theme), maxTicksLimit: 6, callback: (value: string | number) => show(Number(value)) },
});

export const tickStyle = (theme: Theme) => ({
  color: theme.muted,
  font: { family: FONT, size: FONT_SIZE },
  maxRotation: 0,
  autoSkip: false,
});

export const axisTitle = (theme: Theme, text: string) => ({
  display: text !== '',
  text,
  color: theme.muted,
  font: { family: FONT, size: FONT_SIZE },
});
