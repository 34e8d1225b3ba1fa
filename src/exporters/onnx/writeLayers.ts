// Writes convolutions, matrix products and linear layers as ONNX.

import { sizesOf } from '../../weights/weights.js';
import type { Spot } from './writeDraft.js';

/** The weight, and the bias where there is one, with the sides that PyTorch and ONNX agree on. */
const learnt = (spot: Spot): readonly string[] =>
  Object.entries(spot.site.params).map(([name, sides]) => spot.weight(name, sizesOf(sides)));

export function conv(spot: Spot): void {
  const { kernel, stride, padding, dilation, groups } = spot.values;
  spot.result('Conv', [spot.x, ...learnt(spot)], {
    kernel_shape: kernel as readonly number[],
    strides: stride as readonly number[],
    pads: padding as readonly number[],
    dilations: dilation as readonly number[],
    group: groups as number,
  });
}

export function convTranspose(spot: Spot): void {
  const { kernel, stride, padding, extra, dilation, groups } = spot.values;
  spot.result('ConvTranspose', [spot.x, ...learnt(spot)], {
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
export function linear(spot: Spot): void {
  if (spot.site.inputs[0]!.length === 2) {
    spot.result('Gemm', [spot.x, ...learnt(spot)], { transB: 1 });
    return;
  }
  const [features, seen] = sizesOf(spot.site.params['weight']!) as [number, number];
  const weight = spot.weight('weight', [seen, features], (values) => transposed(values, seen));
  if (spot.has('bias')) spot.result('Add', [spot.step('MatMul', [spot.x, weight]), spot.weight('bias', [features])]);
  else spot.result('MatMul', [spot.x, weight]);
}

/** A matrix of rows of `length`, columns first. */
function transposed(values: Float32Array, length: number): Float32Array {
  const rows = values.length / length;
  return values.map((_, i) => values[(i % rows) * length + Math.floor(i / rows)]!);
}
