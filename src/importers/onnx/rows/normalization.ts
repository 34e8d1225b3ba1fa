// Rows of norms. Scale and shift are parameters; running statistics and filled-in ones are not.

import { div, equal, product } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import type { Shape } from '../../../shape.js';
import type { Constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { asParameter, type Call, type Results, type OnnxRow } from '../onnxCall.js';

/** What stands there where a norm has no scale, and no shift. */
const NEUTRAL = { scale: 1, shift: 0 } as const;
type AffinePart = keyof typeof NEUTRAL;

/** Undefined for a constant that an exporter made because its format demands one. */
export function learntPart(call: Call, i: number, part: AffinePart): Constant | undefined {
  const constant = call.constant(i);
  if (!constant) return undefined;
  const stored = (constant.stored ?? []).length > 0;
  const { items = [] } = constant;
  const neutral = items.length > 0 && items.every((item) => item === NEUTRAL[part]);
  return !stored && neutral ? undefined : asParameter(constant, call.file.inputs[i]!);
}

/** @throws InputError unless it has one number for each channel */
function demandPerChannel(call: Call, i: number, what: string): void {
  const weight = call.weight(i, what);
  const input = call.shape(0);
  if (weight.shape.length === 1 && input.length > 1 && equal(weight.shape[0]!, input[1]!)) return;
  throw call.misfit(what, weight.shape, input);
}

/** Fields of a norm that has these parts. */
export const affine = (scale: Constant | undefined, shift: Constant | undefined) => ({
  affine: scale !== undefined || shift !== undefined,
  scale: scale !== undefined,
  shift: shift !== undefined,
});

/** Scale and shift from inputs 1 and 2. */
const partsOf = (call: Call) => ({ scale: learntPart(call, 1, 'scale'), shift: learntPart(call, 2, 'shift') });

function batchNorm(call: Call): Results {
  if (call.file.attributes.int('spatial', 1) === 0)
    throw new Uncounted('it normalises each position by itself (spatial = 0), which no norm of flopscope does');
  for (const [i, what] of ['scales', 'shifts', 'means', 'variances'].entries()) demandPerChannel(call, i + 1, what);
  const { scale, shift } = partsOf(call);
  const made = call.apply('batchNorm', call.data(0), affine(scale, shift), { scale, shift });
  return call.normed(made, trains(call) ? 'train' : 'eval');
}

/** Before opset 14 a norm that is trained gives its statistics, too. */
const trains = ({ file: { attributes, outputs } }: Call): boolean =>
  attributes.int('training_mode', 0) !== 0 || outputs.slice(1).some((name) => name !== '');

function layerNorm(call: Call): Results {
  const first = call.axis(call.file.attributes.int('axis', -1));
  call.weight(1, 'scales');
  call.optional(2, 'shifts');
  const { scale, shift } = partsOf(call);
  return normalised(call, first, scale, shift);
}

/** Over all sides from `first` on. */
export function normalised(
  call: Call,
  first: number,
  scale: Constant | undefined,
  shift: Constant | undefined,
  x: Value = call.data(0),
): Results {
  const sides = x.shape;
  const axes = Array.from({ length: sides.length - first }, (_, i) => first + i);
  demandFit(call, [scale, shift], sides.slice(first));
  return call.apply('layerNorm', x, { axes, ...affine(scale, shift) }, { scale, shift });
}

function demandFit(call: Call, weights: readonly (Constant | undefined)[], sides: Shape): void {
  for (const weight of weights)
    if (weight && !equal(product(weight.shape), product(sides)))
      throw call.misfit('scales', weight.shape, call.shape(0));
}

/** Without a mean: opset 23, and what exporters called it before. */
function rmsNorm(call: Call): Results {
  const first = call.axis(call.file.attributes.int('axis', -1));
  call.optional(1, 'scales');
  return rmsNormalised(call, first, learntPart(call, 1, 'scale'), call.data(0));
}

/** Over all sides from `first` on. */
export function rmsNormalised(call: Call, first: number, scale: Constant | undefined, x: Value): Results {
  demandFit(call, [scale], x.shape.slice(first));
  const axes = Array.from({ length: x.shape.length - first }, (_, i) => first + i);
  return call.apply('rmsNorm', x, { axes, affine: scale !== undefined }, { scale });
}

function instanceNorm(call: Call): Results {
  for (const [i, what] of ['scales', 'shifts'].entries()) demandPerChannel(call, i + 1, what);
  const { scale, shift } = partsOf(call);
  return call.apply(
    'groupNorm',
    call.data(0),
    { groups: call.shape(0)[1]!, ...affine(scale, shift) },
    { scale, shift },
  );
}

/** Until opset 20 it had one scale per group, from 21 on one per channel. */
function groupNorm(call: Call): Results {
  const groups = call.file.attributes.int('num_groups', 1);
  const [given] = [call.weight(1, 'scales'), call.weight(2, 'shifts')];
  const channels = call.shape(0)[1];
  if (channels === undefined) throw call.misfit('scales', given.shape, call.shape(0));
  div(channels, groups);
  if (!equal(product(given.shape), channels)) return call.apply('groupNorm', call.data(0), { groups, affine: false });
  const { scale, shift } = partsOf(call);
  return call.apply('groupNorm', call.data(0), { groups, ...affine(scale, shift) }, { scale, shift });
}

/** Without a factor: the length, and a quotient. */
function lengths(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const axes = [call.axis(attributes.int('axis', -1))];
  const mode = attributes.int('p', 2) === 1 ? 'l1' : 'norm';
  const length = call.apply('reduce', x, { axes, mode }, {}, 'length');
  return call.apply('divide', [x, length]);
}

const meanVariance = (call: Call): Results =>
  call.apply('meanVarianceNorm', call.data(0), { axes: call.axes(call.file.attributes.ints('axes') ?? [0, 2, 3]) });

const localResponse = (call: Call): Results =>
  call.apply('localResponseNorm', call.data(0), { size: call.file.attributes.int('size', 1) });

export const NORMS: Readonly<Record<string, OnnxRow>> = {
  BatchNormalization: { weights: [1, 2, 3, 4], convert: batchNorm },
  LayerNormalization: { weights: [1, 2], convert: layerNorm },
  InstanceNormalization: { weights: [1, 2], convert: instanceNorm },
  GroupNormalization: { weights: [1, 2], convert: groupNorm },
  RMSNormalization: { weights: [1], convert: rmsNorm },
  SimplifiedLayerNormalization: { weights: [1], convert: rmsNorm },
  LpNormalization: { convert: lengths },
  MeanVarianceNormalization: { convert: meanVariance },
  LRN: { convert: localResponse },
};
