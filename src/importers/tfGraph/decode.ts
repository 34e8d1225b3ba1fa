// Turns TensorFlow's protobuf messages into nodes, functions and signatures, without weights.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { Bytes } from '../protobuf/message.js';
import { readMessage } from '../protobuf/readMessage.js';
import type { ByteSource } from '../modelFile.js';
import { Attributes, type Attribute, type Sides, type Tensor } from './attribute.js';
import { nodesByName, type FunctionDef, type GraphDef, type NodeDef } from './graphDef.js';
import { DATA_TYPES, MESSAGES, type Read } from './messages.js';

/** An input or output of a signature: its reference, and the sides that are stated. */
export interface Signature {
  readonly inputs: readonly SignatureEnd[];
  readonly outputs: readonly SignatureEnd[];
}

export interface SignatureEnd {
  readonly key: string;
  readonly name: string;
  readonly sides: Sides;
}

export interface MetaGraph {
  readonly tags: readonly string[];
  readonly graph: GraphDef;
  readonly signatures: ReadonlyMap<string, Signature>;
}

/** A SavedModel holds several copies of each function, and the shape of every output. */
const MOST_PARTS = 4_000_000;
/** Elements of a constant that are kept: enough for shapes, axes, paddings and bounds. */
const MOST_VALUES = 1024;

export const readGraphDef = (source: ByteSource): GraphDef =>
  graphOf(readMessage(source, MESSAGES, 'Graph', MOST_PARTS));

/** One node alone, as TFLite files store an op of TensorFlow. It need not have a name. */
export function readNode(source: ByteSource): NodeDef {
  const data = readMessage(source, MESSAGES, 'Node', MOST_PARTS);
  return nodeOf({ ...data, name: data.name ?? 'node' }, 0);
}

export function readSavedModel(source: ByteSource): readonly MetaGraph[] {
  return readMessage(source, MESSAGES, 'SavedModel', MOST_PARTS).metaGraph.flatMap(({ info, graph, signature }) => {
    if (!graph) return [];
    const signatures = signature.map(({ key = '', value }) => [key, signatureOf(value)] as const);
    return [{ tags: info?.tag ?? [], graph: graphOf(graph), signatures: new Map(signatures) }];
  });
}

const signatureOf = (data: Read<'Signature'> | undefined): Signature => ({
  inputs: (data?.input ?? []).flatMap(endOf),
  outputs: (data?.output ?? []).flatMap(endOf),
});

function endOf({ key = '', value }: Read<'TensorInfoEntry'>): readonly SignatureEnd[] {
  return value?.name === undefined || value.name === '' ? [] : [{ key, name: value.name, sides: sidesOf(value.shape) }];
}

function graphOf({ node, library }: Read<'Graph'>): GraphDef {
  const nodes = nodesByName(node.map(nodeOf));
  const functions = new Map<string, FunctionDef>();
  let count = nodes.size;
  for (const data of library?.function ?? []) {
    const made = functionOf(data, count);
    count += made.nodes.size;
    functions.set(made.name, made);
  }
  return { nodes, functions };
}

function functionOf({ signature, node, ret }: Read<'Function'>, known: number): FunctionDef {
  const name = signature?.name ?? '';
  const names = (list: readonly Read<'Argument'>[] = []): readonly string[] => list.map((one) => one.name ?? '');
  return {
    name,
    inputs: names(signature?.input),
    outputs: names(signature?.output),
    nodes: nodesByName(node.map(nodeOf), known),
    returns: new Map(ret.map(({ key = '', value = '' }) => [key, value])),
  };
}

function nodeOf({ name, op, input, attribute }: Read<'Node'>, index: number): NodeDef {
  if (name === undefined || name === '' || op === undefined)
    throw new InputError(`its node ${index} has the name ${shown(name)} and the op ${shown(op)}`);
  const attributes = new Map(attribute.map(({ key = '', value }) => [key, value ? attributeOf(value) : {}] as const));
  return { name, op, inputs: input, attributes: new Attributes(attributes) };
}

function attributeOf(data: Read<'Attribute'>): Attribute {
  const { i, f, b, s, type, shape, tensor, list } = data;
  return {
    ...(i === undefined ? {} : { i }),
    ...(f === undefined ? {} : { f }),
    ...(b === undefined ? {} : { b: b !== 0 }),
    ...(s === undefined ? {} : { s: textOf(s) }),
    ...(type === undefined ? {} : { type: DATA_TYPES[type] ?? `type ${type}` }),
    ...(shape === undefined ? {} : { shape: sidesOf(shape) }),
    ...(tensor === undefined ? {} : { tensor: tensorOf(tensor) }),
    ...(data.function?.name === undefined ? {} : { function: data.function.name }),
    ...(list === undefined
      ? {}
      : {
          ...{ integers: list.i, reals: list.f, texts: list.s.map(textOf), shapes: list.shape.map(sidesOf) },
          functions: list.function.map(({ name = '' }) => name),
        }),
  };
}

const utf8 = new TextDecoder();
const textOf = ({ content }: Bytes): string => (content ? utf8.decode(content) : '');

const MOST_SIDES = 8;

/** -1 is an open side; a dimension without a size has size 0, which proto3 does not write. */
function sidesOf(shape: Read<'Shape'> | undefined): Sides {
  if (!shape || shape.unknownRank === 1) return undefined;
  if (shape.dim.length > MOST_SIDES) throw new InputError(`a shape has ${shape.dim.length} sides`);
  return shape.dim.map(({ size = 0 }) => {
    if (size < 0) return null;
    if (size > 2 ** 31 - 1) throw new InputError(`a shape has a side of ${size}`);
    return size;
  });
}

function tensorOf(data: Read<'Tensor'>): Tensor {
  const dtype = DATA_TYPES[data.dtype ?? 0] ?? '';
  const sides = sidesOf(data.shape);
  return { dtype, sides, values: valuesOf(data, dtype, sides) };
}

function valuesOf(data: Read<'Tensor'>, dtype: string, sides: Sides): readonly number[] | undefined {
  if (!sides?.every((side) => side !== null)) return undefined;
  const count = sides.reduce((all, side) => all * side, 1);
  if (count > MOST_VALUES || dtype === 'DT_STRING') return undefined;
  if (data.content !== undefined) return data.content.content && elementsIn(data.content.content, dtype, count);
  const lists = [data.floatVal, data.doubleVal, data.intVal, data.int64Val, data.boolVal];
  if (data.halfVal.length > 0) return undefined;
  const given = lists.find((list) => list.length > 0) ?? [0];
  // The last value stands for all further elements; no value at all means zeros.
  return Array.from({ length: count }, (_, i) => given[Math.min(i, given.length - 1)]!);
}

const ELEMENTS: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  DT_FLOAT: [4, (view, at) => view.getFloat32(at, true)],
  DT_DOUBLE: [8, (view, at) => view.getFloat64(at, true)],
  DT_INT32: [4, (view, at) => view.getInt32(at, true)],
  DT_INT64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  DT_BOOL: [1, (view, at) => view.getUint8(at)],
};

/** Decodes raw bytes; undefined for types that neither shapes nor bounds have. */
export function elementsIn(bytes: Uint8Array, dtype: string, count: number): readonly number[] | undefined {
  const found = ELEMENTS[dtype];
  if (!found || bytes.length !== found[0] * count) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => found[1](view, i * found[0]));
}
