// Writes convolutions, matrix products and linear layers as ONNX.

import { sizesOf } from '../../weights/weights.js';
import type { NodeWriter } from './writeDraft.js';

/** The weight, and the bias where there is one, with the sides that PyTorch and ONNX agree on. */
const learnt = (writer: NodeWriter): readonly string[] =>
  Object.entries(writer.shaped.params).map(([name, sides]) => writer.weight(name, sizesOf(sides)));

export function conv(writer: NodeWriter): void {
  const { kernel, stride, padding, dilation, groups } = writer.values;
  writer.result('Conv', [writer.x, ...learnt(writer)], {
    kernel_shape: kernel as readonly number[],
    strides: stride as readonly number[],
    pads: padding as readonly number[],
    dilations: dilation as readonly number[],
    group: groups as number,
  });
}

export function convTranspose(writer: NodeWriter): void {
  const { kernel, stride, padding, extra, dilation, groups } = writer.values;
  writer.result('ConvTranspose', [writer.x, ...learnt(writer)], {
    kernel_shape: kernel as readonly number[],
    strides: stride as readonly number[],
    pads: padding as readonly number[],
    output_padding: extra as readonly number[],
    dilations: dilation as readonly number[],
    group: groups as number,
  });
}

export const [conv1d, conv3d, convTranspose1d, convTranspose3d] = [conv, conv, convTranspose, convTranspose];

/**
 * Gemm takes two sides; with more of them it is a product with the transposed weight, and a sum.
 */
export function linear(writer: NodeWriter): void {
  if (writer.shaped.inputs[0]!.length === 2) {
    writer.result('Gemm', [writer.x, ...learnt(writer)], { transB: 1 });
    return;
  }
  const [features, seen] = sizesOf(writer.shaped.params['weight']!) as [number, number];
  const weight = writer.weight('weight', [seen, features], (values) => transposed(values, seen));
  if (writer.has('bias'))
    writer.result('Add', [writer.step('MatMul', [writer.x, weight]), writer.weight('bias', [features])]);
  else writer.result('MatMul', [writer.x, weight]);
}

/** A matrix of rows of `length`, columns first. */
function transposed(values: Float32Array, length: number): Float32Array {
  const rows = values.length / length;
  return values.map((_, i) => values[(i % rows) * length + Math.floor(i / rows)]!);
}
