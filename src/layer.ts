// The counts of one layer, and of many together: the contents of a profile.

import type { Counts } from './cost.js';

/** Sums over layers. Counts in elements or operations, exact integers. */
export interface Totals extends Counts<number> {
  /** Those of `params` that are not trained; only where a file says so of any. */
  readonly frozenParams?: number;
  /**
   * 2 per multiply-add, 1 per element for norm, activation, add, scale and pool (per window
   * element).
   */
  readonly flops: number;
  readonly convLayers: number;
  /** Peak of live elements in execution order, without weights. Elementwise ops write in place. */
  readonly peakActivations: number;
  /** The same where every op allocates its output. */
  readonly peakActivationsOutOfPlace: number;
  /** All nodes but views: what an eager framework launches. */
  readonly ops: number;
  /** Sum over convolutions of `2 sqrt(in x out) + weights`, in elements; not an integer. */
  readonly memoryAccessBound: { readonly conv: number };
}

/** Counts that records of earlier versions do not have. */
type Later = 'frozenParams' | 'cio' | 'peakActivations' | 'peakActivationsOutOfPlace';

/** Totals as a record keeps them. */
export type RecordedTotals = Omit<Totals, Later> & { readonly [K in Later]?: Totals[K] | undefined };

export interface Layer {
  readonly name: string;
  readonly stage: string;
  readonly block: string;
  readonly op: string;
  /** Shape of the first input, [N, C, H, W]; empty where there is none. */
  readonly inShape: readonly number[];
  /** All input shapes where there are several. */
  readonly inShapes?: readonly (readonly number[])[];
  readonly outShape: readonly number[];
  /** [height, width]; one number for each side where there are one or three. */
  readonly kernel: readonly number[] | null;
  readonly stride: readonly number[] | null;
  /** [top, left, bottom, right]: before each side, then after each. */
  readonly padding: readonly number[] | null;
  readonly dilation: readonly number[] | null;
  readonly groups: number | null;
  readonly bias: boolean | null;
  readonly params: number;
  /** Parameters that are not trained, where the file says so of any. */
  readonly frozenParams?: number;
  readonly multAdds: number;
  readonly flops: number;
  readonly activations: number;
  /** Input plus output elements of a convolution; 0 for other ops. */
  readonly cio: number;
  /** Elements alive while it runs: its inputs, its output, and what later layers read. */
  readonly aliveElements: number;
  /** The same where every op allocates its output. */
  readonly aliveElementsOutOfPlace: number;
  /** Elements as an eager framework moves them (the unfused reading). */
  readonly memoryAccess: number;
  /** Elements as an inference compiler moves them. */
  readonly memoryAccessFused: number;
  /** Convolutions only. */
  readonly memoryAccessBound: number | null;
  readonly balance: number | null;
  /** FLOPs per byte of memoryAccess; null for ops that move nothing. */
  readonly intensity: number | null;
}
