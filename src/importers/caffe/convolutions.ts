// Caffe's layers that multiply: convolutions and inner products.

import { isNumber } from '../../dim/dim.js';
import type { Pair } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { Uncounted } from '../kit/uncounted.js';
import type { Message } from './message.js';
import { demandInputs, flattened, paramOf, sideOf, stored, tensors, type Call } from './settings.js';

/** [height, width] of `list`, once or for each side, or of `list_h` and `list_w`. */
function pairOf(param: Message, list: string, fallback: number | undefined): Pair {
  const given = param.numbers(list);
  const name = list.replace('_size', '');
  const [h, w] = [`${name}_h`, `${name}_w`];
  if (param.has(h, w)) {
    if (given.length > 0) throw new InputError(`it has both ${list} and ${h}, ${w}: give one of them`);
    const sides = [param.number(h, fallback), param.number(w, fallback)] as const;
    if (sides[0] === undefined || sides[1] === undefined)
      throw new InputError(`it needs both ${h} and ${w}, and has one of them`);
    return [sides[0], sides[1]];
  }
  if (given.length === 1) return [given[0]!, given[0]!];
  if (given.length === 2) return [given[0]!, given[1]!];
  if (given.length > 2)
    throw new Uncounted(`it has ${given.length} numbers of ${list}, for more sides than an image has`);
  if (fallback === undefined) throw new InputError(`it has no ${list}: give it, or ${h} and ${w}`);
  return [fallback, fallback];
}

function windowOf(param: Message) {
  const pad = pairOf(param, 'pad', 0);
  return {
    kernel: pairOf(param, 'kernel_size', undefined),
    stride: pairOf(param, 'stride', 1),
    padding: [pad[0], pad[1], pad[0], pad[1]] as const,
    dilation: pairOf(param, param.has('hole', 'hole_h', 'hole_w') ? 'hole' : 'dilation', 1),
  };
}

function channelsOf(param: Message, name: string): number {
  const channels = param.number(name, 0);
  if (channels < 1) throw new InputError(`it has no ${name}: give the number of outputs`);
  return channels;
}

function images(call: Call, param: Message): readonly Value[] {
  demandInputs(call, 1, Infinity);
  return call.inputs.map((_, i) => {
    const x = call.data(i);
    if (x.shape.length !== 4 || sideOf(param.number('axis', 1), x.shape) !== 1)
      throw new Uncounted(
        `it convolves ${showShape(x.shape)} from axis ${param.number('axis', 1)}, which is not an image`,
      );
    return x;
  });
}

/** Several inputs have one set of weights, and an output each. */
const convolving =
  (op: 'conv' | 'convTranspose', depthwise: boolean) =>
  (call: Call): readonly Value[] => {
    const { layer, outputs } = call.file;
    const param = paramOf(call, 'convolution_param');
    const window = windowOf(param);
    return images(call, param).map((x, i) => {
      const given = {
        ...window,
        channels: channelsOf(param, 'num_output'),
        groups: depthwise ? x.shape[1]! : Math.max(1, param.number('group', 1)),
        bias: param.flag('bias_term', true),
      };
      const sharedByAll =
        call.inputs.length > 1 ? tensors(op, [x], given, (name) => `all of ${outputs[0]}/${name}`) : {};
      const named = stored(layer, op, [x], given, ['weight', 'bias']);
      return call.apply(op, x, given, { ...sharedByAll, ...named }, i === 0 ? '' : String(i + 1));
    });
  };

export const convolution = convolving('conv', false);
export const depthwiseConvolution = convolving('conv', true);
export const deconvolution = convolving('convTranspose', false);

/** From `axis` on everything is one vector. */
export function innerProduct(call: Call): Value {
  demandInputs(call, 1);
  const param = paramOf(call, 'inner_product_param');
  const x = call.data(0);
  const given = { features: channelsOf(param, 'num_output'), bias: param.flag('bias_term', true) };
  const flat = flattened(call, x, sideOf(param.number('axis', 1), x.shape), 'flatten');
  if (!isNumber(flat.shape.at(-1)!)) throw new InputError('it reads a whole image, which must have a size');
  return call.apply('linear', flat, given, stored(call.file.layer, 'linear', [flat], given, ['weight', 'bias']));
}
