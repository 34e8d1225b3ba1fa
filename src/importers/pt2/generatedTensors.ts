// Finds the tensors that a program makes from numbers alone or from parameters alone.

import type { Graph, GeneratedTensor } from '../../graph.js';
import { isConstant, type Operand } from '../kit/operand.js';
import type { Program } from './program.js';
import { opName } from './table.js';
import type { TorchCall } from './torchCall.js';

/** Ops whose result shares the memory of their first operand where that is a constant. */
const SAME_MEMORY: ReadonlySet<string> = new Set([
  ...['view', '_unsafe_view', 'view_as', 'reshape', 'reshape_as', 'flatten', 'unflatten', 'squeeze', 'unsqueeze'],
  ...['permute', 'transpose', 'swapaxes', 'swapdims', 't', 'mT', 'numpy_T', 'movedim', 'moveaxis', 'expand'],
  ...['expand_as', 'broadcast_to', 'select', 'slice', 'narrow', 'unbind', 'split', 'split_with_sizes', 'chunk'],
  ...['tensor_split', 'alias', 'detach', 'contiguous', 'to', 'type_as', 'float', 'positive', 'diagonal'],
]);

/** Ops that keep a factor for the gradient of what they multiply or divide. */
const FACTORS: ReadonlySet<string> = new Set(['mul', 'multiply', 'div', 'divide', 'true_divide']);

/**
 * Tensors that the program makes from numbers alone, by the node that multiplies by one or by the
 * graph input that stands for one. Stored tensors and their views are not among them.
 * @param nodeNames names of the nodes of each call
 */
export function generatedTensors(
  program: Program,
  graph: Graph,
  calls: readonly TorchCall[],
  values: ReadonlyMap<string, Operand>,
  nodeNames: ReadonlyMap<TorchCall, readonly string[]>,
): ReadonlyMap<string, GeneratedTensor> {
  const roots = rootsOf(calls);
  const madeOf = (key: string): GeneratedTensor | undefined => {
    const root = roots.get(key);
    const operand = root === undefined ? undefined : values.get(root);
    if (root === undefined || !operand || !isConstant(operand) || program.stored.has(root)) return undefined;
    return { name: root, shape: operand.shape, type: program.tensors.get(root)?.type ?? 'float32' };
  };
  const found = new Map<string, GeneratedTensor>();
  for (const { name } of graph.inputs) {
    const made = madeOf(name);
    if (made) found.set(name, made);
  }
  for (const call of calls) {
    if (!FACTORS.has(opName(call.op).replace(/_$/, ''))) continue;
    const node = nodeNames.get(call)?.at(-1);
    const constants = call.inputs.filter((key): key is string => key !== undefined && isConstantAt(values, key));
    const made = constants.length === 1 ? madeOf(constants[0]!) : undefined;
    if (node !== undefined && made) found.set(node, made);
  }
  return found;
}

/** For each result the tensor that owns its memory: itself, or the tensor that it is a view of. */
function rootsOf(calls: readonly TorchCall[]): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const call of calls) {
    const name = opName(call.op);
    const [first] = call.inputs;
    const shares = name.endsWith('_') || (SAME_MEMORY.has(name) && isOfType(call, first));
    for (const key of call.outputs)
      if (key !== '') roots.set(key, shares && first !== undefined ? (roots.get(first) ?? first) : key);
  }
  return roots;
}

const isConstantAt = (values: ReadonlyMap<string, Operand>, key: string): boolean => {
  const found = values.get(key);
  return found !== undefined && isConstant(found);
};

/** A cast to another type makes a new tensor. */
const isOfType = (call: TorchCall, first: string | undefined): boolean =>
  first !== undefined && call.outputs.every((key) => call.typeOf(key) === call.typeOf(first));

/** Ops for which autograd keeps none of their inputs. */
const KEEP_NOTHING: ReadonlySet<string> = new Set([
  ...[
    'add',
    'sub',
    'subtract',
    'rsub',
    'neg',
    'cat',
    'stack',
    'mean',
    'sum',
    'clone',
    'repeat',
    'flip',
    'roll',
    'copy',
  ],
  ...['zeros_like', 'ones_like', 'empty_like', 'full_like', 'rand_like', 'randn_like', 'new_zeros', 'new_ones'],
]);

/** Ops that keep only their indices. Stored indices are in memory anyway. */
const LOOK_UPS: ReadonlySet<string> = new Set(['index', 'index_select', 'gather', 'embedding', 'take']);

const runsGraph = ({ operation }: TorchCall): boolean =>
  [...operation.inputs.values()].some(({ kind }) => kind === 'graph');

/**
 * The number of calls that compute with parameters alone, such as a standardised weight, and for
 * which autograd keeps tensors beside those of the layers.
 */
export function computedParameters(
  { stored }: Program,
  calls: readonly TorchCall[],
  values: ReadonlyMap<string, Operand>,
): number {
  const learnt = new Set([...stored].flatMap(([key, { kind }]) => (kind === 'parameter' ? [key] : [])));
  const roots = rootsOf(calls);
  const isStored = (key: string | undefined): boolean => key === undefined || stored.has(roots.get(key) ?? key);
  let count = 0;
  for (const call of calls) {
    if (!call.inputs.some((key) => key !== undefined && learnt.has(key))) continue;
    if (!call.outputs.some((key) => isConstantAt(values, key))) continue;
    const name = opName(call.op).replace(/_$/, '');
    // A detached parameter has no gradient. Results of inner graphs are buffers.
    if (name === 'detach' || runsGraph(call)) continue;
    for (const key of call.outputs) learnt.add(key);
    if (SAME_MEMORY.has(name) || KEEP_NOTHING.has(name)) continue;
    if (!LOOK_UPS.has(name) || !call.inputs.every((key) => isStored(key) || learnt.has(key!))) count++;
  }
  return count;
}
