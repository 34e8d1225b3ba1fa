// Writes pools as ONNX. Runtimes differ in ceil mode, so the padding is computed and written.

import { sizesOf } from '../../weights/weights.js';
import { windowMeans } from './windowMeans.js';
import type { Spot } from './writeDraft.js';

/** [input, output] sides after the channels. */
const sidesOf = ({ site }: Spot): readonly [readonly number[], readonly number[]] => [
  sizesOf(site.inputs[0]!.slice(2)),
  sizesOf(site.node.shape.slice(2)),
];

const listOf = (spot: Spot, field: string): readonly number[] => spot.values[field] as readonly number[];

/**
 * Padding with which rounding down gives our windows: more or less of it at the end where ceil mode
 * counted.
 */
function windowPadding(spot: Spot): readonly number[] {
  const padding = listOf(spot, 'padding');
  if (spot.values['ceil'] !== true) return padding;
  const [kernel, stride] = [listOf(spot, 'kernel'), listOf(spot, 'stride')];
  const [sides, counts] = sidesOf(spot);
  const dilation = (spot.values['dilation'] as readonly number[] | undefined) ?? kernel.map(() => 1);
  const after = sides.map((side, i) => {
    const reach = dilation[i]! * (kernel[i]! - 1) + 1;
    return Math.max(0, (counts[i]! - 1) * stride[i]! + reach - side - padding[i]!);
  });
  return [...padding.slice(0, sides.length), ...after];
}

const windowOf = (spot: Spot) => ({
  kernel_shape: listOf(spot, 'kernel'),
  strides: listOf(spot, 'stride'),
});

export function maxPool(spot: Spot): void {
  const dilation = listOf(spot, 'dilation');
  const dilated = dilation.every((step) => step === 1) ? {} : { dilations: dilation };
  spot.result('MaxPool', [spot.x], { ...windowOf(spot), ...dilated, pads: windowPadding(spot) });
}

/** Padding that counts in the mean is written as zeros. The overhang of ceil mode never counts. */
export function avgPool(spot: Spot): void {
  const counted = spot.values['countIncludePad'] === true;
  const [padding, pads] = [listOf(spot, 'padding'), windowPadding(spot)];
  const rank = padding.length / 2;
  const over = pads.map((side, i) => (i < rank ? 0 : Math.max(0, side - padding[i]!)));
  if (!counted || over.every((side) => side === 0)) {
    spot.result('AveragePool', [spot.x], { ...windowOf(spot), pads, count_include_pad: Number(counted) });
    return;
  }
  const around = [0, 0, ...padding.slice(0, rank), 0, 0, ...padding.slice(rank)];
  const zeros = padding.some((side) => side > 0) ? spot.step('Pad', [spot.x, spot.ints('pads', around)]) : spot.x;
  spot.result('AveragePool', [zeros], { ...windowOf(spot), pads: over, count_include_pad: 0 });
}

export const [maxPool1d, maxPool3d, avgPool1d, avgPool3d] = [maxPool, maxPool, avgPool, avgPool];

/**
 * Even windows are a plain pool; others are products with matrices of window means, height first.
 */
export function adaptiveAvgPool(spot: Spot): void {
  const [sides, counts] = sidesOf(spot);
  const even = sides.map((side, i) => side / counts[i]!);
  if (even.every(Number.isInteger)) {
    spot.result('AveragePool', [spot.x], { kernel_shape: even, strides: even });
    return;
  }
  const rows = spot.floats('rows', windowMeans(sides[0]!, counts[0]!).flat(), [counts[0]!, sides[0]!]);
  const columns = windowMeans(sides[1]!, counts[1]!);
  const across = spot.floats('columns', transposed(columns).flat(), [sides[1]!, counts[1]!]);
  spot.marked('MatMul', [spot.step('MatMul', [rows, spot.x]), across]);
}

const transposed = (rows: readonly (readonly number[])[]): number[][] =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));

export function channelPool(spot: Spot): void {
  spot.result(spot.values['mode'] === 'max' ? 'ReduceMax' : 'ReduceMean', [spot.x], { axes: [1], keepdims: 1 });
}
