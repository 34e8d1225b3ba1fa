// The matrix whose product takes the means of the windows of an adaptive pool: a row a window.

import type { HostTensor } from './kernel.js';

/**
 * Row i holds 1 / length over floor(i side / count) to ceil((i + 1) side / count), and 0 elsewhere.
 */
export function windowMeans(side: number, count: number): HostTensor {
  const values = new Float32Array(count * side);
  for (let i = 0; i < count; i++) {
    const [start, end] = [Math.floor((i * side) / count), Math.ceil(((i + 1) * side) / count)];
    values.fill(1 / (end - start), i * side + start, i * side + end);
  }
  return { shape: [1, count, side], values };
}
