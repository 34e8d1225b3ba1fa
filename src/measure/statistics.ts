// Statistics of repeated times: median, quartiles, spread and drift.

/**
 * Quantile by linear interpolation between order statistics (the default of R and NumPy); `p` in
 * [0, 1].
 */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('a quantile needs at least one value');
  return below + (above - below) * (place - Math.floor(place));
}

export interface Summary {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly least: number;
  readonly most: number;
  /** Interquartile range over the median; null for fewer than 3 values. */
  readonly spread: number | null;
}

/** The least number of values for a spread. */
export const FEWEST = 3;

/** @param values at least one, all positive */
export function summarise(values: readonly number[]): Summary {
  const [lowerQuartile, median, upperQuartile] = [
    quantile(values, 0.25),
    quantile(values, 0.5),
    quantile(values, 0.75),
  ];
  return {
    median,
    lowerQuartile,
    upperQuartile,
    least: Math.min(...values),
    most: Math.max(...values),
    spread: values.length < FEWEST ? null : (upperQuartile - lowerQuartile) / median,
  };
}

/**
 * The median of the last half over the median of the first half: 1 for a steady run, above 1 for
 * one that slows down.
 */
export function drift(values: readonly number[]): number {
  const half = Math.floor(values.length / 2);
  return half === 0 ? 1 : quantile(values.slice(-half), 0.5) / quantile(values.slice(0, half), 0.5);
}
