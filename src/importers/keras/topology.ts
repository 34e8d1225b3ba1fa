// Reads which layers call which, in the three forms in which Keras has written it.

import { InputError, located } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { isCount, isData, type Data } from '../tfjs/settings.js';
import { arrayIn, arraysOf, isRef, type Argument, type Arrays, type Ref } from './arguments.js';

export type { Ref };

/** One call of a layer, as Keras lists it in `inbound_nodes`. */
export interface InboundNode {
  readonly inputs: readonly Argument[];
  /** Numbers among its arguments. */
  readonly constants: readonly number[];
  readonly options: Data;
  /** Arguments by position as the file has them. */
  readonly args: readonly unknown[];
  /** It is called with training=False. */
  readonly inEvalMode?: true;
}

/** Names of the two views around a model that runs on every step. */
export const TIME_INTO_BATCH = 'steps into the batch';
export const TIME_OUT_OF_BATCH = 'steps out of the batch';

export interface Layer {
  readonly name: string;
  readonly className: string;
  readonly config: Data;
  readonly calls: readonly InboundNode[];
  /** Where the layer is a model itself. */
  readonly model: Topology | undefined;
  /** Whether the model runs on every step of its input. */
  readonly isTimeDistributed: boolean;
}

export interface Topology {
  readonly name: string;
  readonly layers: ReadonlyMap<string, Layer>;
  readonly inputs: readonly Ref[];
  readonly outputs: readonly Ref[];
}

export const MODEL_CLASSES: ReadonlySet<string> = new Set(['Sequential', 'Functional', 'Model']);
/** Models inside models. */
const DEEPEST = 32;

/**
 * @param data {class_name, config} of a Sequential or Functional model;
 * @throws InputError naming the layer
 */
export function topologyOf(data: Data, depth = 0): Topology {
  if (depth > DEEPEST) throw new InputError(`models stand inside models more than ${DEEPEST} deep`);
  const { class_name: className, config } = data;
  // Keras 1 and early 2 wrote the layers of a Sequential model in the place of its config.
  const settings: unknown = Array.isArray(config) ? { layers: config as unknown } : config;
  if (!isData(settings)) throw new InputError(`its ${shown(className)} has no config`);
  const list = settings['layers'];
  if (!Array.isArray(list) || list.length === 0) throw new InputError(`its ${shown(className)} has no layers`);
  const name = typeof settings['name'] === 'string' ? settings['name'] : 'model';
  const layers = list.map((layer, i) => readLayer(layer, i, depth));
  return className === 'Sequential' ? sequential(name, settings, layers) : functional(name, settings, byName(layers));
}

interface Read extends Omit<Layer, 'calls'> {
  readonly nodes: unknown;
}

function readLayer(data: unknown, index: number, depth: number): Read {
  if (!isData(data)) throw new InputError(`its layer ${index} must be a mapping, not ${shown(data)}`);
  const { class_name: className, config = {}, inbound_nodes: nodes } = data;
  if (typeof className !== 'string' || className === '')
    throw new InputError(`its layer ${index} must have a text as its class_name, not ${shown(className)}`);
  const isModel = MODEL_CLASSES.has(className);
  if (!isData(config) && !isModel) throw new InputError(`its layer ${index} (${shown(className)}) has no config`);
  const settings = isData(config) ? withLists(config) : {};
  const name = [data['name'], settings['name']].find((one) => typeof one === 'string' && one !== '');
  const named = (name ?? `${className.toLowerCase()}_${index}`) as string;
  const model = isModel ? data : modelInside(className, settings);
  return {
    name: named,
    ...{ className, config: settings, nodes },
    model: model && topologyOf(model, depth + 1),
    isTimeDistributed: !isModel && model !== undefined,
  };
}

/** The model that a wrapper runs on every step. */
function modelInside(className: string, { layer }: Data): Data | undefined {
  if (className !== 'TimeDistributed' || !isData(layer) || typeof layer['class_name'] !== 'string') return undefined;
  return MODEL_CLASSES.has(layer['class_name']) ? layer : undefined;
}

/**
 * Python's tuples and TensorFlow's shapes are lists, which some writers of Keras 2 give with the
 * name of their class.
 */
const LISTS: ReadonlySet<unknown> = new Set(['__tuple__', 'TensorShape']);

const withLists = (config: Data): Data =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, listIn(value, 2)]));

/** @param depth a padding is a tuple of tuples */
function listIn(value: unknown, depth: number): unknown {
  if (!isData(value) || !LISTS.has(value['class_name']) || !Array.isArray(value['items'])) return value;
  return depth === 1 ? value['items'] : value['items'].map((item) => listIn(item, depth - 1));
}

function byName(layers: readonly Read[]): ReadonlyMap<string, Read> {
  const found = new Map<string, Read>();
  for (const layer of layers) {
    if (found.has(layer.name)) throw new InputError(`two of its layers have the name ${shown(layer.name)}`);
    found.set(layer.name, layer);
  }
  return found;
}

/** Each layer on the one before. */
function sequential(name: string, settings: Data, read: readonly Read[]): Topology {
  const given = read[0]!.className === 'InputLayer' ? read : [inputBefore(name, settings, read[0]!), ...read];
  const layers = new Map<string, Layer>();
  let last: Ref | undefined;
  for (const layer of byName(given).values()) {
    const inputs = last ? [last] : [];
    layers.set(layer.name, { ...layer, calls: [{ inputs, constants: [], options: {}, args: [] }] });
    last = { layer: layer.name, call: 0, output: 0 };
  }
  return { name, layers, inputs: [{ layer: given[0]!.name, call: 0, output: 0 }], outputs: [last!] };
}

/** A Sequential model may say the shape of its images in its first layer, or beside its layers. */
function inputBefore(name: string, settings: Data, { config, model }: Read): Read {
  const own = model?.layers.get(model.inputs[0]!.layer)?.config ?? config;
  const stated = own['batch_input_shape'] ?? own['batch_shape'] ?? settings['build_input_shape'];
  return {
    name: `${name}_input`,
    className: 'InputLayer',
    config: { batch_shape: stated },
    nodes: [],
    model: undefined,
    isTimeDistributed: false,
  };
}

function functional(name: string, settings: Data, read: ReadonlyMap<string, Read>): Topology {
  const layers = new Map<string, Layer>();
  for (const layer of read.values()) {
    const calls = located(`layer ${shown(layer.name)}`, () => callsOf(layer.nodes, arraysOf(layer)));
    layers.set(layer.name, {
      ...layer,
      calls: calls.length === 0 && layer.className === 'InputLayer' ? [NO_CALL] : calls,
    });
  }
  const ends = (key: string): readonly Ref[] => {
    const refs = refsIn(settings[key]);
    if (refs.length === 0) throw new InputError(`its model ${shown(name)} has no ${key}`);
    return refs;
  };
  return counted({ name, layers, inputs: ends('input_layers'), outputs: ends('output_layers') });
}

/**
 * Older versions of Keras count the creation of a model as its call 0, which the list of calls
 * lacks. Call 1 is then the first of the list.
 */
function counted({ name, layers, inputs, outputs }: Topology): Topology {
  const last = new Map<string, number>();
  const refs = [
    ...outputs,
    ...[...layers.values()].flatMap(({ calls }) => calls.flatMap((call) => call.inputs.filter(isRef))),
  ];
  for (const { layer, call } of refs) last.set(layer, Math.max(last.get(layer) ?? 0, call));
  const tooMany = ({ name: own, model, calls }: Layer): number =>
    model && (last.get(own) ?? 0) === calls.length && calls.length > 0 ? 1 : 0;
  const shift = new Map([...layers.values()].map((layer) => [layer.name, tooMany(layer)]));
  const moved = (ref: Ref): Ref => ({ ...ref, call: ref.call - (shift.get(ref.layer) ?? 0) });
  const movedIn = (one: Argument): Argument => (isRef(one) ? moved(one) : one);
  const calls = (layer: Layer): Layer => ({
    ...layer,
    calls: layer.calls.map((call) => ({ ...call, inputs: call.inputs.map(movedIn) })),
  });
  return {
    name,
    layers: new Map([...layers].map(([key, layer]) => [key, calls(layer)])),
    inputs,
    outputs: outputs.map(moved),
  };
}

const NO_CALL: InboundNode = { inputs: [], constants: [], options: {}, args: [] };

function callsOf(nodes: unknown, arrays: Arrays): readonly InboundNode[] {
  if (nodes === undefined || nodes === null) return [];
  if (!Array.isArray(nodes)) throw new InputError(`inbound_nodes must be a list, not ${shown(nodes)}`);
  return nodes.map((node: unknown) => (isData(node) ? callInKeras3(node, arrays) : callInKeras2(node, arrays)));
}

/**
 * { args: [tensor, or a list of tensors, or a number], kwargs }. Their `training` says nothing:
 * Keras 3 writes false for every dropout, and hands the mode of the model to each layer
 * (operation_fn in models/functional.py).
 */
function callInKeras3({ args, kwargs }: Data, arrays: Arrays): InboundNode {
  const found: Found = { inputs: [], constants: [] };
  for (const value of [
    ...(Array.isArray(args) ? (args as readonly unknown[]) : []),
    ...(isData(kwargs) ? named(kwargs) : []),
  ])
    gather(value, found, arrays, 0);
  return { ...found, options: isData(kwargs) ? kwargs : {}, args: Array.isArray(args) ? args : [] };
}

/** Tensors among the named arguments; a mask is none that a layer computes with. */
function named(kwargs: Data): readonly unknown[] {
  const order = (key: string): number => ARGUMENTS.indexOf(key);
  const keys = Object.keys(kwargs).filter((key) => !/mask$/.test(key));
  return keys.sort((a, b) => order(a) - order(b)).map((key) => kwargs[key]);
}

/** The order in which attention takes them. */
const ARGUMENTS = ['query', 'value', 'key'];

interface Found {
  readonly inputs: Argument[];
  readonly constants: number[];
}

function gather(value: unknown, found: Found, arrays: Arrays, depth: number): void {
  if (depth > 8) throw new InputError('its arguments are nested without end');
  const array = arrayIn(value, arrays);
  if (typeof array === 'object') found.inputs.push(array);
  else if (typeof array === 'number' || typeof value === 'number') found.constants.push(array ?? (value as number));
  else if (Array.isArray(value)) for (const item of value) gather(item, found, arrays, depth + 1);
  else if (isData(value) && value['class_name'] === '__keras_tensor__') found.inputs.push(historyOf(value));
}

function historyOf({ config }: Data): Ref {
  const history = isData(config) ? config['keras_history'] : undefined;
  const ref = refOf(history) ?? refuse(history);
  const shape = isData(config) ? config['shape'] : undefined;
  if (!Array.isArray(shape) || shape.length > 8 || shape.length === 0) return ref;
  return { ...ref, shape: shape.map((side: unknown) => (isCount(side) ? side : 0)) };
}

/**
 * [[name, call, output, options], ...]; an argument of an operation may stand among the options as
 * such a list.
 */
function callInKeras2(node: unknown, arrays: Arrays): InboundNode {
  const entries: readonly unknown[] = Array.isArray(node) ? (isEntry(node) ? [node] : node) : refuse(node);
  const options = entries.map((entry) => (entry as readonly unknown[])[3]).find(isData) ?? {};
  const found: Found = { inputs: [], constants: [] };
  for (const entry of entries) {
    // An argument that is no tensor stands where the name of its layer would.
    const [name, , value] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    if (name !== NO_TENSOR) found.inputs.push(refOf(entry) ?? refuse(entry));
    else if (typeof value === 'number') found.constants.push(value);
    else found.inputs.push(...given(value, arrays));
  }
  for (const value of named(options)) found.inputs.push(...refsAmong(value));
  for (const key of OPERANDS) found.inputs.push(...given(options[key], arrays));
  for (const key of ['x', 'y']) if (typeof options[key] === 'number') found.constants.push(options[key]);
  const args = entries.flatMap((entry) => (isNoTensor(entry) ? [entry[2]] : []));
  return { ...found, options, args, ...(options['training'] === false ? { inEvalMode: true } : {}) };
}

/** Names of operands in the functions of TensorFlow. */
const OPERANDS = ['x', 'y', 'a', 'b'];

const given = (value: unknown, arrays: Arrays): readonly Argument[] => {
  const array = arrayIn(value, arrays);
  return typeof array === 'object' ? [array] : [];
};

const NO_TENSOR = '_CONSTANT_VALUE';
const isNoTensor = (entry: unknown): entry is readonly unknown[] => Array.isArray(entry) && entry[0] === NO_TENSOR;

/** A tensor, or a list of tensors. */
function refsAmong(value: unknown): readonly Ref[] {
  const one = refOf(value);
  if (one) return [one];
  const refs = Array.isArray(value) ? value.map(refOf) : [];
  return refs.every((ref) => ref !== undefined) ? refs : [];
}

/** A split into this many parts is none of a network. */
const MOST_OUTPUTS = 10_000;

const isEntry = (value: unknown): boolean => isNoTensor(value) || refOf(value) !== undefined;

function refOf(value: unknown): Ref | undefined {
  if (!Array.isArray(value)) return undefined;
  const [layer, call, output] = value as readonly unknown[];
  if (typeof layer !== 'string' || !Number.isSafeInteger(call) || !isCount(output, 0)) return undefined;
  if (output > MOST_OUTPUTS)
    throw new InputError(`layer ${shown(layer)} is said to have ${output} outputs, which no layer has`);
  return { layer, call: call as number, output };
}

/** [name, call, output], a list of those, or a mapping to them. */
function refsIn(value: unknown): readonly Ref[] {
  const one = refOf(value);
  if (one) return [one];
  const items: readonly unknown[] = Array.isArray(value) ? value : isData(value) ? Object.values(value) : [];
  return items.map((item) => refOf(item) ?? refuse(item));
}

function refuse(value: unknown): never {
  throw new InputError(`an input must be [layer, call, output], not ${shown(value)}`);
}
