// The matrix whose product takes the means of the windows of an adaptive pool: a row a window.

import { windowMeans as rows } from '../../exporters/onnx/windowMeans.js';
import type { HostTensor } from './kernel.js';

export const windowMeans = (side: number, count: number): HostTensor => ({
  shape: [1, count, side],
  values: Float32Array.from(rows(side, count).flat()),
});
