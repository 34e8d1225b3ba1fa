// Models from graphs of TensorFlow: SavedModel, frozen graphs, and graph models of TensorFlow.js.

import type { Dim } from '../../dim/dim.js';
import type { Graph } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { Model } from '../../model.js';
import type { Shape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import { withFolding } from '../folding.js';
import { convert, type Format } from '../kit/convert.js';
import { baseName } from '../fileName.js';
import { modelOfFile, inFile } from '../kit/fileModel.js';
import { CHANNELS_FIRST, CHANNELS_LAST, type Layout } from '../kit/layout.js';
import type { StageAndBlock } from '../../builder.js';
import { kerasStageAndBlock } from '../kit/kerasNames.js';
import { PathNaming, sharedModules } from '../kit/naming.js';
import { demandNone } from '../kit/omissions.js';
import { isConstant } from '../kit/operand.js';
import { ordered } from '../kit/order.js';
import { Uncounted } from '../kit/uncounted.js';
import type { ByteSource } from '../modelFile.js';
import type { Data } from '../tfjs/settings.js';
import type { Sides } from './attribute.js';
import { readGraphDef, readSavedModel, type Signature } from './decode.js';
import { folded } from './folds.js';
import type { GraphDef } from './graphDef.js';
import { inlined, type GraphNode } from './inline.js';
import { graphFromJson, signatureFromJson } from './json.js';
import type { Companion } from '../bytesBeside.js';
import { listed } from './lists.js';
import { Loops, withInner } from './loops.js';
import { canRun, dependenciesFirst, inFileOrder } from './nodeOrder.js';
import { Constants, storedIn, VARIABLES, type Stored } from './stored.js';
import { Nodes, prepared } from './steps.js';
import { isKnown, rowOf } from './table.js';
import { keyOf, type TfCall } from './tfCall.js';

export interface ReadOptions {
  /** Leave out what has no row or no count. */
  readonly allowUnknown?: boolean;
}

const NO_SIGNATURE: Signature = { inputs: [], outputs: [] };

/** A graph with what its file holds beside it. */
interface Parts {
  readonly source: 'tensorflow' | 'tfjs';
  readonly graph: GraphDef;
  readonly signature: Signature;
  /** Weights that are stored outside of the graph. */
  readonly stored: ReadonlyMap<string, Stored>;
  readonly companion: Companion;
}

/** Files of TensorFlow hold their constants in the graph. */
const ALONE = { source: 'tensorflow', stored: new Map<string, Stored>(), companion: () => undefined } as const;

/** @param source a `.pb` file that holds one graph, or the `saved_model.pb` of a folder */
export function readTensorflow(source: ByteSource, fileName: string, options: ReadOptions = {}): Model {
  return inFile(fileName, () => {
    const saved = savedModelIn(source);
    if (saved) return modelOf({ ...saved, ...ALONE }, fileName, options);
    const graph = readGraphDef(source);
    if (graph.nodes.size === 0) throw new InputError('its graph has no nodes: is it a graph of TensorFlow?');
    return modelOf({ graph, signature: NO_SIGNATURE, ...ALONE }, fileName, options);
  });
}

/** Field 1 of a GraphDef is a node; of a SavedModel it is a number. */
const STARTS_GRAPH = 0x0a;

function savedModelIn(source: ByteSource): { readonly graph: GraphDef; readonly signature: Signature } | undefined {
  if (source.size === 0) throw new InputError('it is empty');
  if (source.read(0, 1)[0] === STARTS_GRAPH) return undefined;
  const graphs = readSavedModel(source);
  const found = graphs.find(({ tags }) => tags.includes('serve')) ?? graphs[0];
  if (!found) throw new InputError('it holds no graph: is it a SavedModel of TensorFlow?');
  const named = [...found.signatures].filter(([key]) => key !== '__saved_model_init_op');
  const [, signature] = named.find(([key]) => key === 'serving_default') ?? named[0] ?? [];
  if (!signature || signature.outputs.length === 0)
    throw new InputError(
      'it has no signature, which names its inputs and outputs: export it with model.export(FOLDER)',
    );
  return { graph: found.graph, signature };
}

/** @param file with `modelTopology` and `weightsManifest` */
export function graphModel(
  file: Data,
  topology: Data,
  fileName: string,
  companion: Companion,
  options: ReadOptions = {},
): Model {
  const signature = signatureFromJson(
    file['signature'] ?? (file['userDefinedMetadata'] as Data | undefined)?.['signature'],
  );
  const stored = storedIn(file['weightsManifest']);
  return modelOf({ source: 'tfjs', graph: graphFromJson(topology), signature, stored, companion }, fileName, options);
}

interface Image {
  readonly name: string;
  readonly sides: readonly (number | null)[];
}

function modelOf(
  { source, graph, signature, stored, companion }: Parts,
  fileName: string,
  { allowUnknown = false }: ReadOptions,
): Model {
  const wanted = signature.outputs.map(({ name }) => name);
  const { nodes: byName, outputs } = inlined(graph, wanted.length > 0 ? wanted : unread(graph));
  const listed = inFileOrder(graph, byName);
  const order = graph.functions.size === 0 && canRun(listed) ? listed : dependenciesFirst(byName, outputs);
  const constants = new Constants(stored, companion, !order.some(({ op }) => VARIABLES.has(op)));
  const layout = layoutIn(order);
  const found = new Nodes(byName, outputs, constants);
  const start = sharedStart(order);
  const short = (name: string): string => (name.startsWith(start) ? name.slice(start.length) : name);
  const loops = new Loops(graph, constants, layout);
  const calls = loops.withFunctions(prepared(found, order, constants, layout));
  const all = withInner(calls);
  const unknown = all.filter(({ op }) => !isKnown(op));
  if (!allowUnknown) demandNone(unknown, 'node');
  const given = { has: (key: string) => found.constants.has(key) || byName.get(key)?.op === 'Placeholder' };
  const steps = ordered(calls, given, title).map((call) => ({ call }));
  const images = imagesIn(order, signature);
  const name = baseName(fileName);
  return modelOfFile(
    {
      name,
      source,
      sides: layout.ours(images[0]!.sides).map((side) => side ?? undefined),
      partial: allowUnknown,
      build: (shape) => built(shape),
    },
    fileName,
  );

  function built(shape: Shape): Graph {
    const inputs = images.map((image, i) => ({
      key: image.name,
      name: short(image.name),
      shape: i === 0 ? shape : otherInput(image, layout, shape[0]!),
    }));
    const keys = outputs.map(({ node, output }) => keyOf(node, output));
    const file = { name, steps, inputs, constants: found.constants, outputs: keys };
    const naming = new PathNaming(all, {
      pathOf: ({ name: full }) => [short(full)],
      hasWeights: () => false,
      placeOf: ({ name: full }) => placeIn(short(full)),
    });
    return withFolding(convert(file, formatAt(layout, shape[0]!), naming, { allowUnknown }).graph);
  }
}

/** Ops whose outputs are the values that a loop carries. */
const CARRIES: ReadonlySet<string> = new Set(['While', 'StatelessWhile', 'Exit', 'RefExit']);

const neverComputed = (): never => {
  throw new Uncounted('it is only worked out before the network runs, and reads what the network computes');
};

const title = ({ name, op }: TfCall): string => `node ${shown(name)} (${op})`;

const formatAt = (layout: Layout, batch: Dim): Format<TfCall> => ({
  // Ops that are only computed before the network runs are known, and not left out.
  rowOf: (call) => rowOf(call.op) ?? (isKnown(call.op) ? neverComputed : undefined),
  fold: (call) => listed(call) ?? folded(call),
  title,
  shapeOf(call, output, inputs) {
    const { attributes, op } = call;
    const stated = attributes.shapes('_output_shapes')[output] ?? attributes.shapes('output_shapes')[output];
    const sides = stated?.map((side, i): Dim | null => (side === null && i === 0 ? batch : side));
    if (sides?.every((side) => side !== null && side !== 0)) return layout.ours(sides as Dim[]);
    // A value that a loop carries keeps its sides.
    const from = CARRIES.has(op) ? inputs[output] : undefined;
    return from && (isConstant(from) ? layout.ours(from.shape) : from.shape);
  },
});

/** References of nodes that nothing reads. */
function unread({ nodes }: GraphDef): readonly string[] {
  const read = new Set(
    [...nodes.values()].flatMap(({ inputs }) => inputs.map((input) => input.replace(/^\^|:.*$/gs, ''))),
  );
  const ends = [...nodes.values()].filter(
    ({ name, op }) => !read.has(name) && !['NoOp', 'Const', 'Placeholder'].includes(op),
  );
  if (ends.length > 0) return ends.map(({ name }) => name);
  throw new InputError('each of its nodes is read by another: the graph has no output');
}

/** One order of sides for a whole graph: that of its first layer. */
function layoutIn(order: readonly GraphNode[]): Layout {
  const stating = order.find(({ attributes }) => attributes.has('data_format'));
  return stating?.attributes.text('data_format', 'NHWC').startsWith('NC') ? CHANNELS_FIRST : CHANNELS_LAST;
}

const MOST_SIDES = 5;

function imagesIn(order: readonly GraphNode[], { inputs }: Signature): readonly Image[] {
  const stated = new Map(inputs.map(({ name, sides }) => [name.replace(/:\d+$/, ''), sides] as const));
  const all = order
    .filter(({ op }) => op === 'Placeholder')
    .map(({ name, attributes }) => ({ name, given: attributes.sides('shape') ?? stated.get(name) }));
  const some = all.some(({ given }) => given !== undefined);
  const images = all.map(({ name, given }): Image => {
    // An input without a shape is one number beside the image: the keep probability of a dropout,
    // or a training flag.
    const sides: Sides = given ?? (some ? [] : undefined);
    if (sides === undefined || sides.length > MOST_SIDES || sides.includes(0))
      throw new InputError(`its input ${shown(name)} has no shape of at most ${MOST_SIDES} sides`);
    return { name, sides };
  });
  if (images.length === 0) throw new InputError('its graph has no input');
  // The image first: of four sides, then of the most.
  const rank = ({ sides }: Image): number => (sides.length === 4 ? MOST_SIDES + 1 : sides.length);
  return images.sort((a, b) => rank(b) - rank(a));
}

function otherInput({ name, sides }: Image, layout: Layout, batch: Dim): Shape {
  return layout.ours(sides).map((side, i): Dim => {
    if (i === 0) return side ?? batch;
    if (side !== null) return side;
    throw new InputError(`its input ${shown(name)} leaves a side open, and only the first input is given one`);
  });
}

/** Removes the prefix that all module paths share: "StatefulPartitionedCall/model/". */
function sharedStart(order: readonly GraphNode[]): string {
  const paths = order
    .filter(({ name, op }) => rowOf(op) && op !== 'Identity' && op !== 'ReadVariableOp' && name.includes('/'))
    .map(({ name }) => name.split('/').slice(0, -1));
  const shared = paths[0]?.slice(0, sharedModules(paths, 1)) ?? [];
  return shared.length === 0 ? '' : `${shared.join('/')}/`;
}

/** Stage and block by Keras's names, else by the first two parts of the path. */
function placeIn(path: string): StageAndBlock {
  const [stage = '', block, ...rest] = path.split('/').slice(0, -1);
  if (block === undefined || rest.length === 0) return kerasStageAndBlock(stage) ?? { stage: '', block: '' };
  return { stage, block: `${stage}/${block}` };
}
