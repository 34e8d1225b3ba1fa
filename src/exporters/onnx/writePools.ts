// What does a pool become in ONNX? Runtimes differ in ceil mode, so the padding is written that makes the plain rule give the same windows.

import type { Pair, Padding } from '../../fields.js';
import { sizesOf } from '../../weights/weights.js';
import type { Spot } from './writeDraft.js';

/** [input, output] sides of height and width. */
const sidesOf = ({ site }: Spot): readonly [Pair, Pair] => [
  sizesOf(site.inputs[0]!.slice(2)) as Pair,
  sizesOf(site.node.shape.slice(2)) as Pair,
];

/** Padding with which rounding down gives our windows: more or less of it at the end where ceil mode counted. */
function windowPadding(spot: Spot): Padding {
  const padding = spot.values['padding'] as Padding;
  if (spot.values['ceil'] !== true) return padding;
  const [kernel, stride] = [spot.values['kernel'] as Pair, spot.values['stride'] as Pair];
  const [sides, counts] = sidesOf(spot);
  const dilation = (spot.values['dilation'] as Pair | undefined) ?? [1, 1];
  const reach = (i: 0 | 1): number => dilation[i] * (kernel[i] - 1) + 1;
  const after = (i: 0 | 1): number => Math.max(0, (counts[i] - 1) * stride[i] + reach(i) - sides[i] - padding[i]);
  return [padding[0], padding[1], after(0), after(1)];
}

const windowOf = (spot: Spot) => ({
  kernel_shape: spot.values['kernel'] as Pair,
  strides: spot.values['stride'] as Pair,
});

export function maxPool(spot: Spot): void {
  const dilation = spot.values['dilation'] as Pair;
  const dilated = dilation[0] * dilation[1] === 1 ? {} : { dilations: dilation };
  spot.result('MaxPool', [spot.x], { ...windowOf(spot), ...dilated, pads: windowPadding(spot) });
}

/** Padding that counts is put there as zeros where a window hangs over it: what hangs over never counts. */
export function avgPool(spot: Spot): void {
  const counted = spot.values['countIncludePad'] === true;
  const padding = spot.values['padding'] as Padding;
  const [top, left, bottom, right] = padding;
  const pads = windowPadding(spot);
  const hangs = pads[2] > bottom || pads[3] > right;
  if (!counted || !hangs) {
    spot.result('AveragePool', [spot.x], { ...windowOf(spot), pads, count_include_pad: Number(counted) });
    return;
  }
  const zeros = padding.some((side) => side > 0)
    ? spot.step('Pad', [spot.x, spot.ints('pads', [0, 0, top, left, 0, 0, bottom, right])])
    : spot.x;
  const over = [0, 0, Math.max(0, pads[2] - bottom), Math.max(0, pads[3] - right)];
  spot.result('AveragePool', [zeros], { ...windowOf(spot), pads: over, count_include_pad: 0 });
}

/** Even windows are a plain pool; others are products with matrices of window means, height first. */
export function adaptiveAvgPool(spot: Spot): void {
  const [sides, counts] = sidesOf(spot);
  const even: Pair = [sides[0] / counts[0], sides[1] / counts[1]];
  if (even.every(Number.isInteger)) {
    spot.result('AveragePool', [spot.x], { kernel_shape: even, strides: even });
    return;
  }
  const rows = spot.floats('rows', windowMeans(sides[0], counts[0]).flat(), [counts[0], sides[0]]);
  const columns = windowMeans(sides[1], counts[1]);
  const across = spot.floats('columns', transposed(columns).flat(), [sides[1], counts[1]]);
  spot.marked('MatMul', [spot.step('MatMul', [rows, spot.x]), across]);
}

/** Row i holds 1 / length over floor(i side / count) to ceil((i + 1) side / count), and 0 elsewhere. */
const windowMeans = (side: number, count: number): number[][] =>
  Array.from({ length: count }, (_, i) => {
    const [start, end] = [Math.floor((i * side) / count), Math.ceil(((i + 1) * side) / count)];
    return new Array<number>(side).fill(0).fill(1 / (end - start), start, end);
  });

const transposed = (rows: readonly (readonly number[])[]): number[][] =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));

export function channelPool(spot: Spot): void {
  spot.result(spot.values['mode'] === 'max' ? 'ReduceMax' : 'ReduceMean', [spot.x], { axes: [1], keepdims: 1 });
}
