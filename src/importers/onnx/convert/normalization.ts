// How are norms read? Scale and shift are parameters, running statistics are not.

import { div, equal, product } from '../../../dim/dim.js';
import type { Constant } from '../operand.js';
import type { Conversion, Made, Row } from './conversion.js';
import { Uncounted } from '../uncounted.js';

function perChannel(call: Conversion, i: number, what: string): Constant {
  const weight = call.weight(i, what);
  const input = call.shape(0);
  if (weight.shape.length === 1 && input.length > 1 && equal(weight.shape[0]!, input[1]!)) return weight;
  throw call.misfit(what, weight.shape, input);
}

function batchNorm(call: Conversion): Made {
  if (call.attributes.int('spatial', 1) === 0)
    throw new Uncounted('it normalises each position by itself (spatial = 0), which no norm of flopscope does');
  const [scale, shift] = [perChannel(call, 1, 'scales'), perChannel(call, 2, 'shifts')];
  perChannel(call, 3, 'means');
  perChannel(call, 4, 'variances');
  return call.apply('batchNorm', call.data(0), {}, { scale, shift });
}

function layerNorm(call: Conversion): Made {
  const x = call.data(0);
  const first = call.axis(call.attributes.int('axis', -1));
  return normalised(call, first, call.weight(1, 'scales'), call.optional(2, 'shifts'), x.shape.length);
}

/** Over all sides from `first` on. */
export function normalised(
  call: Conversion,
  first: number,
  scale: Constant | undefined,
  shift: Constant | undefined,
  rank: number,
): Made {
  const axes = Array.from({ length: rank - first }, (_, i) => first + i);
  const sides = call.shape(0).slice(first);
  for (const weight of [scale, shift])
    if (weight && !equal(product(weight.shape), product(sides)))
      throw call.misfit('scales', weight.shape, call.shape(0));
  return call.apply('layerNorm', call.data(0), { axes, affine: scale !== undefined }, { scale, shift });
}

function instanceNorm(call: Conversion): Made {
  const [scale, shift] = [perChannel(call, 1, 'scales'), perChannel(call, 2, 'shifts')];
  return call.apply('groupNorm', call.data(0), { groups: call.shape(0)[1]! }, { scale, shift });
}

/** Until opset 20 it had one scale per group, from 21 on one per channel. */
function groupNorm(call: Conversion): Made {
  const groups = call.attributes.int('num_groups', 1);
  const [scale, shift] = [call.weight(1, 'scales'), call.weight(2, 'shifts')];
  const channels = call.shape(0)[1];
  if (channels === undefined) throw call.misfit('scales', scale.shape, call.shape(0));
  div(channels, groups);
  const learnt = equal(product(scale.shape), channels);
  return call.apply('groupNorm', call.data(0), { groups, affine: learnt }, { scale, shift });
}

/** Without a factor: the length, and a quotient. */
function lengths(call: Conversion): Made {
  const x = call.data(0);
  const axes = [call.axis(call.attributes.int('axis', -1))];
  const length = call.apply(
    'reduce',
    x,
    { axes, mode: call.attributes.int('p', 2) === 1 ? 'sum' : 'norm' },
    {},
    'length',
  );
  return call.apply('divide', [x, length]);
}

export const NORMS: Readonly<Record<string, Row>> = {
  BatchNormalization: { weights: [1, 2, 3, 4], convert: batchNorm },
  LayerNormalization: { weights: [1, 2], convert: layerNorm },
  InstanceNormalization: { weights: [1, 2], convert: instanceNorm },
  GroupNormalization: { weights: [1, 2], convert: groupNorm },
  LpNormalization: { convert: lengths },
  LRN: { convert: (call) => call.apply('localResponseNorm', call.data(0), { size: call.attributes.int('size', 1) }) },
};
