// Reads a TFLite file as a model, without weights. Each image size builds the graph anew.

import { equal, isNumber, type Dim } from '../../dim/dim.js';
import { NoClosedForm } from '../../dim/noClosedForm.js';
import { show } from '../../dim/text.js';
import type { Graph, Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { Model } from '../../model.js';
import { showShape, type Shape } from '../../shape.js';
import { withFolding } from '../folding.js';
import type { ConversionStep } from '../kit/call.js';
import { convert, type FileGraph, type Format } from '../kit/convert.js';
import { baseName } from '../fileName.js';
import { modelOfFile, inFile } from '../kit/fileModel.js';
import { CHANNELS_LAST } from '../kit/layout.js';
import { demandNone } from '../kit/omissions.js';
import type { ModelFile, ReadOptions } from '../modelFile.js';
import { elementsOf, isLearnt } from './constants.js';
import { controlled, innerGraphs } from './control.js';
import { folded } from './fold/table.js';
import { boundInputs, changedSides, inputsOf, showSides, type Inputs } from './inputs.js';
import { listed } from './lists.js';
import { namingOf } from './names.js';
import { Network, titleOf, type Subgraph, type TfliteCall } from './network.js';
import { Tables } from './readTables.js';
import { inFileOrder } from './sides.js';
import { rowOf } from './table.js';
import { TENSOR_TYPES } from './tensorTypes.js';

/** What a file says before the size of the image is known. */
interface Prepared {
  readonly name: string;
  readonly network: Network;
  readonly main: Subgraph;
  /** Every subgraph that the main one can run, itself too. */
  readonly reached: readonly Subgraph[];
  readonly inputs: Inputs;
  readonly allowUnknown: boolean;
}

/**
 * @throws InputError of one sentence that begins with the file's name, here and from the model's
 * `build`
 */
export function readTflite({ name, source }: ModelFile, { allowUnknown = false }: ReadOptions = {}): Model {
  const prepared = inFile(name, () => prepare(new Network(new Tables(source)), baseName(name), allowUnknown));
  const { inputs, network } = prepared;
  const bytesPerElement = storedBytes(network);
  return modelOfFile(
    {
      name: prepared.name,
      source: 'tflite',
      sides: inputs.image.sides,
      partial: allowUnknown,
      ...(bytesPerElement === undefined ? {} : { bytesPerElement }),
      build: (shape) => graphAt(prepared, shape),
    },
    name,
  );
}

function prepare(network: Network, name: string, allowUnknown: boolean): Prepared {
  const main = network.subgraph(network.main);
  // What variables hold is read while the file is open.
  network.assigned(0);
  const reached = reachedFrom(network);
  const unknown = reached.flatMap(({ calls }) => calls.filter((call) => !rowOf(call)));
  if (!allowUnknown) demandNone(unknown, 'operator');
  return { name, network, main, reached, inputs: inputsOf(network), allowUnknown };
}

function reachedFrom(network: Network): readonly Subgraph[] {
  const indices = new Set([network.main]);
  for (const index of indices)
    for (const call of network.subgraph(index).calls) for (const inner of innerGraphs(call)) indices.add(inner);
  return [...indices].map((index) => network.subgraph(index));
}

/**
 * Bytes of one element in the type in which most learnt numbers are stored; undefined where nothing
 * is learnt.
 */
function storedBytes({ model, main }: Network): number | undefined {
  const elements = new Map<number, number>();
  for (const tensor of model.subgraphs[main]!.tensors) {
    const buffer = model.buffers[tensor.buffer];
    const isStored = buffer !== undefined && (buffer.data.length > 0 || buffer.size > 1);
    if (isStored && isLearnt(tensor)) elements.set(tensor.type, (elements.get(tensor.type) ?? 0) + elementsOf(tensor));
  }
  const [most] = [...elements].sort(([, a], [, b]) => b - a);
  return most && TENSOR_TYPES[most[0]]!.bits / 8;
}

/** A step that marks an image with channels first in the file, so that its axes are not turned. */
function markedInput(key: string, network: Network): ConversionStep<TfliteCall> {
  const call: TfliteCall = {
    ...{
      op: 'INPUT',
      name: key,
      inputs: [given(key)],
      outputs: [key],
      network,
      custom: false,
      customOptions: new Uint8Array(),
    },
    operator: {
      ...{ codeIndex: 0, inputs: [], outputs: [], optionsType: 0, options: undefined },
      ...{ customOptions: { at: 0, length: 0 }, laterType: 0, laterOptions: undefined },
    },
  };
  return { call };
}

const given = (key: string): string => `${key} as given`;

function converted(prepared: Prepared, shape: Shape): Graph {
  const { name, network, main, reached, inputs, allowUnknown } = prepared;
  const bound = [...boundInputs(inputs, shape)];
  const marked = bound.flatMap(([{ key, channelsFirst }]) => (channelsFirst ? [key] : []));
  const file: FileGraph<TfliteCall> = {
    name,
    steps: [...marked.map((key) => markedInput(key, network)), ...main.calls.map((call) => ({ call }))],
    inputs: bound.map(([{ key }, sides]) => ({
      key: marked.includes(key) ? given(key) : key,
      name: key,
      shape: sides,
    })),
    constants: main.constants,
    outputs: main.outputs,
  };
  const format = formatAt(prepared, shape);
  const { graph, nodeNames } = convert(file, format, namingOf(reached), { allowUnknown });
  const joined = new Set(main.calls.filter(tellsNorm).flatMap((call) => nodeNames.get(call) ?? []));
  const convolutions = graph.nodes.filter(({ op, name }) => op === 'conv' && joined.has(name));
  return withFolding(
    graph,
    convolutions.map(({ name }) => name),
  );
}

/** The converter joins the names of what it fused: "a/bn/batchnorm/add_1;a/conv/convolution". */
const tellsNorm = ({ name }: TfliteCall): boolean => name.includes(';') && /batchnorm/i.test(name);

function formatAt(prepared: Prepared, shape: Shape): Format<TfliteCall> {
  return {
    rowOf: (call) => (call.op === 'INPUT' && !call.custom ? (input) => inFileOrder(input.data(0)) : rowOf(call)),
    fold: (call) => folded(call) ?? controlled(call) ?? listed(call),
    title: titleOf,
    shapeOf: (call, output) => statedShape(prepared, call.outputs[output]!, shape),
  };
}

/** The most elements of one value. A file that states more is damaged. */
const MOST_ELEMENTS = 2 ** 40;

/**
 * The shape that the file states for a value. It holds at the file's own image size, for any batch.
 */
function statedShape({ network, inputs }: Prepared, key: string, image: Shape): Shape | undefined {
  const { shape, signature } = network.tensor(key);
  const sides = (signature.length > 0 ? signature : shape).map((side, i): Dim => {
    const isBatch = i === 0 && shape.length > 1 && (side === -1 || side === inputs.image.sides[0]);
    return isBatch ? image[0]! : side;
  });
  const numbers = sides.filter(isNumber);
  const usable = numbers.every((side) => side >= 1) && numbers.reduce((all, side) => all * side, 1) <= MOST_ELEMENTS;
  const isOwn = changedSides(inputs, image).every((side) => side === 0);
  return sides.length > 0 && usable && isOwn ? CHANNELS_LAST.ours(sides) : undefined;
}

function graphAt(prepared: Prepared, shape: Shape): Graph {
  const { inputs } = prepared;
  const changed = changedSides(inputs, shape);
  if (changed.length === 0) return converted(prepared, shape);
  try {
    return checkedBatch(prepared, shape, converted(prepared, shape));
  } catch (error) {
    if (!(error instanceof InputError) || error instanceof NoClosedForm) throw error;
    const symbolic = changed.filter((i) => !isNumber(shape[i]!));
    // The fixed sides cannot be symbols. They take the numbers of the file; open sides stay
    // symbols.
    if (symbolic.length > 0 && symbolic.length === changed.length) {
      const less = shape.map((side, i) =>
        changed.includes(i) && !(i === 0 && changed.length > 1) ? inputs.image.sides[i]! : side,
      );
      return graphAt(prepared, less);
    }
    throw new InputError(
      `it is converted for an input of ${showSides(inputs.image)} and does not take ${showShape(shape)}: ${error.message}`,
    );
  }
}

/**
 * A reshape to the batch of the conversion can fold another batch into the next side. The outputs
 * then do not have the batch that was asked for.
 */
function checkedBatch({ network, main, inputs }: Prepared, [batch]: Shape, graph: Graph): Graph {
  const [stated] = inputs.image.sides;
  const [first] = main.outputs.slice(0, 1).map((key) => network.tensor(key).shape[0]);
  const nodes = new Map<string, Pick<Value, 'shape'>>(graph.nodes.map((node) => [node.name, node]));
  const side = nodes.get(graph.outputs[0]!)?.shape[0];
  if (stated === undefined || first !== stated || side === undefined || batch === undefined || equal(side, batch))
    return graph;
  throw new InputError(`its output would have ${show(side)} images`);
}
