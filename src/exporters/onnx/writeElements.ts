// Writes elementwise functions, comparisons and constants. ONNX has booleans; ours are 1 and 0.

import type { Shape } from '../../shape.js';
import { product, sizesOf } from '../../weights/weights.js';
import { float, type Attributes, type NodeWriter } from './writeDraft.js';
import { DATA_TYPES } from '../../importers/onnx/messages.js';

type Write = (writer: NodeWriter) => void;

const alone =
  (type: string, attributes: (writer: NodeWriter) => Attributes = () => ({})): Write =>
  (writer) => {
    writer.result(type, writer.inputs, attributes(writer));
  };
const real = (writer: NodeWriter, field: string) => float(writer.values[field] as number);
const one = (writer: NodeWriter, label: string, value: number): string => writer.floats(label, [value], []);

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
export const celu = alone('Celu', (writer) => ({ alpha: real(writer, 'alpha') }));
export const thresholdedRelu = alone('ThresholdedRelu', (writer) => ({ alpha: real(writer, 'threshold') }));
export const logSoftmax = alone('LogSoftmax', (writer) => ({ axis: writer.values['axis'] as number }));

export function square(writer: NodeWriter): void {
  writer.result('Mul', [writer.x, writer.x]);
}
export function truncate(writer: NodeWriter): void {
  writer.result('Mul', [writer.step('Sign', [writer.x]), writer.step('Floor', [writer.step('Abs', [writer.x])])]);
}
export function reciprocalSquareRoot(writer: NodeWriter): void {
  writer.result('Reciprocal', [writer.step('Sqrt', [writer.x])]);
}
export function exponentialMinusOne(writer: NodeWriter): void {
  writer.result('Sub', [writer.step('Exp', [writer.x]), one(writer, 'one', 1)]);
}
export function logarithmOnePlus(writer: NodeWriter): void {
  writer.result('Log', [writer.step('Add', [writer.x, one(writer, 'one', 1)])]);
}
export function logSigmoid(writer: NodeWriter): void {
  writer.result('Neg', [writer.step('Softplus', [writer.step('Neg', [writer.x])])]);
}
export function quickGelu(writer: NodeWriter): void {
  writer.result('Mul', [
    writer.x,
    writer.step('Sigmoid', [writer.step('Mul', [writer.x, one(writer, 'factor', 1.702)])]),
  ]);
}
export function shrink(writer: NodeWriter): void {
  const { mode, lambda } = writer.values;
  if (mode === 'tanh') writer.result('Sub', [writer.x, writer.step('Tanh', [writer.x])]);
  else
    writer.result('Shrink', [writer.x], {
      lambd: float(lambda as number),
      bias: float(mode === 'soft' ? (lambda as number) : 0),
    });
}

/** Any number but 0 is true. */
const truth = (writer: NodeWriter, input: string): string => writer.step('Cast', [input], { to: DATA_TYPES.bool });
const asNumber = (writer: NodeWriter, type: string, inputs: readonly string[]): void => {
  writer.result('Cast', [writer.step(type, inputs)], { to: DATA_TYPES.float });
};
const compared =
  (type: string): Write =>
  (writer) => {
    asNumber(writer, type, writer.inputs);
  };
const joined =
  (type: string): Write =>
  (writer) => {
    asNumber(
      writer,
      type,
      writer.inputs.map((input) => truth(writer, input)),
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
export function notEqual(writer: NodeWriter): void {
  asNumber(writer, 'Not', [writer.step('Equal', writer.inputs)]);
}
export function select(writer: NodeWriter): void {
  const [condition, ...choices] = writer.inputs;
  writer.result('Where', [truth(writer, condition!), ...choices]);
}
export function maskedFill(writer: NodeWriter): void {
  writer.result('Where', [
    truth(writer, writer.inputs[1]!),
    one(writer, 'value', writer.values['value'] as number),
    writer.x,
  ]);
}

export const powerOf = alone('Pow');
export function floorDivide(writer: NodeWriter): void {
  writer.result('Floor', [writer.step('Div', writer.inputs)]);
}
/** ONNX's Mod of real numbers has the sign of the first. */
export function modulo(writer: NodeWriter): void {
  const [a, b] = writer.inputs as [string, string];
  writer.result('Sub', [a, writer.step('Mul', [b, writer.step('Floor', [writer.step('Div', [a, b])])])]);
}
export function squaredDifference(writer: NodeWriter): void {
  const difference = writer.step('Sub', writer.inputs);
  writer.result('Mul', [difference, difference]);
}

/** One value for all elements is written for each. */
function stored(writer: NodeWriter): string {
  const sides = sizesOf(writer.values['shape'] as Shape);
  const values = writer.values['values'] as readonly number[];
  return writer.floats(
    'constant',
    values.length === 1 ? new Array<number>(product(sides)).fill(values[0]!) : values,
    sides,
  );
}
export function constant(writer: NodeWriter): void {
  writer.result('Identity', [stored(writer)]);
}
export function maximumWith(writer: NodeWriter): void {
  writer.result('Max', [writer.x, stored(writer)]);
}
export function minimumWith(writer: NodeWriter): void {
  writer.result('Min', [writer.x, stored(writer)]);
}
