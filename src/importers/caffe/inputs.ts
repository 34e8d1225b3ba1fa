// The shapes of the inputs of a Caffe net, as the net, an Input layer or a data layer states them.

import type { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { isInput, STORES, type CaffeLayer, type CaffeNet } from './layers.js';
import type { Message } from './message.js';

export interface NetInput {
  readonly blob: string;
  /** Undefined for a side that the file leaves open; no shape where it states none. */
  readonly sides: readonly (number | undefined)[] | undefined;
  readonly at: number;
}

type Fail = (at: number, sentence: string) => InputError;

/** @throws InputError for an input without a whole, positive shape */
export function inputsOf(net: CaffeNet, fail: Fail): readonly NetInput[] {
  const declared = net.inputs.map(({ name, shape, at }) => ({ blob: name, sides: shape, at }));
  const layers = net.layers.filter(isInput).flatMap((layer) => {
    const { message, tops } = layer;
    const shapes = shapesIn(layer, fail);
    return tops.map((blob, i) => ({ blob, sides: shapes[Math.min(i, shapes.length - 1)], at: message.at }));
  });
  const all: NetInput[] = [...declared, ...layers];
  for (const { blob, sides = [], at } of all) {
    const odd = sides.find((side) => side !== undefined && side < 1);
    if (odd !== undefined) throw fail(at, `the input ${shown(blob)} has a side of ${odd}: sides are positive`);
  }
  return all;
}

/** One shape for each top, or one for all. */
function shapesIn(layer: CaffeLayer, fail: Fail): readonly NetInput['sides'][] {
  const { type, message, tops } = layer;
  if (type === 'Python') return [undefined, [undefined]];
  if (type === 'Input' || type === 'DummyData') {
    const shapes = type === 'Input' ? dimsOf(message.message('input_param')) : dummyShapes(message);
    if (shapes.length === 0 || (shapes.length !== 1 && shapes.length !== tops.length))
      throw fail(
        message.at,
        `the layer ${shown(layer.name)} (${type}) has ${shapes.length} shapes for ${tops.length} inputs: give one shape for each`,
      );
    return shapes;
  }
  return [imageSides(layer), [undefined]];
}

const dimsOf = (param: Message): readonly (readonly number[])[] =>
  param.messages('shape').map((shape) => shape.numbers('dim'));

/** `shape`, or the older num, channels, height and width. */
function dummyShapes(message: Message): readonly (readonly number[])[] {
  const param = message.message('dummy_data_param');
  if (param.has('shape')) return dimsOf(param);
  const lists = ['num', 'channels', 'height', 'width'].map((name) => param.numbers(name));
  const count = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: count }, (_, i) => lists.map((list) => list[Math.min(i, list.length - 1)] ?? 0));
}

/**
 * Three channels are what images have; the size is what is cut out, or what they are resized to.
 */
function imageSides({ type, message }: CaffeLayer): NetInput['sides'] {
  const [data, transform] = [message.message(STORES[type]!), message.message('transform_param')];
  if (data.has('channels') && data.has('height') && data.has('width'))
    return [undefined, data.number('channels', 1), data.number('height', 1), data.number('width', 1)];
  const gray = transform.flag('force_gray', false) || !data.flag('is_color', true);
  const cut = transform.number('crop_size', 0) || data.number('crop_size', 0);
  const resize = transform.message('resize_param');
  const height = cut || data.number('new_height', 0) || resize.number('height', 0);
  const width = cut || data.number('new_width', 0) || resize.number('width', 0);
  return height > 0 && width > 0 ? [undefined, gray ? 1 : 3, height, width] : undefined;
}
