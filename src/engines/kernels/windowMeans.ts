// Which matrix takes the means of the windows that divide a side into a fixed number? One row for each window.

import type { HostTensor } from './kernel.js';

/** Row i holds 1 / length over floor(i side / count) to ceil((i + 1) side / count), and 0 elsewhere. */
export function windowMeans(side: number, count: number): HostTensor {
  const values = new Float32Array(count * side);
  for (let i = 0; i < count; i++) {
    const [start, end] = [Math.floor((i * side) / count), Math.ceil(((i + 1) * side) / count)];
    values.fill(1 / (end - start), i * side + start, i * side + end);
  }
  return { shape: [1, count, side], values };
}
