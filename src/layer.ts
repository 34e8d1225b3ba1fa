// The shapes and counts of one layer.

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
  /** Elements as an eager framework moves them. */
  readonly memoryAccessUnfused: number;
  /** Elements as an inference compiler moves them. */
  readonly memoryAccessFused: number;
  /** Convolutions only. */
  readonly memoryAccessBound: number | null;
  readonly balance: number | null;
  /** FLOPs per byte of unfused memory access; null for ops that move nothing. */
  readonly intensity: number | null;
}
