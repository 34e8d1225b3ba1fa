// How does a graph model become a graph of ours? Node after node: constants are folded, a bias goes into the layer before it.

import { Builder, type Place } from '../../builder.js';
import type { Dim } from '../../dim/dim.js';
import type { Graph, Value } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import type { Shape } from '../../shape.js';
import { withFolding } from '../folding.js';
import { shown } from '../../document/problem.js';
import { placeOf } from '../tfjs/place.js';
import type { Constant, Constants } from './constants.js';
import { folded } from './folds.js';
import { asOurs, isConstant, NodeCall, type Operand } from './nodeCall.js';
import { sizeOf } from './sides.js';
import { isKnown, rowOf } from './table.js';
import type { GraphModel, GraphNode } from './topology.js';

/** @throws InputError naming the node */
export function buildGraphModel(model: GraphModel, constants: Constants, name: string, shape: Shape): Graph {
  const net = Builder.start();
  const made = new Map<string, readonly Operand[]>();
  model.images.forEach((image, i) => {
    const sides = i === 0 ? shape.slice(0, image.sides.length) : otherInput(image, shape[0]!);
    made.set(image.name, [net.input(sides, image.name)]);
  });
  const start = sharedStart(model.nodes);
  const taken = new Set(model.images.map((image) => image.name));
  const readers = readersOf(model);
  const owners = new Map<string, Value>();
  /** Nodes whose work is done by the one before. */
  const absorbed = new Set<string>();
  const operandsOf = ({ inputs }: GraphNode): readonly Operand[] =>
    inputs.map(({ node, output }) => {
      const operand = made.get(node)?.[output];
      if (operand) return operand;
      throw new InputError(`takes its input from output ${output} of ${shown(node)}, which has none`);
    });

  for (const { op, name: constant, attributes } of model.nodes)
    if (op === 'Const') made.set(constant, [constants.of(constant, attributes)]);
  for (const node of model.nodes) {
    if (made.has(node.name) || node.op === 'NoOp') continue;
    try {
      const operands = operandsOf(node);
      if (absorbed.has(node.name)) {
        made.set(node.name, [operands.find((one) => !isConstant(one))!]);
        continue;
      }
      const reader = soleReader(node, readers);
      const bias = reader && biasAdded(reader, node, made);
      const short = node.name.startsWith(start) ? node.name.slice(start.length) : node.name;
      const path = taken.has(short) ? node.name : short;
      taken.add(path);
      const call = new NodeCall(net.at('', placeIn(path)), path, node.op, node.attributes, operands, {
        bias,
        owners,
        filesOf: (constant) => constants.filesOf(constant.weight ?? ''),
      });
      const row = rowOf(node.op);
      const result = folded(call) ?? row?.(call);
      if (result === undefined) throw new InputError('has a tensor among its inputs, and only works on constants');
      made.set(node.name, 'length' in result ? result : [result]);
      if (bias && LAYERS.has(node.op)) absorbed.add(reader.name);
    } catch (error) {
      throw locate(error, `node ${shown(node.name)} (${node.op})`);
    }
  }
  return withFolding(net.finish(name, outputsOf(model, made)));
}

const LAYERS: ReadonlySet<string> = new Set(['Conv2D', 'DepthwiseConv2dNative', 'MatMul']);
const ADDS: ReadonlySet<string> = new Set(['BiasAdd', 'Add', 'AddV2']);

function readersOf({ nodes, outputs }: GraphModel): ReadonlyMap<string, readonly (GraphNode | undefined)[]> {
  const readers = new Map<string, (GraphNode | undefined)[]>();
  const add = (name: string, reader: GraphNode | undefined): void => {
    const known = readers.get(name);
    if (known) known.push(reader);
    else readers.set(name, [reader]);
  };
  for (const node of nodes) for (const input of node.inputs) add(input.node, node);
  for (const output of outputs) add(output.node, undefined);
  return readers;
}

const soleReader = (
  { name, op }: GraphNode,
  readers: ReadonlyMap<string, readonly (GraphNode | undefined)[]>,
): GraphNode | undefined => {
  const all = readers.get(name) ?? [];
  return LAYERS.has(op) && all.length === 1 ? all[0] : undefined;
};

/** The constant that a node adds to each channel of this layer. */
function biasAdded(
  reader: GraphNode,
  { name, inputs }: GraphNode,
  made: ReadonlyMap<string, readonly Operand[]>,
): Constant | undefined {
  if (!ADDS.has(reader.op) || reader.inputs.length !== 2) return undefined;
  const other = reader.inputs.find(({ node }) => node !== name);
  const [constant] = (other && made.get(other.node)) ?? [];
  const [filter] = (inputs[1] && made.get(inputs[1].node)) ?? [];
  if (!constant || !filter || !isConstant(constant) || !isConstant(filter)) return undefined;
  const channels = constant.sides.at(-1);
  if (channels === undefined || sizeOf(constant) !== channels) return undefined;
  const [seen, made4] = filter.sides.slice(-2);
  return channels === made4 || channels === (seen ?? 0) * (made4 ?? 0) ? constant : undefined;
}

function outputsOf({ outputs }: GraphModel, made: ReadonlyMap<string, readonly Operand[]>): readonly Value[] {
  const values = outputs.flatMap(({ node, output }): readonly Value[] => {
    const operand = made.get(node)?.[output];
    if (!operand) throw new InputError(`its output ${shown(node)} is no node`);
    return isConstant(operand) ? [] : [operand];
  });
  const different = [...new Set(values)];
  if (different.length === 0) throw new InputError('none of its outputs is computed from the image');
  return different;
}

function otherInput({ name, sides }: GraphModel['images'][number], batch: Dim): Shape {
  return asOurs(sides).map((side, i): Dim => {
    if (i === 0) return batch;
    if (side !== null) return side;
    throw new InputError(`its input ${shown(name)} leaves a side open, and only the first input is given one`);
  });
}

/** What every path of modules begins with says nothing: "StatefulPartitionedCall/model/". */
function sharedStart(nodes: readonly GraphNode[]): string {
  const paths = nodes
    .filter(({ name, op }) => rowOf(op) && name.includes('/'))
    .map(({ name }) => name.split('/').slice(0, -1));
  const [first] = paths;
  if (!first) return '';
  let shared = 0;
  while (shared < first.length - 1 && paths.every((path) => path.length > shared + 1 && path[shared] === first[shared]))
    shared++;
  return shared === 0 ? '' : `${first.slice(0, shared).join('/')}/`;
}

/** What Keras's names say, else the outer two parts of the path. */
function placeIn(path: string): Place {
  const [stage = '', block, ...rest] = path.split('/').slice(0, -1);
  if (block === undefined || rest.length === 0) return placeOf(stage, '') ?? { stage: '', block: '' };
  return { stage, block: `${stage}/${block}` };
}

/** @throws InputError that lists every op without a row, with how many there are and the name of one */
export function demandKnownOps(nodes: Iterable<GraphNode>): void {
  const unknown = new Map<string, string[]>();
  for (const { op, name } of nodes) if (!isKnown(op)) unknown.set(op, [...(unknown.get(op) ?? []), name]);
  if (unknown.size === 0) return;
  const listed = [...unknown].map(
    ([op, names]) => `${shown(op).slice(1, -1)} (${names.length}x, first node ${shown(names[0])})`,
  );
  throw new InputError(
    `flopscope does not know ${listed.join(', ')}; --allow-unknown leaves out nodes of ONNX files alone`,
  );
}
