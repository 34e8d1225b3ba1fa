// The row of one point of a sweep: values, counts and time, or why these are missing.

import type { Run } from '../measure/run.js';
import type { Profile } from '../profile.js';
import { InputError } from '../inputError.js';
import type { ImageSize } from '../families/family.js';
import type { Point } from './space.js';

/** Column names of CSV, and keys of JSON Lines; `null` is what is not known. */
export interface Row {
  readonly point: number;
  /** Whose fields are varied: a built-in name, or a file's model with a mark of what it holds. */
  readonly model: string;
  readonly values: Point['values'];
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  readonly params: number | null;
  readonly multAdds: number | null;
  readonly flops: number | null;
  readonly activations: number | null;
  readonly ops: number | null;
  readonly memoryAccessConv: number | null;
  readonly memoryAccessUnfused: number | null;
  readonly memoryAccessFused: number | null;
  /** This and the peaks are null in rows of earlier versions. */
  readonly cio: number | null;
  readonly peakActivations: number | null;
  readonly peakActivationsOutOfPlace: number | null;
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

const NOTHING = {
  ...{ params: null, multAdds: null, flops: null, activations: null, ops: null },
  ...{ memoryAccessConv: null, memoryAccessUnfused: null, memoryAccessFused: null, balance: null },
  ...{ cio: null, peakActivations: null, peakActivationsOutOfPlace: null },
  ...{ milliseconds: null, imagesPerSecond: null, joulesPerImage: null, device: null },
} as const;

/** @param input of the point, or the model's own */
export const refusedRow = (
  model: string,
  { index, values, batch }: Point,
  [c, h, w]: ImageSize,
  refused: string,
): Row => ({ ...{ point: index, model, values, n: batch, c, h, w }, ...NOTHING, refused });

/** @param device what it was measured on, in words */
export function rowOf(
  model: string,
  point: Point,
  { input, totals }: Profile,
  run?: Run,
  device: string | null = null,
): Row {
  const { memoryAccess, memoryAccessBound, params, multAdds, flops, activations, ops } = totals;
  const { cio, peakActivations, peakActivationsOutOfPlace } = totals;
  return {
    ...{ point: point.index, model, values: point.values, ...input, params, multAdds, flops, activations, ops },
    memoryAccessConv: memoryAccess.conv,
    memoryAccessUnfused: memoryAccess.unfused,
    memoryAccessFused: memoryAccess.fused,
    ...{ cio, peakActivations, peakActivationsOutOfPlace },
    balance: memoryAccessBound.conv === 0 ? null : memoryAccess.conv / memoryAccessBound.conv,
    milliseconds: run?.times.median ?? null,
    imagesPerSecond: run?.imagesPerSecond ?? null,
    joulesPerImage: run?.energy?.joulesPerImage ?? null,
    device,
    refused: null,
  };
}

/** Whether a row's point is done: it has a time, or no network exists there. */
export const isDone = ({ params, milliseconds }: Row, measured: boolean): boolean =>
  !measured || params === null || milliseconds !== null;

const COUNTS = [
  ...(['params', 'multAdds', 'flops', 'activations', 'ops'] as const),
  ...(['memoryAccessConv', 'memoryAccessUnfused', 'memoryAccessFused'] as const),
];
/** Counts that a row of an earlier version does not have. */
const LATER = ['cio', 'peakActivations', 'peakActivationsOutOfPlace'] as const;
/** The rank of a row: a time, then a reason why there is none, then neither. */
const worth = ({ milliseconds, refused }: Row): number => (milliseconds !== null ? 2 : refused !== null ? 1 : 0);

/**
 * Of two rows of one point, the one of higher rank; of equal ranks, the later.
 * @param where the place of each row, for the message
 * @throws InputError where they contradict each other: other counts, or times of two devices
 */
export function better(earlier: Row, later: Row, [first, second]: readonly [string, string]): Row {
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
