// The matrix whose product takes the means of the windows of an adaptive pool: a row a window.

/**
 * Row i holds 1 / length over floor(i side / count) to ceil((i + 1) side / count), and 0 elsewhere:
 * the windows of PyTorch's adaptive pools.
 */
export const windowMeans = (side: number, count: number): number[][] =>
  Array.from({ length: count }, (_, i) => {
    const [start, end] = [Math.floor((i * side) / count), Math.ceil(((i + 1) * side) / count)];
    return new Array<number>(side).fill(0).fill(1 / (end - start), start, end);
  });
