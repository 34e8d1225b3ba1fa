// Writes pools as ONNX. Runtimes differ in ceil mode, so the padding is computed and written.

import { sizesOf } from '../../weights/weights.js';
import { windowMeans } from './windowMeans.js';
import type { NodeWriter } from './writeDraft.js';

/** [input, output] sides after the channels. */
const sidesOf = ({ shaped }: NodeWriter): readonly [readonly number[], readonly number[]] => [
  sizesOf(shaped.inputs[0]!.slice(2)),
  sizesOf(shaped.node.shape.slice(2)),
];

const listOf = (writer: NodeWriter, field: string): readonly number[] => writer.values[field] as readonly number[];

/**
 * Padding with which rounding down gives our windows: more or less of it at the end where ceil mode
 * counted.
 */
function windowPadding(writer: NodeWriter): readonly number[] {
  const padding = listOf(writer, 'padding');
  if (writer.values['ceil'] !== true) return padding;
  const [kernel, stride] = [listOf(writer, 'kernel'), listOf(writer, 'stride')];
  const [sides, counts] = sidesOf(writer);
  const dilation = (writer.values['dilation'] as readonly number[] | undefined) ?? kernel.map(() => 1);
  const after = sides.map((side, i) => {
    const reach = dilation[i]! * (kernel[i]! - 1) + 1;
    return Math.max(0, (counts[i]! - 1) * stride[i]! + reach - side - padding[i]!);
  });
  return [...padding.slice(0, sides.length), ...after];
}

const windowOf = (writer: NodeWriter) => ({
  kernel_shape: listOf(writer, 'kernel'),
  strides: listOf(writer, 'stride'),
});

export function maxPool(writer: NodeWriter): void {
  const dilation = listOf(writer, 'dilation');
  const dilated = dilation.every((step) => step === 1) ? {} : { dilations: dilation };
  writer.result('MaxPool', [writer.x], { ...windowOf(writer), ...dilated, pads: windowPadding(writer) });
}

/** Padding that counts in the mean is written as zeros. The overhang of ceil mode never counts. */
export function avgPool(writer: NodeWriter): void {
  const counted = writer.values['countIncludePad'] === true;
  const [padding, pads] = [listOf(writer, 'padding'), windowPadding(writer)];
  const rank = padding.length / 2;
  const over = pads.map((side, i) => (i < rank ? 0 : Math.max(0, side - padding[i]!)));
  if (!counted || over.every((side) => side === 0)) {
    writer.result('AveragePool', [writer.x], { ...windowOf(writer), pads, count_include_pad: Number(counted) });
    return;
  }
  const around = [0, 0, ...padding.slice(0, rank), 0, 0, ...padding.slice(rank)];
  const zeros = padding.some((side) => side > 0)
    ? writer.step('Pad', [writer.x, writer.ints('pads', around)])
    : writer.x;
  writer.result('AveragePool', [zeros], { ...windowOf(writer), pads: over, count_include_pad: 0 });
}

export const [maxPool1d, maxPool3d, avgPool1d, avgPool3d] = [maxPool, maxPool, avgPool, avgPool];

/**
 * Even windows are a plain pool; others are products with matrices of window means, height first.
 */
export function adaptiveAvgPool(writer: NodeWriter): void {
  const [sides, counts] = sidesOf(writer);
  const even = sides.map((side, i) => side / counts[i]!);
  if (even.every(Number.isInteger)) {
    writer.result('AveragePool', [writer.x], { kernel_shape: even, strides: even });
    return;
  }
  const rows = writer.floats('rows', windowMeans(sides[0]!, counts[0]!).flat(), [counts[0]!, sides[0]!]);
  const columns = windowMeans(sides[1]!, counts[1]!);
  const across = writer.floats('columns', transposed(columns).flat(), [sides[1]!, counts[1]!]);
  writer.marked('MatMul', [writer.step('MatMul', [rows, writer.x]), across]);
}

const transposed = (rows: readonly (readonly number[])[]): number[][] =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));

export function channelPool(writer: NodeWriter): void {
  writer.result(writer.values['mode'] === 'max' ? 'ReduceMax' : 'ReduceMean', [writer.x], { axes: [1], keepdims: 1 });
}
