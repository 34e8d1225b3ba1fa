// Caffe's pools. Windows round up unless a fork says otherwise.

import type { Pair } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { div, isNumber, type Dim } from '../../dim/dim.js';
import { showShape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { Uncounted } from '../kit/uncounted.js';
import type { Message } from './message.js';
import { demandInputs, paramOf, type Call } from './settings.js';

function imageIn(call: Call, most = 1): Value {
  demandInputs(call, 1, most);
  const x = call.data(0);
  if (x.shape.length !== 4) throw new InputError(`it pools images, and reads ${showShape(x.shape)}`);
  return x;
}

/** [height, width]: one number for both, or both `_h` and `_w`. */
function pairOf(param: Message, name: string, [h, w]: Pair2, fallback: number | undefined): Pair {
  if (param.has(name) && param.has(h, w)) throw new InputError(`it has both ${name} and ${h}, ${w}: give one of them`);
  if (param.has(h) !== param.has(w)) throw new InputError(`it needs both ${h} and ${w}, and has one of them`);
  if (param.has(h)) return [param.number(h, 0), param.number(w, 0)];
  const both = param.number(name, fallback);
  if (both === undefined) throw new InputError(`it has no ${name}: give it, or ${h} and ${w}`);
  return [both, both];
}

type Pair2 = readonly [string, string];

export function pooling(call: Call): Results {
  const x = imageIn(call);
  const param = paramOf(call, 'pooling_param');
  const method = param.text('pool', 'MAX');
  if (method === 'STOCHASTIC') throw new Uncounted('it pools at random, for which flopscope has no op');
  const made = param.flag('global_pooling', false) ? whole(call, x, param, method) : windowed(call, x, param, method);
  // A second top holds the places of the maxima.
  return call.file.outputs.map(() => made);
}

function whole(call: Call, x: Value, param: Message, method: string): Value {
  if (param.has('kernel_size', 'kernel_h', 'kernel_w'))
    throw new InputError('it pools the whole image and has a kernel too: give one of them');
  return call.apply(method === 'AVE' ? 'globalAvgPool' : 'globalMaxPool', x);
}

function windowed(call: Call, x: Value, param: Message, method: string): Value {
  const pad = pairOf(param, 'pad', ['pad_h', 'pad_w'], 0);
  const given = {
    kernel: pairOf(param, 'kernel_size', ['kernel_h', 'kernel_w'], undefined),
    stride: pairOf(param, 'stride', ['stride_h', 'stride_w'], 1),
    padding: [pad[0], pad[1], pad[0], pad[1]] as const,
    ceil: param.flag('ceil_mode', true) && param.text('round_mode', 'CEIL') === 'CEIL',
    rule: 'caffe' as const,
  };
  return method === 'AVE' ? call.apply('avgPool', x, given) : call.apply('maxPool', x, given);
}

/** Spatial pyramid pooling: 1, 4, 16, ... windows that cover the image, all in one vector. */
export function spp(call: Call): Value {
  const x = imageIn(call);
  const param = paramOf(call, 'spp_param');
  const [levels, method] = [param.number('pyramid_height', 0), param.text('pool', 'MAX')];
  if (levels < 1 || levels > 16) throw new InputError('it needs a pyramid_height from 1 to 16');
  if (method === 'STOCHASTIC') throw new Uncounted('it pools at random, for which flopscope has no op');
  const [h, w] = [x.shape[2]!, x.shape[3]!];
  if (!isNumber(h) || !isNumber(w)) throw new InputError('it divides an image into parts: it must have a size');
  const parts = Array.from({ length: levels }, (_, level) => {
    const bins = 2 ** level;
    const kernel: Pair = [Math.ceil(h / bins), Math.ceil(w / bins)];
    const pad = [Math.ceil((kernel[0] * bins - h) / 2), Math.ceil((kernel[1] * bins - w) / 2)] as const;
    const given = { kernel, stride: kernel, padding: pad, ceil: true, rule: 'caffe' as const };
    const pooled =
      method === 'AVE'
        ? call.apply('avgPool', x, given, {}, `pool${level}`)
        : call.apply('maxPool', x, given, {}, `pool${level}`);
    return levels === 1 ? pooled : call.apply('flatten', pooled, {}, {}, `flatten${level}`);
  });
  return parts.length === 1 ? parts[0]! : call.apply('concat', parts);
}

/** Boxes of each image: their number is a side of the second blob. */
function regionsOf(call: Call, x: Value): Dim {
  const boxes = call.shape(1);
  return div(boxes[0]!, x.shape[0]!);
}

const gridOf = (param: Message): Pair => [param.number('pooled_h', 0), param.number('pooled_w', 0)];

export function roiPooling(call: Call): Value {
  const x = imageIn(call, 2);
  const size = gridOf(paramOf(call, 'roi_pooling_param'));
  return call.apply('roiPool', x, { regions: regionsOf(call, x), size });
}

export function roiAlign(call: Call): Value {
  const x = imageIn(call, 2);
  const param = paramOf(call, 'roi_align_param');
  const samples = Math.max(1, param.number('sampling_ratio', 2));
  return call.apply('roiAlign', x, { regions: regionsOf(call, x), size: gridOf(param), samples });
}

export function psRoiPooling(call: Call): Value {
  const x = imageIn(call, 2);
  const side = paramOf(call, 'psroi_pooling_param').number('group_size', 0);
  return call.apply('psRoiPool', x, { regions: regionsOf(call, x), size: [side, side] });
}
