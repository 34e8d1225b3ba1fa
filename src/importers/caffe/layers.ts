// The layers that a prototxt runs in the TEST phase; its input may be that of TRAIN.

import type { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { FileCall } from '../kit/call.js';
import type { Message } from './message.js';
import { newTypeOf } from './v1.js';

export interface CaffeLayer {
  readonly name: string;
  /** "Convolution", in the newer syntax whatever the file's. */
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  /**
   * Names under which other layers may share this one's parameters, in the order of its blobs; ''
   * for none.
   */
  readonly shares: readonly string[];
  readonly message: Message;
}

/** A layer with its blobs, each under a key of its own. */
export interface CaffeCall extends FileCall {
  readonly layer: CaffeLayer;
  /** The batch for which the file was written. */
  readonly batch: number | undefined;
}

export interface CaffeNet {
  readonly name: string;
  /** Inputs that the net itself declares, with the shapes that it gives them. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly at: number }[];
  readonly layers: readonly CaffeLayer[];
}

type Fail = (at: number, sentence: string) => InputError;

const MOST_LAYERS = 20_000;

/** @throws InputError at the place of the text that is at fault */
export function netOf(net: Message, fail: Fail): CaffeNet {
  const [newer, older] = [net.messages('layer'), net.messages('layers')];
  if (newer.length > 0 && older.length > 0)
    throw fail(older[0]!.at, 'the file has both layer and layers, which Caffe refuses: write all in one syntax');
  const written = newer.length > 0 ? newer : older;
  if (written.length > MOST_LAYERS)
    throw fail(written[MOST_LAYERS]!.at, `the file has ${written.length} layers, and at most ${MOST_LAYERS} are read`);
  const layers = written
    .map((message) => (newer.length > 0 ? newLayer(message, fail) : oldLayer(message, fail)))
    .filter((layer) => isRun(layer, 'TEST', fail) || (isInput(layer) && isRun(layer, 'TRAIN', fail)));
  const inputs = declaredInputs(net, fail);
  return { name: net.text('name', ''), inputs, layers: layers.filter(isOwnInput(inputs, layers, fail)) };
}

function layerOf(message: Message, type: string, shares: readonly string[]): CaffeLayer {
  const [bottoms, tops] = [message.texts('bottom'), message.texts('top')];
  return { name: message.text('name', ''), type, bottoms, tops, shares, message };
}

function newLayer(message: Message, fail: Fail): CaffeLayer {
  const type = message.text('type', undefined);
  if (type === undefined) throw fail(message.at, `the layer ${shown(message.text('name', ''))} has no type`);
  return layerOf(
    message,
    type,
    message.messages('param').map((param) => param.text('name', '')),
  );
}

function oldLayer(message: Message, fail: Fail): CaffeLayer {
  if (message.has('layer'))
    throw fail(
      message.at,
      'layers { layer { } } is the first syntax of Caffe, which is not read: upgrade the file with upgrade_net_proto_text',
    );
  const word = message.text('type', undefined);
  const type = word === undefined ? undefined : newTypeOf(word);
  if (type === undefined)
    throw fail(
      message.at,
      `the layer ${shown(message.text('name', ''))} has ${word === undefined ? 'no type' : `the type ${shown(word)}, which the syntax of layers { } does not have`}`,
    );
  return layerOf(message, type, message.texts('param'));
}

/** Images from a store: their size is not in the file, but for what is cut out of them. */
export const STORES: Readonly<Record<string, string>> = {
  Data: 'data_param',
  ImageData: 'image_data_param',
  WindowData: 'window_data_param',
  AnnotatedData: 'data_param',
  VideoData: 'data_param',
  HDF5Data: 'hdf5_data_param',
  MemoryData: 'memory_data_param',
};

export const isInput = ({ type, bottoms }: CaffeLayer): boolean =>
  bottoms.length === 0 &&
  (type === 'Input' || type === 'DummyData' || Object.hasOwn(STORES, type) || type === 'Python');

/** Layers of the TEST phase read the input of the TRAIN phase where the file has no other. */
function isOwnInput(
  inputs: CaffeNet['inputs'],
  layers: readonly CaffeLayer[],
  fail: Fail,
): (layer: CaffeLayer) => boolean {
  const tested = (layer: CaffeLayer): boolean => isRun(layer, 'TEST', fail);
  const another = inputs.length > 0 || layers.some((layer) => isInput(layer) && tested(layer));
  return (layer) => !another || tested(layer);
}

/** Whether Caffe runs a layer in a phase at level 0 with no stage. */
function isRun({ name, message }: CaffeLayer, ran: Phase, fail: Fail): boolean {
  const [include, exclude] = [message.messages('include'), message.messages('exclude')];
  if (include.length > 0 && exclude.length > 0)
    throw fail(message.at, `the layer ${shown(name)} has both include and exclude rules, which Caffe refuses`);
  if (message.text('phase', ran) !== ran) return false;
  const isMet = isMetIn(ran);
  return include.length > 0 ? include.some(isMet) : !exclude.some(isMet);
}

type Phase = 'TEST' | 'TRAIN';

const isMetIn =
  (ran: Phase) =>
  (rule: Message): boolean =>
    rule.text('phase', ran) === ran &&
    rule.number('min_level', 0) <= 0 &&
    rule.number('max_level', 0) >= 0 &&
    rule.texts('stage').length === 0;

function declaredInputs(net: Message, fail: Fail): CaffeNet['inputs'] {
  const names = net.texts('input');
  const [dims, shapes] = [net.numbers('input_dim'), net.messages('input_shape')];
  if (dims.length > 0 && shapes.length > 0)
    throw fail(net.at, 'the inputs have both input_dim and input_shape: give one of them');
  if (shapes.length > 0 && shapes.length !== names.length)
    throw fail(shapes[0]!.at, `${names.length} inputs have ${shapes.length} shapes: give one input_shape for each`);
  if (dims.length > 0 && dims.length !== 4 * names.length)
    throw fail(net.at, `${names.length} inputs have ${dims.length} input_dim: give four for each`);
  return names.map((name, i) => {
    const shape = shapes[i];
    return { name, shape: shape ? shape.numbers('dim') : dims.slice(4 * i, 4 * i + 4), at: shape?.at ?? net.at };
  });
}
