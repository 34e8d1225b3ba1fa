// Writes elementwise functions as ONNX. Constants and learnt slopes become tensors.

import type { Shape } from '../../shape.js';
import { sizesOf } from '../../weights/weights.js';
import { float, type Spot } from './writeDraft.js';

export function elu(spot: Spot): void {
  if (spot.values['selu'] === true) spot.result('Selu');
  else spot.result('Elu', [spot.x], { alpha: float(1) });
}

/** ONNX has an op for it only from opset 18. */
export function mish(spot: Spot): void {
  spot.result('Mul', [spot.x, spot.step('Tanh', [spot.step('Softplus', [spot.x])])]);
}

export function clip(spot: Spot): void {
  const { least, most } = spot.values;
  spot.result('Clip', [spot.x, spot.floats('min', [least as number], []), spot.floats('max', [most as number], [])]);
}

export function power(spot: Spot): void {
  spot.result('Pow', [spot.x, spot.floats('exponent', [spot.values['exponent'] as number], [])]);
}

const sidesOf = ({ values }: Spot): readonly number[] => sizesOf(values['shape'] as Shape);

export function prelu(spot: Spot): void {
  spot.result('PRelu', [spot.x, spot.weight('slope', sidesOf(spot))]);
}

/** A constant that is not learnt changes nothing here: what it is stands in no graph. */
const withConstant =
  (type: 'Mul' | 'Add', parameter: 'scale' | 'shift', neutral: number) =>
  (spot: Spot): void => {
    const sides = sidesOf(spot);
    const count = sides.reduce((all, side) => all * side, 1);
    const constant = spot.has(parameter)
      ? spot.weight(parameter, sides)
      : spot.floats(parameter, new Array<number>(count).fill(neutral), sides);
    spot.result(type, [spot.x, constant]);
  };

export const scaleBy = withConstant('Mul', 'scale', 1);
export const shiftBy = withConstant('Add', 'shift', 0);
