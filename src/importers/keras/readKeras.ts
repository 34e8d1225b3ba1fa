// Reads Keras models: to_json(), a `.keras` archive, or a legacy `.h5` file, without weights.

import type { Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import type { Model } from '../../model.js';
import type { Shape } from '../../shape.js';
import { clipped, shown } from '../../document/problem.js';
import { rootTexts } from '../hdf5/attributes.js';
import { Hdf5File } from '../hdf5/hdf5File.js';
import { convert, type Converted, type Format } from '../kit/convert.js';
import { modelOfFile, inFile, usualSides } from '../kit/fileModel.js';
import { CHANNELS_FIRST, CHANNELS_LAST, type Layout } from '../kit/layout.js';
import { PathNaming } from '../kit/naming.js';
import { demandNone } from '../kit/omissions.js';
import { ordered } from '../kit/order.js';
import type { ByteSource, ReadOptions } from '../modelFile.js';
import { isData, type Data } from '../tfjs/settings.js';
import { openArchive } from '../zip/archive.js';
import { flatten, inputKey, sidesAt, type KerasCall } from './flatten.js';
import { LayerCall } from './layerCall.js';
import { rowOf, titleOf } from './table.js';
import { MODEL_CLASSES, topologyOf, type Layer, type Ref, type Topology } from './topology.js';
import { weightBytes } from './weightBytes.js';

/** What held the model: JSON, an archive, or HDF5. */
type Kind = 'tfjs' | 'keras' | 'keras-h5';

/** @param data {class_name, config} of a model, or a mapping around it */
export function kerasModel(
  data: Data,
  fileName: string,
  { allowUnknown = false }: ReadOptions = {},
  source: Kind = 'tfjs',
): Model {
  const topology = topologyOf(modelIn(data));
  const layout = hasChannelsFirst(topology) ? CHANNELS_FIRST : CHANNELS_LAST;
  const flat = flatten(topology, layout);
  if (!allowUnknown)
    demandNone(
      flat.calls.filter((call) => !rowOf(call)).map((call) => ({ op: titleOf(call), name: call.name })),
      'layer',
    );
  const inputs = topology.inputs.map((ref) => layerOf(topology, ref));
  const keys = new Set([...inputs.map(({ name }) => inputKey(name)), ...flat.arrays.keys()]);
  const steps = ordered(flat.calls, keys, title).map((call) => ({ call }));
  const converted = (shape: Shape): Converted<KerasCall> => {
    const all = inputs.map((layer, i) => ({
      key: inputKey(layer.name),
      name: layer.name,
      shape: i === 0 ? shape : otherInput(layer, layout, shape[0]!),
    }));
    const naming = new PathNaming(flat.calls, {
      pathOf: () => undefined,
      hasWeights: () => false,
      placeOf: ({ place }) => place,
    });
    const file = { name: topology.name, steps, inputs: all, constants: flat.arrays, outputs: flat.outputs };
    return convert(file, formatAt(layout, shape[0]!), naming, { allowUnknown });
  };
  const sides = layout.ours(sidesOf(inputs[0]!)).map((side) => side ?? undefined);
  const bytesPerElement = weightBytes(flat.calls, () => converted(usualSides(sides)));
  return modelOfFile(
    {
      ...{ name: topology.name, source, sides, partial: allowUnknown },
      ...(bytesPerElement === undefined ? {} : { bytesPerElement }),
      build: (shape) => converted(shape).graph,
    },
    fileName,
  );
}

const title = ({ name, op }: KerasCall): string => `layer ${shown(name)} (${op})`;

const formatAt = (layout: Layout, batch: Dim): Format<KerasCall> => ({
  rowOf(call) {
    const row = rowOf(call);
    return row && ((call) => row(new LayerCall(call)));
  },
  title,
  opTitle: titleOf,
  shapeOf(call, output) {
    const sides = sidesAt(call.stated[output], batch);
    return sides && layout.ours(sides);
  },
});

/** `.keras`: a zip archive whose config.json says all. */
export function readKerasArchive(source: ByteSource, fileName: string, options: ReadOptions = {}): Model {
  return inFile(fileName, () => {
    const archive = openArchive(source);
    if (!archive.members.some(({ name }) => name === CONFIG))
      throw new InputError(`the zip archive has no ${CONFIG}: is it what model.save("NAME.keras") wrote?`);
    return kerasModel(dataIn(archive.text(CONFIG, MOST_CONFIG)), fileName, options, 'keras');
  });
}

export const CONFIG = 'config.json';
const MOST_CONFIG = 64 * 2 ** 20;

/** Legacy `.h5`: the attribute model_config of the root group says all. */
export function readKerasHdf5(source: ByteSource, fileName: string, options: ReadOptions = {}): Model {
  return inFile(fileName, () => {
    const texts = rootTexts(Hdf5File.open(source), ['model_config', 'keras_version', 'layer_names']);
    const config = texts.get('model_config');
    if (config !== undefined) return kerasModel(dataIn(config), fileName, options, 'keras-h5');
    throw new InputError(
      texts.has('keras_version') || texts.has('layer_names') || /\.weights\.h(df)?5$/i.test(fileName)
        ? 'it holds weights of Keras without the model: save the whole model by model.save("NAME.keras")'
        : 'it is an HDF5 file without a model of Keras: save one by model.save("NAME.keras")',
    );
  });
}

export function dataIn(text: string): Data {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new InputError(`this is not valid JSON: ${clipped((error as Error).message.replaceAll(/\s+/g, ' '), 160)}`);
  }
  if (!isData(data)) throw new InputError(`a model is a mapping, not ${shown(data)}`);
  return data;
}

/** The part with the layers: everything else speaks of training and of weights. */
function modelIn(data: Data): Data {
  const topology = data['modelTopology'] ?? data;
  if (!isData(topology)) throw new InputError(`modelTopology must be a mapping, not ${shown(topology)}`);
  const model = topology['model_config'] ?? topology;
  if (!isData(model)) throw new InputError(`model_config must be a mapping, not ${shown(model)}`);
  if (typeof model['class_name'] === 'string' && MODEL_CLASSES.has(model['class_name'])) return model;
  if (isData(model['config']) && Array.isArray(model['config']['layers']))
    return { ...model, class_name: 'Functional' };
  throw new InputError(
    `its class_name is ${shown(model['class_name'])}, and Sequential and Functional models are read: a subclass does not say its layers (export it by model.export("FOLDER"))`,
  );
}

function layerOf({ layers }: Topology, { layer: name }: Ref): Layer {
  const layer = layers.get(name);
  if (!layer) throw new InputError(`its input ${shown(name)} is not one of its layers`);
  return layer;
}

const MOST_SIDES = 6;

/**
 * [N, H, W, C] as the file has it; null where a side is open.
 * @throws InputError naming the layer
 */
function sidesOf({ name, config }: Layer): readonly (number | null)[] {
  const sides = config['batch_input_shape'] ?? config['batch_shape'];
  if (!Array.isArray(sides)) throw new InputError(`its input ${shown(name)} states no shape: save the model again`);
  if (sides.length < 2 || sides.length > MOST_SIDES)
    throw new InputError(
      `its input ${shown(name)} has the shape ${shapeText(sides)}: flopscope reads inputs of 2 to ${MOST_SIDES} sides, of which the batch is the first`,
    );
  const odd: unknown = sides.find((side) => side !== null && !(Number.isSafeInteger(side) && (side as number) > 0));
  if (odd !== undefined) throw new InputError(`its input ${shown(name)} has a side of ${shown(odd)}`);
  return sides as readonly (number | null)[];
}

/** As Keras prints a shape: (None, 224, 224, 3). */
const shapeText = (sides: readonly unknown[]): string =>
  clipped(
    `(${sides.map((side) => (side === null ? 'None' : shown(side))).join(', ')}${sides.length === 1 ? ',' : ''})`,
  );

function otherInput(layer: Layer, layout: Layout, batch: Dim): Shape {
  return layout.ours(sidesOf(layer)).map((side, i): Dim => {
    if (i === 0) return batch;
    if (side !== null) return side;
    throw new InputError(`its input ${shown(layer.name)} leaves a side open, and only the first input is given one`);
  });
}

/** One order for a whole model: the first layer that says one. */
function hasChannelsFirst({ layers }: Topology): boolean {
  for (const { config, model } of layers.values()) {
    const format = config['data_format'];
    if (format === 'channels_first' || format === 'channels_last') return format === 'channels_first';
    if (model && hasChannelsFirst(model)) return true;
  }
  return false;
}
