// Writes norms as ONNX: one op where opset 17 has it for channels, else several.

import { EPSILON, product, sizesOf } from '../../weights/weights.js';
import { AS_INPUT, float, inner, type Spot } from './writeDraft.js';

const channelsOf = ({ site }: Spot): number => sizesOf([site.inputs[0]![1]!])[0]!;

/** Sides with which a value per channel meets the second of them. */
const perChannel = (spot: Spot): readonly number[] => [
  channelsOf(spot),
  ...new Array<number>(spot.site.node.shape.length - 2).fill(1),
];

const all = (count: number, value: number): number[] => new Array<number>(count).fill(value);

/** The learnt scale or shift, or the identity, which ONNX requires as a tensor. */
function scaleAndShift(spot: Spot, sides: readonly number[]): readonly [string, string] {
  const one = (parameter: 'scale' | 'shift', identity: number): string =>
    spot.has(parameter) ? spot.weight(parameter, sides) : spot.floats(parameter, all(product(sides), identity), sides);
  return [one('scale', 1), one('shift', 0)];
}

export function batchNorm(spot: Spot): void {
  const channels = [channelsOf(spot)];
  const statistics = [spot.weight('mean', channels), spot.weight('variance', channels)];
  spot.result('BatchNormalization', [spot.x, ...scaleAndShift(spot, channels), ...statistics], {
    epsilon: float(EPSILON),
  });
}

/** ONNX normalises the last sides: others are transposed to the end and back. */
export function layerNorm(spot: Spot): void {
  const rank = spot.site.node.shape.length;
  const axes = spot.values['axes'] as readonly number[];
  const sides = axes.map((axis) => sizesOf([spot.site.inputs[0]![axis]!])[0]!);
  const learnt = scaleAndShift(spot, sides);
  const attributes = { axis: -axes.length, epsilon: float(EPSILON) };
  const order = [...Array.from({ length: rank }, (_, i) => i).filter((side) => !axes.includes(side)), ...axes];
  if (order.every((side, i) => side === i)) {
    spot.result('LayerNormalization', [spot.x, ...learnt], attributes);
    return;
  }
  const last = spot.step('Transpose', [spot.x], { perm: order });
  const normed = spot.step('LayerNormalization', [last, ...learnt], attributes);
  spot.result('Transpose', [normed], { perm: order.map((_, side) => order.indexOf(side)) });
}

/**
 * AlexNet's constants; ONNX has it across channels, and what lies within a square is a mean of
 * squares.
 */
export function localResponseNorm(spot: Spot): void {
  const size = spot.values['size'] as number;
  if (spot.values['region'] === 'across') {
    spot.result('LRN', [spot.x], { size, alpha: float(1e-4), beta: float(0.75), bias: float(1) });
    return;
  }
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const window = { kernel_shape: [size, size], pads: [before, before, after, after], count_include_pad: 1 };
  const mean = spot.step('AveragePool', [spot.step('Mul', [spot.x, spot.x])], window);
  const scaled = spot.step('Mul', [mean, spot.floats('alpha', [1e-4], [])]);
  const sum = spot.step('Add', [scaled, spot.floats('one', [1], [])]);
  spot.result('Div', [spot.x, spot.step('Pow', [sum, spot.floats('beta', [0.75], [])])]);
}

/**
 * Each group in a row of its own, which is normalised as an instance is; opset 18 has an op for it.
 */
export function groupNorm(spot: Spot): void {
  const groups = spot.values['groups'] as number;
  const apart = spot.step('Reshape', [spot.x, spot.ints('groups', [AS_INPUT, groups, -1])]);
  const identity = [spot.floats('one', all(groups, 1)), spot.floats('zero', all(groups, 0))];
  const normed = spot.step('InstanceNormalization', [apart, ...identity], { epsilon: float(EPSILON) });
  const whole = [normed, spot.ints('shape', [AS_INPUT, ...inner(spot.site.node.shape)])];
  if (!spot.has('scale') && !spot.has('shift')) {
    spot.result('Reshape', whole);
    return;
  }
  const [scale, shift] = scaleAndShift(spot, perChannel(spot));
  spot.result('Add', [spot.step('Mul', [spot.step('Reshape', whole), scale]), shift]);
}

export function l2Norm(spot: Spot): void {
  const axes = spot.values['axes'] as readonly number[];
  const length = (): string => spot.step('ReduceL2', [spot.x], { axes, keepdims: 1 });
  const factor = spot.values['factor'];
  if (factor === 'none') {
    spot.result('Div', [spot.x, length()]);
    return;
  }
  const unit =
    axes.length === 1
      ? spot.step('LpNormalization', [spot.x], { axis: axes[0]!, p: 2 })
      : spot.step('Div', [spot.x, length()]);
  spot.result('Mul', [unit, spot.weight('factor', factor === 'shared' ? [1] : perChannel(spot))]);
}

export function instanceNorm(spot: Spot): void {
  spot.result('InstanceNormalization', [spot.x, ...scaleAndShift(spot, [channelsOf(spot)])], {
    epsilon: float(EPSILON),
  });
}

/** x over the root of the mean of `from` squared, along some sides. */
function overRoot(spot: Spot, from: string, axes: readonly number[]): readonly [string, string] {
  const mean = spot.step('ReduceMean', [spot.step('Mul', [from, from])], { axes, keepdims: 1 });
  return [from, spot.step('Sqrt', [spot.step('Add', [mean, spot.floats('epsilon', [EPSILON], [])])])];
}

export function rmsNorm(spot: Spot): void {
  const axes = spot.values['axes'] as readonly number[];
  const operands = overRoot(spot, spot.x, axes);
  if (!spot.has('scale')) {
    spot.result('Div', operands);
    return;
  }
  const sides = sizesOf(spot.site.inputs[0]!).map((side, i) => (axes.includes(i) ? side : 1));
  spot.result('Mul', [spot.step('Div', operands), spot.weight('scale', sides)]);
}

export function meanVarianceNorm(spot: Spot): void {
  const axes = spot.values['axes'] as readonly number[];
  const mean = spot.step('ReduceMean', [spot.x], { axes, keepdims: 1 });
  if (spot.values['variance'] === true) spot.result('Div', overRoot(spot, spot.step('Sub', [spot.x, mean]), axes));
  else spot.result('Sub', [spot.x, mean]);
}
