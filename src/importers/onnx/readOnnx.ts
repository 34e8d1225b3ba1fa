// Which model is an ONNX file? Its bytes are read once, without the weights; each size of the image builds its graph anew.

import { equal, isNumber, type Dim } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import type { Graph, RunnableFile } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import { NoClosedForm } from '../../dim/noClosedForm.js';
import type { Model } from '../../model.js';
import { showShape, type Shape } from '../../shape.js';
import { countable } from '../countable.js';
import { withCaptures } from './branches.js';
import { composed } from './compose/compose.js';
import { convert, type Converted, type Prepared } from './convert.js';
import { inlined } from './functions.js';
import { demandKnown } from './demandKnown.js';
import { allSides, boundInputs, changedSides, imageSides, inputsOf } from './inputs.js';
import type { OnnxModel } from './messages.js';
import { ordered } from './order.js';
import { readMessage } from './readMessage.js';
import { isStripped, storedOf } from './tensors.js';
import { shown } from '../../document/problem.js';
import type { Source } from './wire.js';

/** What a file takes that leaves height and width open: what most backbones were published for. */
const USUAL_SIDE = 224;
const MOST_NODES = 200_000;

export interface ReadOptions {
  /** Leave out what is not known, and what cannot be sized for it. */
  readonly allowUnknown?: boolean;
  /** What exporters took apart stays so. */
  readonly asWritten?: boolean;
}

/**
 * Reads an ONNX model of any opset from 7 on.
 * @param fileName starts every message; its base name is the model's
 * @throws InputError of one sentence, naming the node where there is one, here and from the model's `build`
 */
export function readOnnx(source: Source, fileName: string, { allowUnknown = false }: ReadOptions = {}): Model {
  const prepared = within(fileName, () => prepare(source, baseName(fileName), { allowUnknown }));
  const sides = imageSides(prepared.inputs);
  return {
    name: prepared.name,
    source: 'onnx',
    batch: sideOr(sides, 0, 1),
    input: [sideOr(sides, 1, 3), sideOr(sides, 2, USUAL_SIDE), sideOr(sides, 3, USUAL_SIDE)],
    fields: {},
    config: {},
    fieldAt: () => undefined,
    ...(prepared.allowUnknown ? { partial: true } : {}),
    build: (shape) => within(fileName, () => countable(graphAt(prepared, shape))),
    fileAt: (shape) => within(fileName, () => runnableAt(prepared, fileName, shape)),
  };
}

/** All that is known of the file: what tests compare, value by value. */
export const convertedOnnx = (source: Source, name: string, shape: Shape, options: ReadOptions = {}): Converted =>
  convert(prepare(source, name, options), shape);

/** What the file says, what is usual where it leaves the side open, and 1 where there is no such side. */
function sideOr(sides: ReturnType<typeof imageSides>, i: number, usual: number): number {
  const side = sides[i];
  if (i >= sides.length) return 1;
  return typeof side === 'number' ? side : usual;
}

function within<T>(fileName: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw locate(error, fileName);
  }
}

/** What a runtime needs to run the file itself; undefined where it has no weights, or other sizes are asked for. */
function runnableAt({ inputs, graph, ...prepared }: Prepared, path: string, shape: Shape): RunnableFile | undefined {
  const sides = allSides(inputs, shape);
  const bare = inputs.parameters.size > 0 || graph.initializer.some(isStripped);
  if (bare || changedSides(inputs, sides).length > 0) return undefined;
  const bound = [...boundInputs(inputs, sides)];
  const { made } = convert({ inputs, graph, ...prepared }, sides);
  return {
    path,
    beside: [...new Set(graph.initializer.flatMap(({ externalData }) => externalData.flatMap(locationIn)))],
    inputs: new Map(bound.map(([name, own]) => [name, own.filter(isNumber)])),
    stands: new Map([...made].map(([{ output }, names]) => [output.find((name) => name !== '') ?? '', names])),
  };
}

const locationIn = ({ key, value }: { readonly key: string | undefined; readonly value: string | undefined }) =>
  key === 'location' && value !== undefined ? [value] : [];

function prepare(source: Source, name: string, { asWritten = false, allowUnknown = false }: ReadOptions): Prepared {
  const model = modelIn(source);
  if (!model.graph) throw new InputError('it holds no graph: is it an ONNX model?');
  if (model.graph.node.length === 0) throw new InputError('its graph has no nodes');
  if (model.graph.node.length > MOST_NODES)
    throw new InputError(`its graph has ${model.graph.node.length} nodes, and at most ${MOST_NODES} are counted`);
  const graph = { ...model.graph, node: inlined(model, MOST_NODES).map(withCaptures) };
  if (!allowUnknown) demandKnown(graph);
  const twice = repeated(graph.initializer.map((tensor) => tensor.name ?? ''));
  if (twice !== undefined) throw new InputError(`it stores two weights under the name ${shown(twice)}`);
  const constants = new Map(
    graph.initializer.map((tensor) => {
      return [tensor.name ?? '', storedOf(tensor)] as const;
    }),
  );
  const inputs = inputsOf(graph);
  const given = new Set([...constants.keys(), ...graph.input.map((one) => one.name ?? '')]);
  const nodes = ordered(graph.node, given);
  const steps = asWritten ? nodes.map((node) => ({ node })) : composed(nodes, graph, constants);
  const ownFile = model.producerName === 'flopscope';
  return { name, graph, steps, opset: opsetOf(model), inputs, constants, allowUnknown, ownFile };
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

const SIGNATURES: readonly (readonly [first: string, kind: string])[] = [
  ['PK', 'a zip archive'],
  ['\u001f\u008b', 'a gzip archive'],
  ['\u0089HDF', 'an HDF5 file'],
  ['{', 'JSON'],
  ['<', 'markup'],
  ['version https://git-lfs', 'a Git LFS pointer, whose file was not fetched'],
];

function modelIn(source: Source): OnnxModel {
  if (source.size === 0) throw new InputError('it is empty');
  const head = String.fromCharCode(...source.read(0, Math.min(24, source.size)));
  const other = SIGNATURES.find(([first]) => head.startsWith(first));
  if (other) throw new InputError(`it is ${other[1]} and no ONNX model`);
  return readMessage(source, 'Model');
}

const OLDEST = 7;

function opsetOf({ opsetImport }: OnnxModel): number {
  const own = opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx');
  const version = own?.version ?? 1;
  if (version < OLDEST)
    throw new InputError(`it is of opset ${version}, and opsets are read from ${OLDEST} on: convert it`);
  return version;
}

function baseName(path: string): string {
  const file = path.split(/[/\\]/).at(-1)!;
  return (
    file
      .replace(/\.onnx$/i, '')
      .replaceAll(/\p{C}/gu, '?')
      .slice(0, 100) || 'model'
  );
}

function graphAt(prepared: Prepared, shape: Shape): Graph {
  const sides = allSides(prepared.inputs, shape);
  const changed = changedSides(prepared.inputs, sides);
  if (changed.length === 0) return convert(prepared, sides).graph;
  return changedGraph(prepared, sides, changed);
}

/** The file says other sizes: its nodes may still admit these. */
function changedGraph(prepared: Prepared, sides: Shape, changed: readonly number[]): Graph {
  const own = imageSides(prepared.inputs);
  const stated = (kept: (i: number) => boolean): Shape =>
    sides.map((side, i): Dim => (changed.includes(i) && !kept(i) ? (own[i] as number) : side));
  const symbolic = changed.filter((i) => !isNumber(sides[i]!));
  try {
    return checkedBatch(prepared, sides, convert(prepared, sides).graph);
  } catch (error) {
    if (!(error instanceof InputError) || error instanceof NoClosedForm) throw error;
    // A closed form in what the file leaves open, at the size that it fixes.
    if (symbolic.length > 0 && symbolic.length === changed.length) {
      const less = stated((i) => i === 0 && changed.length > 1);
      return changedSides(prepared.inputs, less).length < changed.length ? graphAt(prepared, less) : raise(error);
    }
    throw new InputError(
      `it is exported for an input of [${own.map((side) => String(side ?? '?')).join(', ')}] and does not take ${showShape(sides)}: ${error.message}`,
    );
  }
}

function raise(error: Error): never {
  throw error;
}

/** A shape that was written down for one batch can swallow another: then the outputs do not have it. */
function checkedBatch({ graph, inputs }: Prepared, [n]: Shape, made: Graph): Graph {
  const [stated] = imageSides(inputs);
  const shapes = new Map(made.nodes.map(({ name, shape }) => [name, shape]));
  const first = graph.output[0]?.type?.tensorType?.shape?.dim[0]?.dimValue;
  const side = shapes.get(made.outputs[0]!)?.[0];
  if (first === undefined || first !== stated || side === undefined || equal(side, n!)) return made;
  throw new InputError(`its output would have ${show(side)} images`);
}
