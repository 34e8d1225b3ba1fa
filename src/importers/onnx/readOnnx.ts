// Reads an ONNX file as a model, without its weights. Each image size builds the graph anew.

import { equal, isNumber, type Dim } from '../../dim/dim.js';
import { NoClosedForm } from '../../dim/noClosedForm.js';
import { show } from '../../dim/text.js';
import type { Graph, Node, RunnableFile, StoredCopy, StoredTensor } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { Model } from '../../model.js';
import { FLOAT32_BYTES } from '../../profile.js';
import { showShape, type Shape } from '../../shape.js';
import { withFolding } from '../folding.js';
import type { Companion } from '../bytesBeside.js';
import { convert, type Converted } from '../kit/convert.js';
import { baseName } from '../fileName.js';
import { modelOfFile, sidesAt, inFile } from '../kit/fileModel.js';
import { PathNaming } from '../kit/naming.js';
import { graphsOf, withInner } from './branches.js';
import { turnedKey } from './channelsLast.js';
import { formatOf } from './format.js';
import { boundInputs, changedSides, imageSides } from './inputs.js';
import type { OnnxGraph, OnnxTensor } from './messages.js';
import { hasFoldedNorm, namesInFile } from './namesInFile.js';
import type { OnnxCall } from './onnxCall.js';
import { precisionIn } from './precision.js';
import { prepare, type Prepared, type PrepareOptions } from './prepare.js';
import { DATA_DEPENDENT } from './rows/others.js';
import { bytesPerElementIn, isStripped } from './tensors.js';
import type { ByteSource } from '../modelFile.js';

export interface ReadOptions {
  /** Leave out what is not known, and what cannot be sized for it. */
  readonly allowUnknown?: boolean;
  /** Files that hold what the model stores apart, as those over two gigabytes do. */
  readonly companion?: Companion;
}

/**
 * Reads an ONNX model of any opset from 7 on.
 * @param fileName starts every message; its base name is the model's
 * @throws InputError of one sentence, naming the node where there is one, here and from the model's
 * `build`
 */
export function readOnnx(source: ByteSource, fileName: string, options: ReadOptions = {}): Model {
  const prepared = inFile(fileName, () => prepare(source, baseName(fileName), options));
  const sides = imageSides(prepared.inputs).map((side) => (typeof side === 'number' ? side : undefined));
  const { graph: stored } = prepared;
  const bytesPerElement = bytesPerElementIn(stored.initializer);
  const numbers = { precision: precisionIn(stored), bytesPerElement: bytesPerElement ?? FLOAT32_BYTES };
  const model = modelOfFile(
    {
      ...{ name: prepared.name, source: 'onnx', sides, partial: isPartial(prepared) },
      ...(bytesPerElement === undefined ? {} : { bytesPerElement }),
      build: (shape) => graphAt(prepared, shape),
    },
    fileName,
  );
  const fileAt = (shape: Shape): RunnableFile | undefined =>
    inFile(fileName, () => runnableAt(prepared, fileName, sidesAt(sides, shape), numbers));
  return { ...model, fileAt };
}

/**
 * Whether its graphs may leave something out: on request, and where the data decide how many
 * elements there are.
 */
const isPartial = ({ allowUnknown, steps }: Prepared): boolean =>
  allowUnknown || steps.some(({ call, parts = [call] }) => parts.some(({ op }) => Object.hasOwn(DATA_DEPENDENT, op)));

/**
 * What a runtime needs to run the file itself; undefined where it has no weights, or other sizes
 * are asked for.
 */
function runnableAt(
  prepared: Prepared,
  path: string,
  sides: Shape,
  numbers: Pick<RunnableFile, 'precision' | 'bytesPerElement'>,
): RunnableFile | undefined {
  const { inputs, graph } = prepared;
  const bare = inputs.parameters.size > 0 || graph.initializer.some(isStripped);
  if (bare || changedSides(inputs, sides).length > 0) return undefined;
  const bound = [...boundInputs(inputs, sides)];
  const { nodeNames } = convertedAt(prepared, sides);
  // A runtime may run the parts of one op of ours as several kernels: each stands for a part of it.
  const names = new Map(nodeNames);
  for (const { call, parts = [] } of prepared.steps) {
    const whole = nodeNames.get(call);
    if (whole) for (const part of parts) if (!names.has(part)) names.set(part, whole);
  }
  return {
    ...{ path, ...numbers },
    weightFiles: [...new Set(allStored(graph).flatMap(({ externalData }) => externalData.flatMap(locationIn)))],
    inputs: new Map(bound.map(([name, own]) => [name, own.filter(isNumber)])),
    graphNodes: new Map([...names].map(([{ outputs }, own]) => [outputs.find((name) => name !== '') ?? '', own])),
  };
}

/** Tensors of the graph and of the graphs inside of its nodes. */
const allStored = (graph: OnnxGraph): readonly OnnxTensor[] => [
  ...graph.initializer,
  ...graph.node.flatMap((node) => graphsOf(node).flatMap(allStored)),
];

const locationIn = ({ key, value }: { readonly key: string | undefined; readonly value: string | undefined }) =>
  key === 'location' && value !== undefined ? [value] : [];

/** All that is known of the file: what tests compare, value by value. */
export const convertedOnnx = (
  source: ByteSource,
  name: string,
  shape: Shape,
  options: PrepareOptions = {},
): Converted<OnnxCall> => convertedAt(prepare(source, name, options), shape);

function convertedAt(prepared: Prepared, shape: Shape): Converted<OnnxCall> {
  const { name, graph, steps, inputs, constants, allowUnknown, ownFile } = prepared;
  const calls = withInner(steps.flatMap(({ call, parts = [] }) => [call, ...parts]));
  const learnt = [...constants].filter(([, { stored }]) => stored).map(([key]) => key);
  const naming = new PathNaming(calls, namesInFile(new Set([...learnt, ...inputs.parameters.keys()])));
  // What a file says of shapes holds at its own sides, and at any batch.
  const sameImage = changedSides(inputs, shape).every((side) => side === 0);
  const converted = convert(
    {
      name,
      steps,
      inputs: [...boundInputs(inputs, shape)].map(([key, sides]) => {
        const turned = inputs.channelsLast && key === inputs.image.name;
        return { key: turned ? turnedKey(key) : key, name: key || 'input', shape: turned ? shape : sides };
      }),
      constants: new Map([...constants, ...inputs.parameters]),
      outputs: graph.output.map((output) => output.name ?? ''),
    },
    formatOf(graph, inputs, shape, sameImage ? shape[0] : undefined),
    naming,
    { allowUnknown },
  );
  if (ownFile) return converted;
  const own = withCopies(converted.graph, prepared.copies);
  const said = calls.filter(hasFoldedNorm).flatMap((call) => converted.nodeNames.get(call) ?? []);
  return { ...converted, graph: withFolding(own, foldedIn(own, new Set(said))) };
}

/** The copies that its nodes read, as well as what they are copies of. */
function withCopies(graph: Graph, copies: readonly StoredCopy[]): Graph {
  if (copies.length === 0) return graph;
  const read = new Set(graph.nodes.flatMap(({ tensors = {} }) => Object.values(tensors).flatMap(idsOf)));
  const own = copies.filter(({ id, of }) => read.has(id) && read.has(of));
  return own.length === 0 ? graph : { ...graph, copies: own };
}

const idsOf = (tensors: readonly StoredTensor[]): readonly string[] => tensors.map(({ id }) => id);

/**
 * PyTorch's exporter numbers what it computes ("onnx::Conv_497", once "497") and leaves names of
 * modules as they are.
 */
const RENAMED = /^(onnx::Conv_)?\d+$/;

/**
 * Convolutions into which PyTorch's exporter folded a norm.
 * @param said names of nodes of which the file says it
 */
function foldedIn({ nodes }: Graph, said: ReadonlySet<string>): readonly string[] {
  const renamed = ({ tensors }: Node, parameter: string): boolean =>
    (tensors?.[parameter] ?? []).some(({ id }) => RENAMED.test(id));
  return nodes
    .filter((node) => node.op === 'conv' && (said.has(node.name) || (renamed(node, 'weight') && renamed(node, 'bias'))))
    .map(({ name }) => name);
}

function graphAt(prepared: Prepared, sides: Shape): Graph {
  const changed = changedSides(prepared.inputs, sides);
  if (changed.length === 0) return convertedAt(prepared, sides).graph;
  return changedGraph(prepared, sides, changed);
}

/** The file states other sizes. Its nodes may still admit these. */
function changedGraph(prepared: Prepared, sides: Shape, changed: readonly number[]): Graph {
  const own = imageSides(prepared.inputs);
  const stated = (kept: (i: number) => boolean): Shape =>
    sides.map((side, i): Dim => (changed.includes(i) && !kept(i) ? (own[i] as number) : side));
  const symbolic = changed.filter((i) => !isNumber(sides[i]!));
  try {
    return checkedBatch(prepared, sides, convertedAt(prepared, sides).graph);
  } catch (error) {
    if (!(error instanceof InputError) || error instanceof NoClosedForm) throw error;
    // A closed form in what the file leaves open, at the size that it fixes.
    if (symbolic.length > 0 && symbolic.length === changed.length) {
      const less = stated((i) => i === 0 && changed.length > 1);
      if (changedSides(prepared.inputs, less).length === changed.length) throw error;
      return graphAt(prepared, less);
    }
    throw new InputError(
      `it is exported for an input of [${own.map((side) => String(side ?? '?')).join(', ')}] and does not take ${showShape(sides)}: ${error.message}`,
    );
  }
}

/**
 * A shape that was written down for one batch can swallow another: then the outputs do not have it.
 */
function checkedBatch({ graph, inputs }: Prepared, [n]: Shape, made: Graph): Graph {
  const [stated] = imageSides(inputs);
  const shapes = new Map(made.nodes.map(({ name, shape }) => [name, shape]));
  const first = graph.output[0]?.type?.tensorType?.shape?.dim[0]?.dimValue;
  const side = shapes.get(made.outputs[0]!)?.[0];
  if (first === undefined || first !== stated || side === undefined || equal(side, n!)) return made;
  throw new InputError(`its output would have ${show(side)} images`);
}
