// Where an engine keeps its tensors, and how many bytes fit there.

export interface Heap {
  /** "this machine's 23.5 GiB". */
  readonly name: string;
  /** Bytes in all. */
  readonly limit: number;
  /**
   * The part of the room beside the weights that tensors can fill. Holes between them take the
   * rest.
   */
  readonly usable: number;
  /** The number of copies of every weight: 2 where kernels pack their own. */
  readonly weightCopies: number;
  /**
   * Whether a convolution's sum, its bias and its activation are three tensors at once inside the
   * engine, not one.
   */
  readonly fusionAllocates?: boolean;
}

/** A heap of which only the size is known. */
export const heapOf = (owner: string, limit: number): Heap => ({
  name: `${owner} ${(limit / 2 ** 30).toFixed(1)} GiB`,
  limit,
  usable: 1,
  weightCopies: 1,
});

/** Bytes for activations beside weights of so many bytes. */
export const roomBeside = ({ limit, usable, weightCopies }: Heap, weights: number): number =>
  usable * (limit - weights * weightCopies);
