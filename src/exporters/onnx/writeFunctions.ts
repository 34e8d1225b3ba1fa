// Writes elementwise functions as ONNX. Constants and learnt slopes become tensors.

import type { Shape } from '../../shape.js';
import { sizesOf } from '../../weights/weights.js';
import { float, type NodeWriter } from './writeDraft.js';

export function elu(writer: NodeWriter): void {
  if (writer.values['selu'] === true) writer.result('Selu');
  else writer.result('Elu', [writer.x], { alpha: float(1) });
}

/** ONNX has an op for it only from opset 18. */
export function mish(writer: NodeWriter): void {
  writer.result('Mul', [writer.x, writer.step('Tanh', [writer.step('Softplus', [writer.x])])]);
}

export function clip(writer: NodeWriter): void {
  const { least, most } = writer.values;
  writer.result('Clip', [
    writer.x,
    writer.floats('min', [least as number], []),
    writer.floats('max', [most as number], []),
  ]);
}

export function power(writer: NodeWriter): void {
  writer.result('Pow', [writer.x, writer.floats('exponent', [writer.values['exponent'] as number], [])]);
}

const sidesOf = ({ values }: NodeWriter): readonly number[] => sizesOf(values['shape'] as Shape);

export function prelu(writer: NodeWriter): void {
  writer.result('PRelu', [writer.x, writer.weight('slope', sidesOf(writer))]);
}

/** A constant that is not learnt changes nothing here: no graph holds its value. */
const withConstant =
  (type: 'Mul' | 'Add', parameter: 'scale' | 'shift', neutral: number) =>
  (writer: NodeWriter): void => {
    const sides = sidesOf(writer);
    const count = sides.reduce((all, side) => all * side, 1);
    const constant = writer.has(parameter)
      ? writer.weight(parameter, sides)
      : writer.floats(parameter, new Array<number>(count).fill(neutral), sides);
    writer.result(type, [writer.x, constant]);
  };

export const scaleBy = withConstant('Mul', 'scale', 1);
export const shiftBy = withConstant('Add', 'shift', 0);
