// The matrix that computes the window means of an adaptive pool: one row for each window.

import { windowMeans as rows } from '../../exporters/onnx/windowMeans.js';
import type { HostTensor } from './kernel.js';

export const windowMeans = (side: number, count: number): HostTensor => ({
  shape: [1, count, side],
  values: Float32Array.from(rows(side, count).flat()),
});
