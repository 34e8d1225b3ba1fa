// Which ops are the nodes of TensorFlow that multiply? Convolutions and products, with the bias and the activation that are fused into them.

import { equal, isNumber } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import type { Pair, Padding } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { samePadding, type Window } from '../tfjs/same.js';
import { ACTIVATIONS } from './functions.js';
import type { Constant } from './constants.js';
import { isConstant, type NodeCall } from './nodeCall.js';

/** [height, width] of four numbers for [N, H, W, C]. */
export function inner(call: NodeCall, key: string): Pair {
  const all = call.attributes.integers(key);
  if (all.length === 0) return [1, 1];
  const [n, h, w, c] = all;
  if (all.length !== 4 || n !== 1 || c !== 1 || !(h! > 0 && w! > 0))
    throw new InputError(`its ${key} are ${all.join(', ')}`);
  return [h!, w!];
}

export function paddingOf(call: NodeCall, window: Window): Padding {
  const padding = call.attributes.text('padding', 'VALID');
  const [, , h, w] = call.image.shape;
  if (padding === 'SAME') return samePadding([h!, w!], window);
  if (padding === 'VALID') return [0, 0, 0, 0];
  const [, , top, bottom, left, right] = call.attributes.integers('explicit_paddings');
  if (padding === 'EXPLICIT' && right !== undefined) return [top!, left!, bottom!, right];
  throw new InputError(`its padding is ${shown(padding)}`);
}

export function demandLast(call: NodeCall): void {
  const format = call.attributes.text('data_format', 'NHWC');
  if (format !== 'NHWC') throw new InputError(`its data_format is ${shown(format)}, and NHWC is read`);
}

/** [height, width, input, output]. */
function filterOf(call: NodeCall): readonly [number, number, number, number] {
  const { sides } = call.constant(1);
  if (sides.length !== 4) throw new InputError(`its filter has ${sides.length} sides`);
  return sides as readonly [number, number, number, number];
}

export function conv2d(call: NodeCall): Value {
  const [height, width, seen, channels] = filterOf(call);
  const has = call.image.shape[1]!;
  if (!isNumber(has) || has % seen !== 0) throw new InputError(`its filter sees ${seen} of ${show(has)} channels`);
  return convolved(call, [height, width], channels, has / seen);
}

export function depthwiseConv2d(call: NodeCall): Value {
  const [height, width, seen, multiplier] = filterOf(call);
  if (!equal(call.image.shape[1]!, seen)) throw new InputError(`its filter is for ${seen} channels`);
  return convolved(call, [height, width], seen * multiplier, seen);
}

function convolved(call: NodeCall, kernel: Pair, channels: number, groups: number): Value {
  demandLast(call);
  const window = { kernel, stride: inner(call, 'strides'), dilation: inner(call, 'dilations') };
  const { bias } = fusedInto(call);
  const given = { ...window, channels, groups, padding: paddingOf(call, window), bias: bias !== undefined };
  return finished(call, call.apply('conv', '', call.image, given, [call.constant(1), bias]));
}

/** A product with learnt weights, or of two computed matrices. */
export function matMul(call: NodeCall): Value {
  const { x, attributes } = call;
  const [a, b] = [attributes.flag('transpose_a', false), attributes.flag('transpose_b', false)];
  const weight = call.operands[1];
  if (a || x.shape.length !== 2) throw new InputError('is a product that has no op');
  if (weight === undefined || !isConstant(weight)) {
    if (b) throw new InputError('is a product with a transposed tensor: that has no op');
    return finished(call, call.apply('matmul', '', [x, call.value(1)]));
  }
  const [rows, columns] = weight.sides;
  const [seen, features] = b ? [columns, rows] : [rows, columns];
  if (weight.sides.length !== 2 || !equal(x.shape[1]!, seen!))
    throw new InputError(`its weight is ${weight.sides.join('x')}, and its input has ${show(x.shape[1]!)} features`);
  const { bias } = fusedInto(call);
  return finished(call, call.apply('linear', '', x, { features: features!, bias: bias !== undefined }, [weight, bias]));
}

/** What `fused_ops` say: a bias first, then an activation; or a bias that the next node adds. */
function fusedInto(call: NodeCall): { readonly bias: Constant | undefined; readonly activation: string | undefined } {
  const fused = call.attributes.texts('fused_ops');
  const [first, ...rest] = fused;
  if (first === undefined) return { bias: call.around.bias, activation: undefined };
  const biased = first === 'BiasAdd';
  const activations = biased ? rest : fused;
  if (activations.length > 1 || activations.some((name) => !Object.hasOwn(ACTIVATIONS, name)))
    throw new InputError(`does not know its fused ${activations.map(shown).join(', ')}`);
  return { bias: biased ? call.constant(2) : undefined, activation: activations[0] };
}

function finished(call: NodeCall, made: Value): Value {
  const { bias, activation } = fusedInto(call);
  if (activation === undefined) return made;
  return ACTIVATIONS[activation]!(call, made, activation.toLowerCase(), bias ? 3 : 2);
}
