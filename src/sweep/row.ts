// The row of one point of a sweep: values, counts and time, or why these are missing.

import type { Run } from '../measure/run.js';
import { atCount, COUNT_NAMES, countsAfter, flatKey, type CountName } from '../metrics/countNames.js';
import type { Profile } from '../profile.js';
import { InputError } from '../inputError.js';
import type { ImageSize } from '../families/family.js';
import type { Point } from './space.js';

type Counts = { readonly [K in CountName as ReturnType<typeof flatKey<K>>]: number | null };

/**
 * Column names of CSV, and keys of JSON Lines: every count, and what is measured. `null` is what is
 * not known, and what a row of an earlier version does not have.
 */
export interface SweepRow extends Counts {
  readonly point: number;
  /** The model whose fields are varied: a built-in name, or a file's model with its mark. */
  readonly model: string;
  readonly values: Point['values'];
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  /** Of convolutions: memory access over its lower bound. */
  readonly balance: number | null;
  /** Median per inference of the whole batch. */
  readonly milliseconds: number | null;
  readonly imagesPerSecond: number | null;
  readonly joulesPerImage: number | null;
  readonly device: string | null;
  /** Why there is no network at this point, or no time. */
  readonly refused: string | null;
}

const countsBy = (value: (name: CountName) => number | null): Counts =>
  Object.fromEntries(COUNT_NAMES.map((name) => [flatKey(name), value(name)])) as unknown as Counts;

const NOTHING = {
  ...countsBy(() => null),
  ...{ balance: null, milliseconds: null, imagesPerSecond: null, joulesPerImage: null, device: null },
} as const;

/** @param input of the point, or the model's own */
export const refusedRow = (
  model: string,
  { index, values, batch }: Point,
  [c, h, w]: ImageSize,
  refused: string,
): SweepRow => ({ ...{ point: index, model, values, n: batch, c, h, w }, ...NOTHING, refused });

/** @param device what it was measured on, in words */
export function rowOf(
  model: string,
  point: Point,
  { input, totals }: Profile,
  run?: Run,
  device: string | null = null,
): SweepRow {
  const { memoryAccess, memoryAccessBound } = totals;
  return {
    ...{ point: point.index, model, values: point.values, ...input },
    ...countsBy((name) => atCount(totals, name)),
    balance: memoryAccessBound.conv === 0 ? null : memoryAccess.conv / memoryAccessBound.conv,
    milliseconds: run?.times.median ?? null,
    imagesPerSecond: run?.imagesPerSecond ?? null,
    joulesPerImage: run?.energy?.joulesPerImage ?? null,
    device,
    refused: null,
  };
}

/** Whether a row's point is done: it has a time, or no network exists there. */
export const isDone = ({ params, milliseconds }: SweepRow, measured: boolean): boolean =>
  !measured || params === null || milliseconds !== null;

/** Counts that rows of every version have. */
const FIRST: readonly CountName[] = [
  ...(['params', 'multAdds', 'flops', 'activations', 'ops'] as const),
  ...(['memoryAccess.conv', 'memoryAccess.unfused', 'memoryAccess.fused'] as const),
];
const COUNTS = FIRST.map((name) => flatKey(name));
/** Counts that a row of an earlier version does not have. */
const LATER = countsAfter(FIRST).map((name) => flatKey(name));
/** The rank of a row: a time, then a reason why there is none, then neither. */
const worth = ({ milliseconds, refused }: SweepRow): number => (milliseconds !== null ? 2 : refused !== null ? 1 : 0);

/**
 * Of two rows of one point, the one of higher rank; of equal ranks, the later.
 * @param where the place of each row, for the message
 * @throws InputError where they contradict each other: other counts, or times of two devices
 */
export function better(earlier: SweepRow, later: SweepRow, [first, second]: readonly [string, string]): SweepRow {
  const other =
    COUNTS.find((count) => earlier[count] !== later[count]) ??
    LATER.find((count) => earlier[count] !== null && later[count] !== null && earlier[count] !== later[count]);
  const otherDevice = earlier.device !== null && later.device !== null && earlier.device !== later.device;
  if (other !== undefined || otherDevice)
    throw new InputError(
      `${second}: point ${later.point} has ${other === undefined ? `its time on ${later.device!}` : `${later[other] ?? 'no'} ${other}`}, and ${other === undefined ? `on ${earlier.device!}` : (earlier[other] ?? 'none')} in ${first}: leave one of the two rows out`,
    );
  return worth(later) >= worth(earlier) ? later : earlier;
}
