// Integrates power samples between two moments of the meter's clock by the trapezoidal rule.

import { fieldsOf, wattsOf } from '../nvidia/fields.js';

export interface PowerSample {
  /** The time of the sample on the clock of performance.now(), in milliseconds. */
  readonly at: number;
  readonly watts: number;
}

/** A line of the meter: milliseconds since 1970, and watts. */
export interface StampedSample {
  readonly stamp: number;
  readonly watts: number;
}

/**
 * "2024/05/01 12:34:56.789, 312.40" in local time, as nvidia-smi writes it; undefined for "[N/A]"
 * and anything else.
 */
export function readSample(line: string): StampedSample | undefined {
  const [time = '', power = '', ...rest] = fieldsOf(line);
  const parts = STAMP.exec(time);
  const watts = wattsOf(power);
  if (!parts || watts === undefined || rest.length > 0) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    ...[number, number, number, number, number, number],
  ];
  const fraction = Number(`0.${parts[7]!}`);
  const stamp = new Date(year, month - 1, day, hour, minute, second).getTime() + 1000 * fraction;
  return Number.isFinite(stamp) ? { stamp, watts } : undefined;
}
const STAMP = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{1,9})$/;

/** Milliseconds: the longest gap between two samples. */
const LONGEST_GAP_MS = 1000;

/**
 * Joules between two moments. Power is interpolated linearly between samples, and constant outside
 * of them.
 * @param samples in order of time
 */
export function energyBetween(
  samples: readonly PowerSample[],
  from: number,
  to: number,
): { readonly joules: number; readonly samples: number } | { readonly reason: string } {
  const inside = samples.filter(({ at }) => at >= from && at <= to);
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last || inside.length < 2)
    return { reason: 'nvidia-smi gave fewer than two samples during the run: raise --windows' };
  const before = samples.findLast(({ at }) => at < from);
  const after = samples.find(({ at }) => at > to);
  const points = [
    before ? between(before, first, from) : { at: from, watts: first.watts },
    ...inside,
    after ? between(last, after, to) : { at: to, watts: last.watts },
  ];
  let sum = 0;
  let longest = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    sum += ((a.watts + b.watts) / 2) * (b.at - a.at);
    longest = Math.max(longest, b.at - a.at);
  }
  if (longest > LONGEST_GAP_MS)
    return {
      reason: `nvidia-smi was silent for ${(longest / 1000).toFixed(1)} s of the run: its mean would be a guess`,
    };
  return { joules: sum / 1000, samples: inside.length };
}

const between = (a: PowerSample, b: PowerSample, at: number): PowerSample => ({
  at,
  watts: a.watts + ((b.watts - a.watts) * (at - a.at)) / (b.at - a.at),
});
