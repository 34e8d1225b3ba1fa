// Writes elementwise functions, comparisons and constants. ONNX has booleans; ours are 1 and 0.

import type { Shape } from '../../shape.js';
import { product, sizesOf } from '../../weights/weights.js';
import { float, type Attributes, type Spot } from './writeDraft.js';
import { DATA_TYPES } from '../../importers/onnx/messages.js';

type Write = (spot: Spot) => void;

const alone =
  (type: string, attributes: (spot: Spot) => Attributes = () => ({})): Write =>
  (spot) => {
    spot.result(type, spot.inputs, attributes(spot));
  };
const real = (spot: Spot, field: string) => float(spot.values[field] as number);
const one = (spot: Spot, label: string, value: number): string => spot.floats(label, [value], []);

export const sine = alone('Sin');
export const cosine = alone('Cos');
export const tangent = alone('Tan');
export const arcSine = alone('Asin');
export const arcCosine = alone('Acos');
export const arcTangent = alone('Atan');
export const hyperbolicSine = alone('Sinh');
export const hyperbolicCosine = alone('Cosh');
export const inverseHyperbolicSine = alone('Asinh');
export const inverseHyperbolicCosine = alone('Acosh');
export const inverseHyperbolicTangent = alone('Atanh');
export const floor = alone('Floor');
export const ceil = alone('Ceil');
export const round = alone('Round');
export const sign = alone('Sign');
export const softsign = alone('Softsign');
export const cast = alone('Identity');
export const celu = alone('Celu', (spot) => ({ alpha: real(spot, 'alpha') }));
export const thresholdedRelu = alone('ThresholdedRelu', (spot) => ({ alpha: real(spot, 'threshold') }));
export const logSoftmax = alone('LogSoftmax', (spot) => ({ axis: spot.values['axis'] as number }));

export function square(spot: Spot): void {
  spot.result('Mul', [spot.x, spot.x]);
}
export function truncate(spot: Spot): void {
  spot.result('Mul', [spot.step('Sign', [spot.x]), spot.step('Floor', [spot.step('Abs', [spot.x])])]);
}
export function reciprocalSquareRoot(spot: Spot): void {
  spot.result('Reciprocal', [spot.step('Sqrt', [spot.x])]);
}
export function exponentialMinusOne(spot: Spot): void {
  spot.result('Sub', [spot.step('Exp', [spot.x]), one(spot, 'one', 1)]);
}
export function logarithmOnePlus(spot: Spot): void {
  spot.result('Log', [spot.step('Add', [spot.x, one(spot, 'one', 1)])]);
}
export function logSigmoid(spot: Spot): void {
  spot.result('Neg', [spot.step('Softplus', [spot.step('Neg', [spot.x])])]);
}
export function quickGelu(spot: Spot): void {
  spot.result('Mul', [spot.x, spot.step('Sigmoid', [spot.step('Mul', [spot.x, one(spot, 'factor', 1.702)])])]);
}
export function shrink(spot: Spot): void {
  const { mode, lambda } = spot.values;
  if (mode === 'tanh') spot.result('Sub', [spot.x, spot.step('Tanh', [spot.x])]);
  else
    spot.result('Shrink', [spot.x], {
      lambd: float(lambda as number),
      bias: float(mode === 'soft' ? (lambda as number) : 0),
    });
}

/** What is not 0 holds. */
const truth = (spot: Spot, input: string): string => spot.step('Cast', [input], { to: DATA_TYPES.bool });
const asNumber = (spot: Spot, type: string, inputs: readonly string[]): void => {
  spot.result('Cast', [spot.step(type, inputs)], { to: DATA_TYPES.float });
};
const compared =
  (type: string): Write =>
  (spot) => {
    asNumber(spot, type, spot.inputs);
  };
const joined =
  (type: string): Write =>
  (spot) => {
    asNumber(
      spot,
      type,
      spot.inputs.map((input) => truth(spot, input)),
    );
  };

export const equal = compared('Equal');
export const greater = compared('Greater');
export const greaterOrEqual = compared('GreaterOrEqual');
export const less = compared('Less');
export const lessOrEqual = compared('LessOrEqual');
export const isNan = compared('IsNaN');
export const isInfinite = compared('IsInf');
export const not = joined('Not');
export const and = joined('And');
export const or = joined('Or');
export const exclusiveOr = joined('Xor');
export function notEqual(spot: Spot): void {
  asNumber(spot, 'Not', [spot.step('Equal', spot.inputs)]);
}
export function select(spot: Spot): void {
  const [condition, ...choices] = spot.inputs;
  spot.result('Where', [truth(spot, condition!), ...choices]);
}
export function maskedFill(spot: Spot): void {
  spot.result('Where', [truth(spot, spot.inputs[1]!), one(spot, 'value', spot.values['value'] as number), spot.x]);
}

export const powerOf = alone('Pow');
export function floorDivide(spot: Spot): void {
  spot.result('Floor', [spot.step('Div', spot.inputs)]);
}
/** ONNX's Mod of real numbers has the sign of the first. */
export function modulo(spot: Spot): void {
  const [a, b] = spot.inputs as [string, string];
  spot.result('Sub', [a, spot.step('Mul', [b, spot.step('Floor', [spot.step('Div', [a, b])])])]);
}
export function squaredDifference(spot: Spot): void {
  const difference = spot.step('Sub', spot.inputs);
  spot.result('Mul', [difference, difference]);
}

/** One value for all elements is written for each. */
function stored(spot: Spot): string {
  const sides = sizesOf(spot.values['shape'] as Shape);
  const values = spot.values['values'] as readonly number[];
  return spot.floats(
    'constant',
    values.length === 1 ? new Array<number>(product(sides)).fill(values[0]!) : values,
    sides,
  );
}
export function constant(spot: Spot): void {
  spot.result('Identity', [stored(spot)]);
}
export function maximumWith(spot: Spot): void {
  spot.result('Max', [spot.x, stored(spot)]);
}
export function minimumWith(spot: Spot): void {
  spot.result('Min', [spot.x, stored(spot)]);
}
