// Rows of Caffe's norms. A BatchNorm and the Scale or Bias behind it are one batch norm.

import { equal, isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import type { Mode } from '../kit/modes.js';
import type { CaffeCall, CaffeLayer } from './layers.js';
import type { Message } from './message.js';
import { demandInputs, paramOf, sideOf, stored, type Call } from './settings.js';

/** Its three blobs are statistics, so nothing of it is learnt. */
export const batchNorm = (call: Call): Value =>
  call.normed(call.apply('batchNorm', image(call), { affine: false }), modeOf(call));

/** Without `use_global_stats` the phase decides. */
const modeOf = (call: Call): Mode =>
  paramOf(call, 'batch_norm_param').flag('use_global_stats', false) ? 'eval' : 'train';

function image(call: Call): Value {
  demandInputs(call, 1);
  return call.data(0);
}

/** One factor for each channel, learnt. */
export function isPlainScale({ type, bottoms, message }: CaffeLayer): boolean {
  const param = message.message('scale_param');
  return type === 'Scale' && bottoms.length === 1 && param.number('axis', 1) === 1 && param.number('num_axes', 1) === 1;
}

/** @param scale the call behind the norm, which reads nothing else */
export const batchNormWithScale =
  (scale: CaffeCall) =>
  (norm: Call): Results | undefined => {
    const x = norm.data(0);
    if (x.shape.length < 2 || norm.inputs.length !== 1) return undefined;
    const shift = scale.layer.message.message('scale_param').flag('bias_term', false);
    const given = { scale: true, shift };
    const shares = stored(scale.layer, 'batchNorm', [x], given, ['scale', 'shift']);
    return norm.normed(norm.apply('batchNorm', x, given, shares), modeOf(norm));
  };

/** PSPNet's and SegNet's: scale and shift are blobs of the norm itself. */
export const learntBatchNorm = (call: Call): Value => {
  const x = image(call);
  return call.apply('batchNorm', x, {}, stored(call.file.layer, 'batchNorm', [x], {}, ['scale', 'shift']));
};

/** Sides of a learnt factor of x that begins at `axis`, aligned at the end of x. */
function learntSides(param: Message, x: Shape): Shape {
  const count = param.number('num_axes', 1);
  if (count === 0) return [1];
  const axis = sideOf(param.number('axis', 1), x);
  const end = count < 0 ? x.length : axis + count;
  if (end > x.length) throw new InputError(`it scales ${count} sides from ${axis} of ${showShape(x)}, which has fewer`);
  return x.slice(axis).map((side, i): Dim => (axis + i < end ? side : 1));
}

/**
 * A second blob in the place of a learnt one: its sides stand at `axis` of the first, from the
 * left.
 */
function aligned(call: Call, param: Message): readonly [Value, Value] {
  demandInputs(call, 2);
  const [x, other] = [call.data(0), call.data(1)];
  const axis = other.shape.length === 0 ? 0 : sideOf(param.number('axis', 1), x.shape);
  const before = x.shape.slice(0, axis).map(() => 1);
  const behind = x.shape.length - axis - other.shape.length;
  if (behind < 0 || other.shape.some((side, i) => !equal(side, x.shape[axis + i]!)))
    throw new InputError(`${showShape(other.shape)} does not stand at axis ${axis} of ${showShape(x.shape)}`);
  if (before.length === 0 && behind === 0) return [x, other];
  const shape = [...before, ...other.shape, ...Array.from({ length: behind }, () => 1)];
  return [x, call.apply('view', other, { shape }, {}, 'view')];
}

export function scale(call: Call): Value {
  const param = paramOf(call, 'scale_param');
  const bias = param.flag('bias_term', false);
  const part = bias ? 'scale' : '';
  if (call.inputs.length === 2) {
    const [x, factor] = aligned(call, param);
    const scaled = call.apply('multiply', [x, factor], {}, {}, part);
    return bias ? call.apply('shiftBy', scaled, { shape: learntSides(param, x.shape) }) : scaled;
  }
  const x = image(call);
  const given = { shape: learntSides(param, x.shape) };
  const scaled = call.apply('scaleBy', x, given, stored(call.file.layer, 'scaleBy', [x], given, ['scale']), part);
  if (!bias) return scaled;
  return call.apply('shiftBy', scaled, given, stored(call.file.layer, 'shiftBy', [x], given, ['', 'shift']));
}

export function bias(call: Call): Value {
  const param = paramOf(call, 'bias_param');
  if (call.inputs.length === 2) return call.apply('add', aligned(call, param));
  const x = image(call);
  const given = { shape: learntSides(param, x.shape) };
  return call.apply('shiftBy', x, given, stored(call.file.layer, 'shiftBy', [x], given, ['shift']));
}

export function prelu(call: Call): Value {
  const x = image(call);
  const [, channels, ...rest] = x.shape;
  const shared = paramOf(call, 'prelu_param').flag('channel_shared', false);
  if (!shared && channels === undefined)
    throw new InputError(`it has a slope for each channel, and reads ${showShape(x.shape)}`);
  const given = { shape: shared ? [1] : [channels!, ...rest.map(() => 1)] };
  return call.apply('prelu', x, given, stored(call.file.layer, 'prelu', [x], given, ['slope']));
}

/**
 * SSD's: over the channels of a place, or over the whole image; a factor for each channel, or one.
 */
export function normalize(call: Call): Value {
  const x = image(call);
  const param = paramOf(call, 'norm_param');
  const given = {
    axes: param.flag('across_spatial', true) ? x.shape.map((_, i) => i).slice(1) : [1],
    factor: param.flag('channel_shared', true) ? ('shared' as const) : ('channel' as const),
  };
  return call.apply('l2Norm', x, given, stored(call.file.layer, 'l2Norm', [x], given, ['factor']));
}

export function localResponse(call: Call): Value {
  const param = paramOf(call, 'lrn_param');
  const size = param.number('local_size', 5);
  if (size % 2 === 0) throw new InputError(`local_size is ${size}, and must be odd`);
  const region = param.text('norm_region', 'ACROSS_CHANNELS') === 'WITHIN_CHANNEL' ? 'within' : 'across';
  return call.apply('localResponseNorm', image(call), { size, region });
}

/** Mean 0 and, unless told otherwise, variance 1: of each channel, or of the whole image. */
export function meanVariance(call: Call): Value {
  const x = image(call);
  const param = paramOf(call, 'mvn_param');
  const across = param.flag('across_channels', false);
  if (param.flag('normalize_variance', true)) {
    if (!isNumber(x.shape[1] ?? 1)) throw new InputError('it normalises each channel: their number must be known');
    return call.apply('groupNorm', x, { groups: across ? 1 : x.shape[1]!, affine: false });
  }
  const axes = x.shape.map((_, i) => i).slice(across ? 1 : 2);
  const mean = call.apply('reduce', x, { axes, mode: 'mean' }, {}, 'mean');
  return call.apply('subtract', [x, mean]);
}
