// Reads a graph model of TensorFlow.js: GraphDef as JSON, and its weights by name.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { isData, type Data } from '../tfjs/settings.js';
import { Attributes, refuse, type Attribute, type Sides, type Tensor } from './attribute.js';
import { elementsIn, type Signature, type SignatureEnd } from './decode.js';
import { nodesByName, type FunctionDef, type GraphDef, type NodeDef } from './graphDef.js';

const MOST_SIDES = 8;
const MOST_VALUES = 1024;
const MOST_SIZE = 2 ** 31 - 1;

/** @param topology `modelTopology`; @throws InputError naming the node */
export function graphFromJson(topology: Data): GraphDef {
  const list = topology['node'];
  if (!Array.isArray(list) || list.length === 0) throw new InputError('its graph has no nodes');
  const nodes = nodesByName(list.map(nodeOf));
  const functions = new Map<string, FunctionDef>();
  let count = nodes.size;
  for (const data of listIn(topology['library'], 'function')) {
    const made = functionOf(data, count);
    count += made.nodes.size;
    functions.set(made.name, made);
  }
  return { nodes, functions };
}

/** A function, which converters leave in the file where they do not inline it. */
function functionOf(data: unknown, known: number): FunctionDef {
  const body = isData(data) ? data : {};
  const signature = isData(body['signature']) ? body['signature'] : {};
  const { name } = signature;
  if (typeof name !== 'string' || name === '') throw new InputError(`one of its functions has the name ${shown(name)}`);
  const returns = Object.entries(isData(body['ret']) ? body['ret'] : {});
  return {
    name,
    inputs: listIn(signature, 'inputArg').map(nameIn),
    outputs: listIn(signature, 'outputArg').map(nameIn),
    nodes: nodesByName(listIn(body, 'nodeDef').map(nodeOf), known),
    returns: new Map(returns.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []))),
  };
}

const listIn = (data: unknown, key: string): readonly unknown[] => {
  const found = isData(data) ? data[key] : undefined;
  return Array.isArray(found) ? found : [];
};

const nameIn = (data: unknown): string => {
  const name = isData(data) ? data['name'] : undefined;
  return typeof name === 'string' ? name : '';
};

export function signatureFromJson(signature: unknown): Signature {
  const ends = (key: 'inputs' | 'outputs'): readonly SignatureEnd[] => {
    const found = isData(signature) ? signature[key] : undefined;
    if (!isData(found)) return [];
    return Object.entries(found).flatMap(([end, data]) => {
      const name = isData(data) ? data['name'] : undefined;
      if (!isData(data) || typeof name !== 'string' || name === '') return [];
      return [{ key: end, name, sides: sidesOf(data['tensorShape']) }];
    });
  };
  return { inputs: ends('inputs'), outputs: ends('outputs') };
}

function nodeOf(data: unknown, index: number): NodeDef {
  if (!isData(data)) throw new InputError(`its node ${index} must be a mapping, not ${shown(data)}`);
  const { name, op, input = [], attr = {} } = data;
  if (typeof name !== 'string' || name === '' || typeof op !== 'string')
    throw new InputError(`its node ${index} has the name ${shown(name)} and the op ${shown(op)}`);
  if (!Array.isArray(input) || !input.every((one) => typeof one === 'string'))
    throw new InputError(`node ${shown(name)} has inputs that are not a list of names`);
  const entries = isData(attr) ? Object.entries(attr) : [];
  const attributes = entries.map(([key, value]) => [key, isData(value) ? attributeOf(key, value) : {}] as const);
  return { name, op, inputs: input, attributes: new Attributes(new Map(attributes)) };
}

function attributeOf(key: string, data: Data): Attribute {
  const { i, f, b, s, type, shape, tensor, list } = data;
  const items = isData(list) ? list : {};
  return {
    ...(i === undefined ? {} : { i: integer(key, i) }),
    ...(f === undefined ? {} : { f: real(key, f) }),
    ...(typeof b === 'boolean' ? { b } : {}),
    ...(typeof s === 'string' ? { s: decoded(s) } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    ...(shape === undefined ? {} : { shape: sidesOf(shape) }),
    ...(isData(tensor) ? { tensor: tensorOf(tensor) } : {}),
    ...(isData(data['func']) ? { function: nameIn(data['func']) } : {}),
    ...(items['i'] === undefined ? {} : { integers: array(key, items['i']).map((item) => integer(key, item)) }),
    ...(items['s'] === undefined ? {} : { texts: array(key, items['s']).map((item) => text(key, item)) }),
    ...(items['func'] === undefined ? {} : { functions: array(key, items['func']).map(nameIn) }),
    ...(items['shape'] === undefined ? {} : { shapes: array(key, items['shape']).map(sidesOf) }),
  };
}

const array = (key: string, value: unknown): readonly unknown[] => (Array.isArray(value) ? value : refuse(key, value));
const text = (key: string, value: unknown): string => (typeof value === 'string' ? decoded(value) : refuse(key, value));
const integer = (key: string, value: unknown): number => integerIn(value) ?? refuse(key, value);
/** JSON has no infinity; protobuf writes it as text. */
const real = (key: string, value: unknown): number => {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : refuse(key, value);
};

/** { dim: [{ size: "-1" }, ...] }. */
export function sidesOf(shape: unknown): Sides {
  if (!isData(shape) || shape['unknownRank'] === true) return undefined;
  const dims = shape['dim'] ?? [];
  if (!Array.isArray(dims) || dims.length > MOST_SIDES) return refuse('shape', dims);
  return dims.map((dim: unknown) => {
    const size = isData(dim) ? integerIn(dim['size'] ?? 0) : undefined;
    return size === undefined ? refuse('shape', dim) : size < 0 ? null : size;
  });
}

function integerIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && Math.abs(number) <= MOST_SIZE
    ? number
    : undefined;
}

function tensorOf(data: Data): Tensor {
  const { dtype, tensorShape, tensorContent } = data;
  const type = typeof dtype === 'string' ? dtype : '';
  const sides = sidesOf(tensorShape);
  if (!sides?.every((side) => side !== null)) return { dtype: type, sides, values: undefined };
  const count = sides.reduce((all, side) => all * side, 1);
  if (count > MOST_VALUES) return { dtype: type, sides, values: undefined };
  const given = ['intVal', 'int64Val', 'floatVal', 'doubleVal', 'boolVal'].map((key) => data[key]).find(Array.isArray);
  const numbers = given?.map((value) => Number(value));
  if (numbers && numbers.length > 0 && numbers.every((value) => !Number.isNaN(value)))
    // The last value stands for all further elements.
    return {
      dtype: type,
      sides,
      values: Array.from({ length: count }, (_, i) => numbers[Math.min(i, numbers.length - 1)]!),
    };
  const bytes = typeof tensorContent === 'string' ? bytesIn(tensorContent) : undefined;
  return { dtype: type, sides, values: bytes && elementsIn(bytes, type, count) };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function bytesIn(base64: string): Uint8Array | undefined {
  if (!BASE64.test(base64) || base64.length % 4 !== 0) return undefined;
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Base64, as in protobuf's JSON, or plain text. */
function decoded(given: string): string {
  const bytes = given === '' ? undefined : bytesIn(given);
  const plain = bytes ? String.fromCharCode(...bytes.subarray(0, 10_000)) : given;
  return /^[\x20-\x7e]*$/.test(plain) ? plain : given;
}
