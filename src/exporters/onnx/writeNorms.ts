// Writes norms as ONNX: one op where opset 17 has it for channels, else several.

import { EPSILON, product, sizesOf } from '../../weights/weights.js';
import { AS_INPUT, float, inner, type NodeWriter } from './writeDraft.js';

const channelsOf = ({ shaped }: NodeWriter): number => sizesOf([shaped.inputs[0]![1]!])[0]!;

/** Sides with which a value per channel meets the second of them. */
const perChannel = (writer: NodeWriter): readonly number[] => [
  channelsOf(writer),
  ...new Array<number>(writer.shaped.node.shape.length - 2).fill(1),
];

const all = (count: number, value: number): number[] => new Array<number>(count).fill(value);

/** The learnt scale or shift, or the identity, which ONNX requires as a tensor. */
function scaleAndShift(writer: NodeWriter, sides: readonly number[]): readonly [string, string] {
  const one = (parameter: 'scale' | 'shift', identity: number): string =>
    writer.has(parameter)
      ? writer.weight(parameter, sides)
      : writer.floats(parameter, all(product(sides), identity), sides);
  return [one('scale', 1), one('shift', 0)];
}

export function batchNorm(writer: NodeWriter): void {
  const channels = [channelsOf(writer)];
  const statistics = [writer.weight('mean', channels), writer.weight('variance', channels)];
  writer.result('BatchNormalization', [writer.x, ...scaleAndShift(writer, channels), ...statistics], {
    epsilon: float(EPSILON),
  });
}

/** ONNX normalises the last sides: others are transposed to the end and back. */
export function layerNorm(writer: NodeWriter): void {
  const rank = writer.shaped.node.shape.length;
  const axes = writer.values['axes'] as readonly number[];
  const sides = axes.map((axis) => sizesOf([writer.shaped.inputs[0]![axis]!])[0]!);
  const learnt = scaleAndShift(writer, sides);
  const attributes = { axis: -axes.length, epsilon: float(EPSILON) };
  const order = [...Array.from({ length: rank }, (_, i) => i).filter((side) => !axes.includes(side)), ...axes];
  if (order.every((side, i) => side === i)) {
    writer.result('LayerNormalization', [writer.x, ...learnt], attributes);
    return;
  }
  const last = writer.step('Transpose', [writer.x], { perm: order });
  const normed = writer.step('LayerNormalization', [last, ...learnt], attributes);
  writer.result('Transpose', [normed], { perm: order.map((_, side) => order.indexOf(side)) });
}

/**
 * AlexNet's constants; ONNX has it across channels, and what lies within a square is a mean of
 * squares.
 */
export function localResponseNorm(writer: NodeWriter): void {
  const size = writer.values['size'] as number;
  if (writer.values['region'] === 'across') {
    writer.result('LRN', [writer.x], { size, alpha: float(1e-4), beta: float(0.75), bias: float(1) });
    return;
  }
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const window = { kernel_shape: [size, size], pads: [before, before, after, after], count_include_pad: 1 };
  const mean = writer.step('AveragePool', [writer.step('Mul', [writer.x, writer.x])], window);
  const scaled = writer.step('Mul', [mean, writer.floats('alpha', [1e-4], [])]);
  const sum = writer.step('Add', [scaled, writer.floats('one', [1], [])]);
  writer.result('Div', [writer.x, writer.step('Pow', [sum, writer.floats('beta', [0.75], [])])]);
}

/**
 * Each group in a row of its own, which is normalised as an instance is; opset 18 has an op for it.
 */
export function groupNorm(writer: NodeWriter): void {
  const groups = writer.values['groups'] as number;
  const grouped = writer.step('Reshape', [writer.x, writer.ints('groups', [AS_INPUT, groups, -1])]);
  const identity = [writer.floats('one', all(groups, 1)), writer.floats('zero', all(groups, 0))];
  const normed = writer.step('InstanceNormalization', [grouped, ...identity], { epsilon: float(EPSILON) });
  const whole = [normed, writer.ints('shape', [AS_INPUT, ...inner(writer.shaped.node.shape)])];
  if (!writer.has('scale') && !writer.has('shift')) {
    writer.result('Reshape', whole);
    return;
  }
  const [scale, shift] = scaleAndShift(writer, perChannel(writer));
  writer.result('Add', [writer.step('Mul', [writer.step('Reshape', whole), scale]), shift]);
}

export function l2Norm(writer: NodeWriter): void {
  const axes = writer.values['axes'] as readonly number[];
  const length = (): string => writer.step('ReduceL2', [writer.x], { axes, keepdims: 1 });
  const factor = writer.values['factor'];
  if (factor === 'none') {
    writer.result('Div', [writer.x, length()]);
    return;
  }
  const unit =
    axes.length === 1
      ? writer.step('LpNormalization', [writer.x], { axis: axes[0]!, p: 2 })
      : writer.step('Div', [writer.x, length()]);
  writer.result('Mul', [unit, writer.weight('factor', factor === 'shared' ? [1] : perChannel(writer))]);
}

export function instanceNorm(writer: NodeWriter): void {
  writer.result('InstanceNormalization', [writer.x, ...scaleAndShift(writer, [channelsOf(writer)])], {
    epsilon: float(EPSILON),
  });
}

/** x over the root of the mean of `from` squared, along some sides. */
function overRoot(writer: NodeWriter, from: string, axes: readonly number[]): readonly [string, string] {
  const mean = writer.step('ReduceMean', [writer.step('Mul', [from, from])], { axes, keepdims: 1 });
  return [from, writer.step('Sqrt', [writer.step('Add', [mean, writer.floats('epsilon', [EPSILON], [])])])];
}

export function rmsNorm(writer: NodeWriter): void {
  const axes = writer.values['axes'] as readonly number[];
  const operands = overRoot(writer, writer.x, axes);
  if (!writer.has('scale')) {
    writer.result('Div', operands);
    return;
  }
  const sides = sizesOf(writer.shaped.inputs[0]!).map((side, i) => (axes.includes(i) ? side : 1));
  writer.result('Mul', [writer.step('Div', operands), writer.weight('scale', sides)]);
}

export function meanVarianceNorm(writer: NodeWriter): void {
  const axes = writer.values['axes'] as readonly number[];
  const mean = writer.step('ReduceMean', [writer.x], { axes, keepdims: 1 });
  if (writer.values['variance'] === true)
    writer.result('Div', overRoot(writer, writer.step('Sub', [writer.x, mean]), axes));
  else writer.result('Sub', [writer.x, mean]);
}
