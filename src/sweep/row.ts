// What is known of one point of a sweep? Its values and its counts, and its time where it was measured; or why there are none.

import type { Run } from '../measure/run.js';
import type { Profile } from '../profile.js';
import type { Point } from './space.js';

/** Column names of CSV, and keys of JSON Lines; `null` is what is not known. */
export interface Row {
  readonly point: number;
  readonly values: Point['values'];
  readonly n: number;
  readonly c: number | null;
  readonly h: number | null;
  readonly w: number | null;
  readonly params: number | null;
  readonly multAdds: number | null;
  readonly flops: number | null;
  readonly activations: number | null;
  readonly ops: number | null;
  readonly memoryAccessConv: number | null;
  readonly memoryAccessUnfused: number | null;
  readonly memoryAccessFused: number | null;
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
  ...{ c: null, h: null, w: null, params: null, multAdds: null, flops: null, activations: null, ops: null },
  ...{ memoryAccessConv: null, memoryAccessUnfused: null, memoryAccessFused: null, balance: null },
  ...{ milliseconds: null, imagesPerSecond: null, joulesPerImage: null, device: null },
} as const;

export const refusedRow = ({ index, values, batch }: Point, refused: string): Row => ({
  point: index,
  values,
  n: batch,
  ...NOTHING,
  refused,
});

/** @param device what it was measured on, in words */
export function rowOf(point: Point, { input, totals }: Profile, run?: Run, device: string | null = null): Row {
  const { memoryAccess, memoryAccessBound, params, multAdds, flops, activations, ops } = totals;
  return {
    ...{ point: point.index, values: point.values, ...input, params, multAdds, flops, activations, ops },
    memoryAccessConv: memoryAccess.conv,
    memoryAccessUnfused: memoryAccess.unfused,
    memoryAccessFused: memoryAccess.fused,
    balance: memoryAccessBound.conv === 0 ? null : memoryAccess.conv / memoryAccessBound.conv,
    milliseconds: run?.times.median ?? null,
    imagesPerSecond: run?.imagesPerSecond ?? null,
    joulesPerImage: run?.energy?.joulesPerImage ?? null,
    device,
    refused: null,
  };
}
