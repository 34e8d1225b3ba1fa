// Reads what an ONNX file holds before its image has a size: calls, stored tensors, inputs.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { StoredCopy } from '../../graph.js';
import type { ConversionStep } from '../kit/call.js';
import { demandNone } from '../kit/omissions.js';
import { isSingle, type Constant } from '../kit/operand.js';
import { ordered } from '../kit/order.js';
import type { Companion } from '../bytesBeside.js';
import { callsOf } from './branches.js';
import { turnedFirst } from './channelsLast.js';
import { copiesOf } from './copies.js';
import { composed } from './compose/compose.js';
import { constantIn, embedded, embeddedInside } from './external.js';
import { fullOp, isKnown } from './format.js';
import { inlined } from './functions.js';
import { inputsOf, type Inputs } from './inputs.js';
import { DATA_TYPES, MESSAGES, type OnnxGraph, type OnnxModel, type OnnxTensor } from './messages.js';
import type { FileFacts, OnnxCall } from './onnxCall.js';
import { readMessage } from '../protobuf/readMessage.js';
import { storedTwice } from './storedTwice.js';
import { nameOf, titleOf } from './title.js';
import type { ByteSource } from '../modelFile.js';

const MOST_NODES = 200_000;

export interface PrepareOptions {
  /** Leave out what is not known, and what cannot be sized for it. */
  readonly allowUnknown?: boolean;
  /** Files that hold what the model stores apart. */
  readonly companion?: Companion;
  /** Keep ops that exporters decomposed as they are. */
  readonly asWritten?: boolean;
}

export interface Prepared {
  readonly name: string;
  readonly graph: OnnxGraph;
  /** In an order in which they can run. */
  readonly steps: readonly ConversionStep<OnnxCall>[];
  readonly inputs: Inputs;
  readonly constants: ReadonlyMap<string, Constant>;
  readonly allowUnknown: boolean;
  /** Weights that the file stores again under another name. */
  readonly copies: readonly StoredCopy[];
  /** flopscope wrote it, which folds nothing. */
  readonly ownFile: boolean;
}

export function prepare(
  source: ByteSource,
  name: string,
  { asWritten = false, allowUnknown = false, companion = () => undefined }: PrepareOptions,
): Prepared {
  const model = modelIn(source);
  if (!model.graph) throw new InputError('it holds no graph: is it an ONNX model?');
  if (model.graph.node.length === 0) throw new InputError('its graph has no nodes');
  if (model.graph.node.length > MOST_NODES)
    throw new InputError(`its graph has ${model.graph.node.length} nodes, and at most ${MOST_NODES} are counted`);
  const graph = { ...model.graph, node: embeddedInside(inlined(model, MOST_NODES), companion) };
  const constants = storedIn(embedded(graph.initializer, companion));
  const facts = factsOf(model, graph, constants);
  const calls = callsOf(graph.node, facts);
  if (!allowUnknown)
    demandNone(
      calls.filter((call) => !isKnown(call)).map((call) => ({ op: fullOp(call), name: nameOf(call.node) })),
      'node',
    );
  const inputs = inputsOf({ ...graph, node: calls.map(({ node }) => node) });
  const given = new Set([...constants.keys(), ...graph.input.map((one) => one.name ?? '')]);
  const inOrder = turnedFirst(
    ordered(calls, given, ({ node }) => titleOf(node)),
    inputs,
  );
  const outputs = graph.output.map((one) => one.name ?? '');
  const steps = asWritten ? inOrder.map((call) => ({ call })) : composed(inOrder, outputs, constants);
  const copies = storedTwice(source, graph.initializer);
  return { name, graph, steps, inputs, constants, copies, allowUnknown, ownFile: model.producerName === 'flopscope' };
}

/** Files of other kinds that are taken for ONNX. */
const SIGNATURES: readonly (readonly [first: string, kind: string])[] = [
  ['PK', 'a zip archive'],
  ['\u001f\u008b', 'a gzip archive'],
  ['\u0089HDF', 'an HDF5 file'],
  ['{', 'JSON'],
  ['<', 'markup'],
  ['version https://git-lfs', 'a Git LFS pointer, whose file was not fetched'],
];

function modelIn(source: ByteSource): OnnxModel {
  if (source.size === 0) throw new InputError('it is empty');
  const head = String.fromCharCode(...source.read(0, Math.min(24, source.size)));
  const other = SIGNATURES.find(([first]) => head.startsWith(first));
  if (other) throw new InputError(`it is ${other[1]} and no ONNX model`);
  return readMessage(source, MESSAGES, 'Model');
}

function storedIn(initializer: readonly OnnxTensor[]): ReadonlyMap<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const tensor of initializer) {
    const name = tensor.name ?? '';
    if (constants.has(name)) throw new InputError(`it stores two weights under the name ${shown(name)}`);
    constants.set(name, constantIn(tensor));
  }
  return constants;
}

function factsOf(
  { opsetImport }: OnnxModel,
  { node, initializer }: OnnxGraph,
  constants: ReadonlyMap<string, Constant>,
): FileFacts {
  const opset = opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx')?.version ?? 1;
  const weights = [...constants.values()].some((one) => one.type === 'float' && !isSingle(one));
  const stored = new Set(constants.keys());
  const bytes = initializer.filter(({ dataType }) => dataType === DATA_TYPES.uint8).map(({ name = '' }) => name);
  return { opset, weightsAreNodes: !weights, stored, bytes: new Set(bytes), copies: copiesOf(node, stored) };
}
