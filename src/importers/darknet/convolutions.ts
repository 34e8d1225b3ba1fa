// Darknet's layers with weights: convolutions with its padding, and fully connected layers.

import type { OpGiven } from '../../builder.js';
import { equal, isNumber } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import { complete } from '../../fields.js';
import { tensorId, type Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { opOf, type OpName } from '../../ops/table.js';
import { elements, windowCount, type Shape } from '../../shape.js';
import type { Parameters } from '../kit/call.js';
import { constant } from '../kit/operand.js';
import { activated } from './activations.js';
import { sharedLayer, type Call, type DarknetCall } from './calls.js';

/** An image of what a layer reads: what a fully connected layer made is one of 1x1. */
export function imageIn(call: Call, i = 0): Value {
  const x = call.data(i);
  if (x.shape.length === 4) return x;
  return call.apply('view', x, { shape: [...x.shape, 1, 1].slice(0, 4) }, {}, `image${i === 0 ? '' : i}`);
}

/** Everything of an image in one row. */
export function flatIn(call: Call): Value {
  const x = call.data(0);
  return x.shape.length === 2 ? x : call.apply('flatten', x, {}, {}, 'flatten');
}

/** [rows, columns]: AlexeyAB's fork has one stride for each, written either way. */
export function strideOf({ section }: DarknetCall): readonly [number, number] {
  const stride = section.integer('stride', 1, 1);
  const [x, y] = [section.integer('stride_x', stride), section.integer('stride_y', stride)];
  return [y < 1 ? stride : y, x < 1 ? stride : x];
}

/** `pad=1` is half of the kernel, whatever `padding` says. */
export const paddingOf = ({ section }: DarknetCall, size: number): number =>
  section.flag('pad') ? Math.floor(size / 2) : section.integer('padding', 0, 0);

/**
 * A norm where the section asks for one, then its activation. With a norm the layer's biases are
 * the norm's shifts.
 */
function finished(call: Call, x: Value, parameters: Parameters): Value {
  const normed = isNormed(call) ? call.apply('batchNorm', x, {}, parameters, 'norm') : x;
  return activated(call, normed, 'logistic');
}

/** 2 is the fork's norm across mini-batches (cbn). */
export const isNormed = ({ file: { section } }: Call): boolean =>
  section.flag('batch_normalize') || section.flag('cbn');

export function convolutional(call: Call): Value {
  const { section } = call.file;
  const size = section.integer('size', 1, 1);
  const dilation = size === 1 ? 1 : section.integer('dilation', 1, 1);
  const blur = section.integer('antialiasing', 0);
  const pad = paddingOf(call.file, size);
  const given = {
    channels: section.integer('filters', 1, 1),
    kernel: size,
    // An antialiased layer strides in its blur.
    stride: blur === 0 ? strideOf(call.file) : ([1, 1] as const),
    padding: pad * dilation,
    dilation,
    // Networks of binary weights have no groups.
    groups: section.flag('xnor') ? 1 : Math.max(1, section.integer('groups', 1)),
    bias: !isNormed(call),
  };
  const x = imageIn(call);
  if (dilation > 1) demandDilated(x, size, pad, dilation);
  const made = call.apply('conv', x, given, shared(call, 'conv', x, given, ''));
  const norm = isNormed(call) ? shared(call, 'batchNorm', made, {}, 'norm') : {};
  const active = finished(call, made, norm);
  return blur === 0 ? active : blurred(call, active, blur);
}

/**
 * The fork computes the output of a dilated layer as if there were no dilation: that must come to
 * the same.
 */
function demandDilated(x: Value, size: number, pad: number, dilation: number): void {
  for (const side of x.shape.slice(2)) {
    const plain = windowCount(side, { kernel: size, stride: 1, pad: [pad, pad] });
    const dilated = windowCount(side, { kernel: size, stride: 1, pad: [pad * dilation, pad * dilation], dilation });
    if (!equal(plain, dilated))
      throw new InputError(
        `a dilation of ${dilation} needs a padding of half of the kernel: this one makes ${show(dilated)} of ${show(side)}, and darknet takes ${show(plain)}`,
        'dilation',
      );
  }
}

/**
 * A depthwise convolution with fixed weights, 3x3, or 2x2 where `antialiasing=2`: its weights are
 * not learnt.
 */
export function blurred(call: Call, x: Value, kind: number): Value {
  const [size, pad] = kind === 2 ? [2, 0] : [3, 1];
  const channels = x.shape[1]!;
  const given = { channels, groups: channels, kernel: size, stride: strideOf(call.file), padding: pad };
  const fixed = { weight: constant('float', [channels, 1, size, size], undefined, FIXED) };
  return call.apply('conv', x, given, fixed, 'blur');
}

/** Numbers that are the same in every network cost no parameters. */
const FIXED = [{ id: 'the weights of a blur', elements: 0 }] as const;

/** The tensors of the layer that `share_index` names; none where it names none. */
function shared<K extends OpName>(call: Call, op: K, x: Value, given: OpGiven<K>, part: string): Parameters {
  const layer = sharedLayer(call.file);
  if (layer === undefined) return {};
  const owner = `${layer}_conv${part === '' ? '' : `.${part}`}`;
  const params = opOf(op).params?.([x.shape], complete(opOf(op).fields, given)) ?? {};
  return Object.fromEntries(
    Object.entries(params).map(([name, shape]: [string, Shape]) => [
      name,
      constant('float', shape, undefined, [{ id: tensorId(owner, name), elements: elements(shape) }]),
    ]),
  );
}

export function deconvolutional(call: Call): Value {
  const { section } = call.file;
  const kernel = section.integer('size', 1, 1);
  const made = call.apply('convTranspose', imageIn(call), {
    channels: section.integer('filters', 1, 1),
    kernel,
    stride: section.integer('stride', 1, 1),
    padding: paddingOf(call.file, kernel),
    bias: !isNormed(call),
  });
  return finished(call, made, {});
}

/** With `pad` the output has a place for every stride-th element, whatever the kernel. */
export function local(call: Call): Value {
  const { section } = call.file;
  const kernel = section.integer('size', 1, 1);
  const around = section.flag('pad') ? kernel - 1 : 0;
  const [before, after] = [Math.floor(around / 2), Math.ceil(around / 2)];
  const made = call.apply('localConv', imageIn(call), {
    channels: section.integer('filters', 1, 1),
    kernel,
    stride: section.integer('stride', 1, 1),
    padding: [before, before, after, after],
    bias: true,
  });
  return activated(call, made, 'logistic');
}

/** A fully connected layer has as many weights as the image has elements. */
export function demandSized({ shape: [, features] }: Value): void {
  if (!isNumber(features!)) throw new InputError('it reads a whole image, which must have a size');
}

export function connected(call: Call): Value {
  const features = call.file.section.integer('output', 1, 1);
  const x = flatIn(call);
  demandSized(x);
  return finished(call, call.apply('linear', x, { features, bias: !isNormed(call) }), {});
}
