// The lower bound of a convolution's memory access (ShuffleNetV2), and the ratio to it.

/**
 * `2 sqrt(in x out) + weights` in elements: the least memory access of any convolution with the
 * same multiply-adds, resolution, kernel and groups. At equal resolution, g = 1 and N = 1 this is
 * `2 sqrt(hwB / k^2) + B / hw` (ShuffleNetV2, arXiv 1807.11164, Eq. 1; VoVNet, arXiv 1904.09730,
 * section 3.1). Reached iff in = out.
 * @param input  elements of the input, N Hi Wi Ci
 * @param output elements of the output, N Ho Wo Co
 */
export const memoryAccessBound = (input: number, output: number, weights: number): number =>
  2 * Math.sqrt(input * output) + weights;

/** Memory access / bound. It is 1 where input and output are equal, and rises as they differ. */
export const balance = (input: number, output: number, weights: number): number =>
  input === output ? 1 : Math.max(1, (input + output + weights) / memoryAccessBound(input, output, weights));
