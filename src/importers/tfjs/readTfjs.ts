// Which model is a file of TensorFlow.js or Keras? Its topology is read, its weights are not: each size of the image builds the graph anew.

import { InputError, locate } from '../../inputError.js';
import type { Graph } from '../../graph.js';
import type { Model } from '../../model.js';
import type { Shape } from '../../shape.js';
import { countable } from '../countable.js';
import { clipped, shown } from '../../document/problem.js';
import { buildGraphModel, demandKnownOps } from '../tfGraph/build.js';
import { Constants, type Companion } from '../tfGraph/constants.js';
import { asOurs } from '../tfGraph/nodeCall.js';
import { graphModelOf, nodesIn } from '../tfGraph/topology.js';
import { buildKeras, demandKnown, hasChannelsFirst, layerOf, sidesOf, turned } from '../keras/build.js';
import { MODEL_CLASSES, topologyOf } from '../keras/topology.js';
import { isData, type Data } from './settings.js';

/** What a file takes that leaves height and width open: what most backbones were published for. */
const USUAL_SIDE = 224;

/**
 * A layers model or a graph model of TensorFlow.js, or what Keras's `to_json()` gives.
 * @param fileName starts every message; its base name is a graph model's
 * @param companion gives bytes of the files with weights, which need not be there
 * @throws InputError of one sentence, naming the layer where there is one, here and from the model's `build`
 */
export function readTfjs(text: string, fileName: string, companion: Companion = () => undefined): Model {
  return within(fileName, () => {
    const data = dataIn(text);
    const topology = data['modelTopology'];
    if (isData(topology) && 'node' in topology) return graphModel(data, topology, fileName, companion);
    return kerasModel(modelIn(data), fileName);
  });
}

function within<T>(fileName: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw locate(error, fileName);
  }
}

function dataIn(text: string): Data {
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
  if (!isData(topology)) throw new InputError(`modelTopology is no mapping but ${shown(topology)}`);
  const model = topology['model_config'] ?? topology;
  if (!isData(model)) throw new InputError(`model_config is no mapping but ${shown(model)}`);
  if (typeof model['class_name'] === 'string' && MODEL_CLASSES.has(model['class_name'])) return model;
  throw new InputError(
    `its class_name is ${shown(model['class_name'])}, and Sequential and Functional models are read`,
  );
}

function kerasModel(data: Data, fileName: string): Model {
  const topology = topologyOf(data);
  demandKnown(topology);
  const first = layerOf(topology, topology.inputs[0]!);
  const sides = turned(sidesOf(first), hasChannelsFirst(topology));
  return modelOf(topology.name, sides, fileName, (shape) => buildKeras(topology, shape));
}

function graphModel(data: Data, topology: Data, fileName: string, companion: Companion): Model {
  const nodes = nodesIn(topology);
  demandKnownOps(nodes.values());
  const model = graphModelOf(data, nodes);
  const constants = new Constants(data['weightsManifest'], companion);
  const name = baseName(fileName);
  return modelOf(name, asOurs(model.images[0]!.sides), fileName, (shape) =>
    buildGraphModel(model, constants, name, shape),
  );
}

/** @param sides of the first input in our order, null where the file leaves them open */
function modelOf(
  name: string,
  sides: readonly (number | null)[],
  fileName: string,
  build: (shape: Shape) => Graph,
): Model {
  const [batch, channels, height, width] = sides;
  const usual = (side: number | null | undefined, otherwise: number): number =>
    side === undefined ? 1 : (side ?? otherwise);
  return {
    name,
    source: 'tfjs',
    ...(typeof batch === 'number' ? { batch } : {}),
    input: [usual(channels, 3), usual(height, USUAL_SIDE), usual(width, USUAL_SIDE)],
    fields: {},
    config: {},
    fieldAt: () => undefined,
    build: (shape) =>
      within(fileName, () => {
        if (shape.slice(sides.length).some((side) => side !== 1))
          throw new InputError(`its input has ${sides.length} sides, and more are given`);
        const graph = build(shape);
        if (graph.nodes.length === 0)
          throw new InputError('nothing of it can be counted: it computes nothing from its image');
        return countable(graph);
      }),
  };
}

const baseName = (path: string): string =>
  path
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.json$/i, '')
    .replaceAll(/\p{C}/gu, '?')
    .slice(0, 100) || 'model';
