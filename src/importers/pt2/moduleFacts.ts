// What a hook on a module sees: the parameters of the module, and shapes of its inputs and outputs.

import { product, type Dim } from '../../dim/dim.js';
import type { AttendingModule, HookedModule, FrameworkCall, Graph, Node, Recurrence, Value } from '../../graph.js';
import type { Shape } from '../../shape.js';
import { plainPath } from './naming.js';
import type { Frame, Program } from './program.js';
import { opName } from './table.js';
import type { TorchCall } from './torchCall.js';
import { GATES } from '../../ops/recurrent.js';

/** The calls of a program with the names of their nodes, in order of execution. */
export type NodeNames = ReadonlyMap<TorchCall, readonly string[]>;
/** Calls by the keys of what they make. */
type Makers = ReadonlyMap<string, TorchCall>;
type Values = ReadonlyMap<string, Value>;

/** What counters ask of a call beside its name. */
export function factsOf(call: TorchCall, node: Node, makers: Makers, program: Program): Partial<FrameworkCall> {
  const name = opName(call.op);
  return {
    ...(name.includes('norm') ? { scaled: shapeOf(call, 'weight', program) !== undefined } : {}),
    ...(ADDING.has(name) ? { added: product(shapeOf(call, 'self', program) ?? []) } : {}),
    ...(name === 'linear' && node.shape.length > 2 && isTurned(call, makers, program)
      ? { separateBias: true as const }
      : {}),
    ...(name.includes('upsample') ? { resized: resizedBy(call) } : {}),
  };
}

/** Matrix products that add their first operand. */
const ADDING: ReadonlySet<string> = new Set(['addmm', 'baddbmm', 'addmv', 'addbmm']);
const TURNING: ReadonlySet<string> = new Set(['transpose', 'permute', 't', 'numpy_T', 'movedim', 'swapaxes']);

/** For an input that is a transposed view, PyTorch runs a product and then adds the bias. */
function isTurned(call: TorchCall, makers: Makers, program: Program): boolean {
  const input = call.operation.inputs.get('input');
  if (input?.kind !== 'tensor') return false;
  const maker = makers.get(call.prefix + input.name);
  return maker !== undefined && TURNING.has(opName(maker.op)) && movesElements(maker, program);
}

/** Elements move where two sides of more than 1 change places. */
function movesElements(call: TorchCall, program: Program): boolean {
  const from = shapeOf(call, 'self', program) ?? [];
  const { inputs } = call.operation;
  const number = (name: string, otherwise: number): number => {
    const one = inputs.get(name);
    const axis = one?.kind === 'number' ? one.value : otherwise;
    return axis < 0 ? axis + from.length : axis;
  };
  const order = from.map((_, i) => i);
  const dims = inputs.get('dims');
  if (dims?.kind === 'numbers')
    dims.items.forEach((item, i) => (order[i] = typeof item === 'number' ? (item + from.length) % from.length : i));
  else {
    const [a, b] = [number('dim0', 0), number('dim1', 1)];
    [order[a], order[b]] = [order[b]!, order[a]!];
  }
  const wide = order.filter((axis) => from[axis] !== 1);
  return wide.some((axis, i) => i > 0 && axis < wide[i - 1]!);
}

/** F.interpolate is given a size or factors. */
function resizedBy({ operation: { inputs } }: TorchCall): NonNullable<FrameworkCall['resized']> {
  const numbers = (name: string): readonly number[] => {
    const given = inputs.get(name);
    return given?.kind === 'numbers' ? given.items.map((item) => (typeof item === 'number' ? item : NaN)) : [];
  };
  const size = numbers('output_size');
  return size.length > 0 ? { size } : { factors: numbers('scale_factors') };
}

/** @returns modules by the name of the node at which their hook fires */
export function hookedModules(
  calls: ReadonlyMap<string, FrameworkCall>,
  made: NodeNames,
  graph: Graph,
  program: Program,
): ReadonlyMap<string, HookedModule> {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const values = new Map<string, Value>([...graph.inputs, ...graph.nodes].map((value) => [value.name, value]));
  const found = new Map<string, HookedModule>();
  const placed = [...made].flatMap(([call, names]) => {
    const own = names.flatMap((name) => nodes.get(name) ?? []);
    const frame = call.operation.stack.at(-1);
    return own.length > 0 && frame ? [{ call, own, frame }] : [];
  });
  const together = new Map<string, typeof placed>();
  for (const one of placed) together.set(one.frame.key, [...(together.get(one.frame.key) ?? []), one]);
  for (const group of together.values()) {
    const { frame } = group[0]!;
    const at = group.flatMap(({ own }) => own).find(({ name }) => calls.get(name)?.module !== undefined);
    if (!at) continue;
    const { leaf } = calls.get(at.name)!;
    const attending = leaf ? undefined : attendingIn(frame, group, values, program);
    if (!leaf && !attending) continue;
    const recurrence = leaf ? recurrenceOf(group, values, program) : undefined;
    const output = group.at(-1)!.own.at(-1)!.shape;
    found.set(at.name, {
      ...(leaf ? namedIn(frame, program) : { named: 0, longerNamed: 0 }),
      output: recurrence && output.length === 3 ? [recurrence.runs] : output,
      ...(recurrence ? { recurrence } : {}),
      ...(attending ? { attending } : {}),
    });
  }
  return found;
}

/** Learnt elements of a module without others, by what stands in their names. */
function namedIn({ path }: Frame, { stored, tensors }: Program): Pick<HookedModule, 'named' | 'longerNamed'> {
  const prefix = plainPath(path) === '' ? '' : `${plainPath(path)}.`;
  let [named, longerNamed] = [0, 0];
  for (const [key, tensor] of stored) {
    if (tensor.kind !== 'parameter' || !tensor.path.startsWith(prefix)) continue;
    const name = tensor.path.slice(prefix.length);
    const count = product((tensors.get(key)?.sizes ?? []) as readonly number[]) as number;
    if (name === 'weight' || name === 'bias') named += count;
    else if (name.includes('weight') || name.includes('bias')) longerNamed += count;
  }
  return { named, longerNamed };
}

interface CallNodes {
  readonly call: TorchCall;
  readonly own: readonly Node[];
}

const LAYERS: Readonly<Record<string, Recurrence['kind']>> = {
  ...{ lstm: 'lstm', gru: 'gru', rnn_tanh: 'simple', rnn_relu: 'simple' },
  ...{ lstm_cell: 'lstm', gru_cell: 'gru', rnn_tanh_cell: 'simple', rnn_relu_cell: 'simple' },
};

function recurrenceOf(group: readonly CallNodes[], values: Values, program: Program): Recurrence | undefined {
  const placed = group.find(({ call }) => LAYERS[opName(call.op)] !== undefined);
  if (!placed) return undefined;
  const { call, own } = placed;
  const { inputs } = call.operation;
  const name = opName(call.op);
  const kind = LAYERS[name]!;
  const given = values.get(own[0]!.inputs[0]!)?.shape ?? shapeOf(call, 'input', program) ?? [];
  const params = inputs.get('params');
  const single = name.endsWith('_cell');
  const [first, second] = single
    ? [shapeOf(call, 'w_ih', program), shapeOf(call, 'w_hh', program)]
    : params?.kind === 'tensors'
      ? params.names.map((one) => sizesOf(one, program))
      : [];
  if (!first || !second || typeof first[0] !== 'number') return undefined;
  const number = (key: string, otherwise: number): number => {
    const one = inputs.get(key);
    return one?.kind === 'number' ? one.value : otherwise;
  };
  const flag = (key: string, otherwise: boolean): boolean => {
    const one = inputs.get(key);
    return one?.kind === 'flag' ? one.value : otherwise;
  };
  const turned = flag('batch_first', false) && given[0] !== 1 && given[1] !== 1;
  // Tools take the first two sides for images and steps, also where there is no batch.
  const stated = shapeOf(call, 'input', program);
  const runs = single ? (given[0] ?? 1) : product((stated?.length === 2 ? stated : given).slice(0, 2));
  return {
    ...{ kind, features: first[1]!, hidden: first[0] / GATES[kind], state: second[1]!, runs },
    layers: number('num_layers', 1),
    directions: flag('bidirectional', false) ? 2 : 1,
    biased: single ? shapeOf(call, 'b_ih', program) !== undefined : flag('has_biases', true),
    ...(turned ? { transposed: turned } : {}),
  };
}

/** An nn.MultiheadAttention projects all inputs at once, queries and the rest, or each. */
function attendingIn(
  { className }: Frame,
  group: readonly CallNodes[],
  values: Values,
  program: Program,
): AttendingModule | undefined {
  if (!className.startsWith('torch.nn.modules.') || !className.endsWith('.MultiheadAttention')) return undefined;
  const projections = group.filter(({ call }) => opName(call.op) === 'linear').slice(0, -1);
  const inputs = projections.map(({ own }) => values.get(own[0]!.inputs[0]!)?.shape);
  const scores = group.flatMap(({ own }) => own).find(({ op }) => op === 'matmul');
  const headWidth = scores && values.get(scores.inputs[0]!)?.shape.at(-1);
  const [queries, keys = queries, last = keys] = inputs;
  if (!queries || !keys || !last || headWidth === undefined || queries.length !== 3) return undefined;
  const sides = (shape: Shape): readonly [Dim, Dim] => [shape[0]!, shape[2]!];
  return {
    ...{ images: queries[1]!, headWidth, queries: sides(queries), keys: sides(keys), values: sides(last) },
    biased: shapeOf(projections[0]!.call, 'bias', program) !== undefined,
  };
}

/** Sides of a tensor that an argument names; undefined where it is left out. */
function shapeOf({ operation }: TorchCall, name: string, program: Program): Shape | undefined {
  const given = operation.inputs.get(name);
  return given?.kind === 'tensor' ? sizesOf(given.name, program) : undefined;
}

function sizesOf(name: string | undefined, { tensors }: Program): Shape | undefined {
  const sizes = name === undefined ? undefined : tensors.get(name)?.sizes;
  return sizes?.map((side) => (typeof side === 'number' ? side : 1));
}
