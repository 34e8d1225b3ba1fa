// Writes numbers for people: thousands separated, units for large counts, ratios to two decimals.

/** Made where it is first wanted: that takes as long as counting a network. */
let rounding: Intl.NumberFormat | undefined;

/** 4,089,184,256; a number that is not whole is rounded. */
export function grouped(value: number): string {
  if (Number.isSafeInteger(value)) return `${value}`.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  rounding ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  return rounding.format(value);
}

const UNITS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** 4.09 G, 25.6 M, 812, 0.0123: three significant digits and a unit. */
export function short(value: number): string {
  const [size, unit] = UNITS.find(([size]) => Math.abs(value) >= size * 0.9995) ?? [1, undefined];
  if (unit === undefined) return Number.isInteger(value) ? String(value) : threeDigits(value);
  return `${threeDigits(value / size)} ${unit}`;
}

/** At most 999.5 in magnitude: three significant digits without an exponent. */
function threeDigits(value: number): string {
  const magnitude = Math.abs(value);
  return magnitude < 1
    ? String(Number(value.toPrecision(3)))
    : value.toFixed(magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

/** Milliseconds: "<0.001", 0.0123, 4.56, 78.9, 1,320. */
export function milliseconds(value: number): string {
  if (value > 0 && value < 0.001) return '<0.001';
  return value >= 999.5 ? grouped(value) : threeDigits(value);
}

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 97.5 MiB */
export function bytes(value: number): string {
  const power = Math.min(BYTES.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10));
  return `${(value / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${BYTES[power]!}`;
}

/** 1.41x, or "<0.01x" for a ratio that rounds to 0. */
export function times(ratio: number | null): string {
  if (ratio === null) return '-';
  return ratio > 0 && ratio < 0.005 ? '<0.01x' : `${ratio.toFixed(2)}x`;
}

/** 0.123 as "12.3 %". */
export const percentage = (part: number, digits = 1): string => `${(100 * part).toFixed(digits)} %`;

/**
 * The error of a prediction: "5.2 %". From 10 % on it has no decimal, since that would be noise.
 */
export const errorPercentage = (part: number): string => percentage(part, part < 0.0995 ? 1 : 0);

/** 12.3 %, or "<0.1 %" for a share that rounds to 0. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '';
  const share = (100 * part) / whole;
  return share < 0.05 ? '<0.1 %' : `${share.toFixed(1)} %`;
}

/** Joins sides by "x": [3, 3] is "3x3", never "3". */
export const by = (sizes: readonly number[]): string => sizes.join('x');

/** [1, 64, 56, 56] */
export const shape = (sizes: readonly number[]): string => `[${sizes.join(', ')}]`;
