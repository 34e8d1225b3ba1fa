// A printed figure as an interval: the values that rounding or truncation turns into it.

export interface Printed {
  readonly text: string;
  readonly value: number;
  /**
   * Half of the last digit's unit below it, where it was rounded; a whole unit above, where it was
   * cut off.
   */
  readonly range: readonly [low: number, high: number];
}

/** @param text a decimal number as printed; trailing zeros are significant */
export function printed(text: string): Printed {
  const unit = 10 ** -(text.split('.')[1]?.length ?? 0);
  const value = Number(text);
  return { text, value, range: [value - unit / 2, value + unit] };
}

/** The figure `to` less the figure `from`, as the interval that the digits of both allow. */
export function difference(to: Printed, from: Printed): Printed {
  const decimals = Math.max(...[to, from].map(({ text }) => text.split('.')[1]?.length ?? 0));
  const value = Number((to.value - from.value).toFixed(decimals));
  return {
    text: value.toFixed(decimals),
    value,
    range: [to.range[0] - from.range[1], to.range[1] - from.range[0]],
  };
}

/** The difference of a count from a printed one. */
export type PrintedMatch = 'all digits' | 'within 1 %' | 'as far as printed' | 'differs';

/** Relative to the printed value. */
export const deviation = (ours: number, { value }: Printed): number => ours / value - 1;

export const isAllowed = (ours: number, { range: [low, high] }: Printed): boolean => ours >= low && ours <= high;
const isNear = (ours: number, figure: Printed): boolean => Math.abs(deviation(ours, figure)) <= 0.01;

/** For a printed figure, whose digits are finer than one per cent. */
export const verdictOf = (ours: number, figure: Printed): PrintedMatch =>
  isAllowed(ours, figure) ? 'all digits' : isNear(ours, figure) ? 'within 1 %' : 'differs';

/** For a difference, whose digits can be coarser than one per cent. */
export const verdictOfDifference = (ours: number, figure: Printed): PrintedMatch =>
  isNear(ours, figure) ? 'within 1 %' : isAllowed(ours, figure) ? 'as far as printed' : 'differs';

/** Whether the printed digits resolve one per cent on both sides. */
export const tellsOnePercent = ({ value, range: [low, high] }: Printed): boolean =>
  Math.max(high - value, value - low) <= 0.01 * Math.abs(value);
