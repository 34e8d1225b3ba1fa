// The calls that counters see when the network runs: module classes, functions and traced ops.

import type { AttentionCall, AutogradCall, FrameworkCall, Graph, Node } from '../../graph.js';
import { opOf } from '../../ops/table.js';
import { factsOf, hookedModules } from './moduleFacts.js';
import { plainPath } from './naming.js';
import type { Frame, Program } from './program.js';
import { opName } from './table.js';
import type { TorchCall } from './torchCall.js';

/**
 * Functions of torch.nn.functional that are written in Python, unlike tensor methods of the same
 * names.
 */
const PYTHON = new Set([
  ...['relu', 'relu6', 'leaky_relu', 'elu', 'selu', 'celu', 'silu', 'mish', 'hardswish', 'hardsigmoid', 'hardtanh'],
  ...['softmax', 'log_softmax', 'softsign', 'glu', 'threshold', 'tanhshrink', 'softmin', 'gumbel_softmax', 'rrelu'],
  ...['batch_norm', 'layer_norm', 'group_norm', 'instance_norm', 'rms_norm', 'local_response_norm', 'normalize'],
  ...['max_pool1d', 'max_pool2d', 'max_pool3d', 'adaptive_avg_pool2d', 'adaptive_avg_pool3d', 'lp_pool2d'],
  ...['adaptive_max_pool1d', 'adaptive_max_pool2d', 'adaptive_max_pool3d', 'interpolate', 'upsample', 'unfold', 'fold'],
  ...['dropout', 'dropout2d', 'alpha_dropout', 'feature_alpha_dropout', 'grid_sample', 'affine_grid', 'embedding'],
  ...['pad', 'multi_head_attention_forward', 'cosine_similarity', 'pairwise_distance'],
]);

/** Functions of torch.nn.functional that are built-in functions of torch. */
const BUILT_IN = new Set([
  ...['conv1d', 'conv2d', 'conv3d', 'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d', 'linear', 'bilinear'],
  ...['avg_pool1d', 'avg_pool2d', 'avg_pool3d', 'adaptive_avg_pool1d', 'gelu', 'softplus', 'logsigmoid', 'prelu'],
  ...['scaled_dot_product_attention', 'pixel_shuffle', 'pixel_unshuffle', 'channel_shuffle', 'one_hot', 'pad'],
]);

/** Functions of torch that counters patch. They do not patch x + y and x.add(y). */
const OF_TORCH = new Set(['add', 'mul', 'matmul', 'mm', 'bmm', 'addmm', 'baddbmm', 'einsum']);

/** Functions that a trace shows as one op, even where the program holds their parts. */
const COMPOSITE = new Set([
  ...['linear', 'matmul', 'einsum', 'scaled_dot_product_attention', 'layer_norm', 'group_norm', 'batch_norm'],
  ...['instance_norm', 'softmax', 'log_softmax', 'adaptive_avg_pool2d', 'max_pool2d', 'bilinear', 'silu', 'gelu'],
  ...['hardswish', 'hardsigmoid', 'relu6', 'dropout', 'flatten', 'reshape', 'chunk', 'split', 'addmm', 'rms_norm'],
]);

/** Names of ops in a trace, where they differ from those in a program. */
const TRACED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['conv1d', 'conv2d', 'conv3d', 'convolution', 'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d'].map(
      (name) => [name, '_convolution'],
    ),
  ),
  _native_batch_norm_legit_no_training: 'batch_norm',
  _native_batch_norm_legit: 'batch_norm',
  native_batch_norm: 'batch_norm',
  native_layer_norm: 'layer_norm',
  native_group_norm: 'group_norm',
  _adaptive_avg_pool2d: 'adaptive_avg_pool2d',
  max_pool2d_with_indices: 'max_pool2d',
  _softmax: 'softmax',
  _unsafe_view: 'view',
  tensordot: 'mm',
  _scaled_dot_product_flash_attention_for_cpu: 'scaled_dot_product_attention',
};

/**
 * Functions written in Python that call functions which counters patch: the called function by the
 * op of the program that stands for it. What they write as an operator is left out.
 */
const INSIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  multi_head_attention_forward: {
    ...{ linear: 'F.linear', softmax: 'F.softmax', dropout: 'F.dropout', pad: 'F.pad' },
    ...{ bmm: 'torch.bmm', baddbmm: 'torch.baddbmm', scaled_dot_product_attention: 'F.scaled_dot_product_attention' },
  },
  local_response_norm: {
    ...{ avg_pool2d: 'F.avg_pool2d', avg_pool3d: 'F.avg_pool3d', pad: 'F.pad', mul: 'torch.mul', add: 'torch.add' },
  },
  lp_pool1d: { avg_pool1d: 'F.avg_pool1d', relu: 'F.relu', 'mul by a number': 'torch.mul' },
  lp_pool2d: { avg_pool2d: 'F.avg_pool2d', relu: 'F.relu', 'mul by a number': 'torch.mul' },
  lp_pool3d: { avg_pool3d: 'F.avg_pool3d', relu: 'F.relu', 'mul by a number': 'torch.mul' },
};

const isByNumber = ({ operation }: TorchCall): boolean => operation.inputs.get('other')?.kind === 'number';

/** nn.TransformerEncoderLayer stores its activation function before counters patch it. */
const LAYERS_OF_TRANSFORMERS = /^torch\.nn\.modules\.transformer\.Transformer(En|De)coderLayer$/;
const ACTIVATIONS: ReadonlySet<string> = new Set(['relu', 'gelu']);

/** Cells of recurrent layers. A trace shows their two matrix products. */
const CELLS: ReadonlySet<string> = new Set(['lstm_cell', 'gru_cell', 'rnn_tanh_cell', 'rnn_relu_cell']);

/** Ops by the operator that people write for them. */
const WRITTEN: Readonly<Record<string, string>> = {
  add: 'x + y',
  add_: 'x += y',
  sub: 'x - y',
  mul: 'x * y',
  mul_: 'x *= y',
  div: 'x / y',
  matmul: 'x @ y',
  pow: 'x ** p',
  neg: '-x',
};

/** @param made names of nodes by the call that made them, in order of execution */
export function frameworkCalls(
  graph: Graph,
  made: ReadonlyMap<TorchCall, readonly string[]>,
  program: Program,
): ReadonlyMap<string, FrameworkCall> {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const leaves = leavesOf(program);
  const calls = new Map<string, FrameworkCall>();
  const makers = new Map([...made.keys()].flatMap((call) => call.outputs.map((key) => [key, call] as const)));
  for (const group of groupsOf([...made], nodes)) {
    const main = mainOf(group);
    const owner = ownerOf(main, leaves);
    for (const one of group) {
      const seen =
        one === main
          ? { ...callOf(one.call, owner), ...factsOf(one.call, one.node, makers, program) }
          : furtherOf(one, main);
      const [attention, autograd] = [attentionOf(one.call), autogradOf(one)];
      calls.set(one.node.name, {
        ...seen,
        ...(attention ? { attention } : {}),
        ...(autograd ? { autograd } : {}),
      });
    }
  }
  const each = new Map(onePerModule(calls, made, leaves));
  for (const [name, found] of hookedModules(each, made, graph, program))
    each.set(name, { ...each.get(name)!, hooked: found });
  return each;
}

/** Which kernel each op of attention is. */
const ATTENTION: Readonly<Record<string, AttentionCall['kernel']>> = {
  scaled_dot_product_attention: 'chosen',
  _scaled_dot_product_flash_attention_for_cpu: 'fused',
  _scaled_dot_product_flash_attention: 'fused',
  _scaled_dot_product_efficient_attention: 'fused',
  _scaled_dot_product_cudnn_attention: 'fused',
  _scaled_dot_product_attention_math: 'math',
  _scaled_dot_product_attention_math_for_mps: 'math',
};

function attentionOf({ op, operation: { inputs }, typeOf }: TorchCall): AttentionCall | undefined {
  const kernel = ATTENTION[opName(op)];
  if (kernel === undefined) return undefined;
  const dropped = inputs.get('dropout_p');
  const mask = inputs.get('attn_mask') ?? inputs.get('attn_bias');
  return {
    kernel,
    dropout: dropped?.kind === 'number' ? dropped.value : 0,
    boolMask: mask?.kind === 'tensor' && typeOf(mask.name) === 'bool',
  };
}

/** Calls for which autograd keeps what our op does not say. */
function autogradOf({ call: { op, operation }, node }: CallNode): AutogradCall | undefined {
  const name = opName(op).replace(/_$/, '');
  if (name === 'glu') return name;
  if (name === 'rrelu' || name === 'rrelu_with_noise') return 'rrelu';
  if (name === 'pow' && node.op === 'squareRoot') return 'pow';
  if (name === 'pow' && node.op === 'exponential') return 'numberPow';
  const running = name === 'instance_norm' && operation.inputs.get('running_mean')?.kind === 'tensor';
  return running && (node.op === 'instanceNorm' || node.op === 'batchNorm') ? 'runningInstanceNorm' : undefined;
}

interface CallNode {
  readonly call: TorchCall;
  readonly node: Node;
}

/** Nodes of one call of a composite function, or of one op. */
function groupsOf(
  made: readonly (readonly [TorchCall, readonly string[]])[],
  nodes: ReadonlyMap<string, Node>,
): readonly (readonly CallNode[])[] {
  const groups = new Map<string, CallNode[]>();
  made.forEach(([call, names], i) => {
    const { operation } = call;
    const together = operation.call !== '' && COMPOSITE.has(functionOf(call));
    const key = together ? `${operation.stack.at(-1)?.key ?? ''}|${operation.call}` : String(i);
    const placed = names.flatMap((name) => {
      const node = nodes.get(name);
      return node ? [{ call, node }] : [];
    });
    if (placed.length > 0) groups.set(key, [...(groups.get(key) ?? []), ...placed]);
  });
  return [...groups.values()];
}

/** The node that counters see: one with multiply-adds, else one that moves data. */
const mainOf = (group: readonly CallNode[]): CallNode =>
  group.find(({ node }) => opOf(node.op).multAdds !== undefined) ??
  group.find(({ node }) => opOf(node.op).traffic !== 'view') ??
  group[0]!;

/** A trace sees the products of attention as one op, and each of them has multiply-adds. */
function furtherOf({ node }: CallNode, main: CallNode): FrameworkCall {
  if (opOf(node.op).multAdds === undefined) return { aten: [], further: true };
  return { ...withoutModule(callOf(main.call, undefined)), further: true };
}

const withoutModule = ({ aten, functional, code, attention, autograd }: FrameworkCall): FrameworkCall => ({
  aten,
  ...(autograd === undefined ? {} : { autograd }),
  ...(attention === undefined ? {} : { attention }),
  ...(functional === undefined ? {} : { functional }),
  ...(code === undefined ? {} : { code }),
});

const functionOf = ({ operation: { calledAs } }: TorchCall): string => calledAs.split('.').at(-1) ?? '';

function callOf(call: TorchCall, owner: Owner | undefined): FrameworkCall {
  const functional = functionalOf(call);
  const seen = { ...(functional === undefined ? { code: codeOf(call) } : { functional }), aten: [tracedAs(call)] };
  return owner ? { ...owner, ...seen } : seen;
}

function functionalOf(call: TorchCall): string | undefined {
  const { calledAs } = call.operation;
  const name = functionOf(call);
  if (calledAs === '') return guessed(call);
  const inside = INSIDE[name];
  if (inside)
    return inside[opName(call.op)] ?? (isByNumber(call) ? inside[`${opName(call.op)} by a number`] : undefined);
  if (LAYERS_OF_TRANSFORMERS.test(call.operation.stack.at(-1)?.className ?? '') && ACTIVATIONS.has(name))
    return undefined;
  if (calledAs.startsWith('builtin') && OF_TORCH.has(name)) return `torch.${name}`;
  const found = calledAs.startsWith('function.')
    ? PYTHON.has(name)
    : BUILT_IN.has(name) && calledAs.startsWith('builtin');
  return found ? `F.${name}` : undefined;
}

/**
 * Where the program names no function, an op that only torch.nn.functional runs is taken for that
 * function.
 */
function guessed(call: TorchCall): string | undefined {
  const name = (TRACED[opName(call.op)] ?? opName(call.op)).replace(/_$/, '');
  if (name === '_convolution') return `F.${opName(call.op) === 'convolution' ? 'conv2d' : opName(call.op)}`;
  const upsampled = name.startsWith('upsample_') ? 'interpolate' : name;
  return PYTHON.has(upsampled) || BUILT_IN.has(upsampled) ? `F.${upsampled}` : undefined;
}

function tracedAs(call: TorchCall): string {
  const [library = '', name = ''] = call.op.split('.');
  const own = functionOf(call);
  if (CELLS.has(name)) return 'linear';
  // A convolution whose padding is a word, such as "same", is _convolution_mode in a trace.
  if (call.operation.inputs.get('padding')?.kind === 'text') return '_convolution_mode';
  if (VECTORS.has(name) || (name === 'matmul' && isOfVectors(call))) return 'mv';
  if (library !== 'aten') return `${library}::${name}`;
  if (TRACED[name] !== undefined) return TRACED[name];
  return COMPOSITE.has(own) && name.replace(/_$/, '') !== own ? own : name;
}

const VECTORS: ReadonlySet<string> = new Set(['mv', 'dot', 'vdot']);

/** torch.matmul of a vector runs aten.mv or aten.dot. */
const isOfVectors = (call: TorchCall): boolean =>
  ['self', 'other'].some((name) => {
    const given = call.operation.inputs.get(name);
    return given?.kind === 'tensor' && call.sidesOf(given.name) === 1;
  });

function codeOf(call: TorchCall): string {
  const { calledAs } = call.operation;
  const name = opName(call.op);
  const written = WRITTEN[name];
  if (written !== undefined) return written;
  return calledAs.startsWith('method') ? `x.${functionOf(call)}` : `torch.${functionOf(call) || name}`;
}

type Owner = Pick<FrameworkCall, 'module' | 'leaf'>;

/** Paths of modules that hold no others. */
function leavesOf({ modules, operations }: Program): (path: string) => boolean {
  const all = modules.length > 0 ? modules : operations.flatMap(({ stack }) => stack.map(({ path }) => path));
  const holders = new Set<string>();
  for (const given of all) {
    const path = plainPath(given);
    for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1))
      holders.add(path.slice(0, end));
    if (path !== '') holders.add('');
  }
  return (path) => !holders.has(plainPath(path));
}

/**
 * Ops that make their module a layer even where it holds other modules: timm's norms hold their
 * activation.
 */
const LAYERS = new Set(['_convolution', 'linear', 'batch_norm', 'layer_norm', 'group_norm', 'instance_norm']);

function ownerOf({ call }: CallNode, isLeaf: (path: string) => boolean): Owner | undefined {
  const frame = call.operation.stack.at(-1);
  if (!frame) return undefined;
  const leaf = isLeaf(frame.path);
  if (!leaf && !LAYERS.has(tracedAs(call))) return undefined;
  return { module: classOf(frame), ...(leaf ? { leaf: true } : {}) };
}

/** "nn.Conv2d" of PyTorch's own classes, the bare name of others. */
function classOf({ className }: Frame): string {
  const name = className.split('.').at(-1) ?? className;
  return className.startsWith('torch.nn.modules.') ? `nn.${name}` : name;
}

/**
 * A hook on a module fires once, however many ops the module runs. It is put at the op with
 * weights, or else at the first op.
 */
function onePerModule(
  calls: ReadonlyMap<string, FrameworkCall>,
  made: ReadonlyMap<TorchCall, readonly string[]>,
  isLeaf: (path: string) => boolean,
): ReadonlyMap<string, FrameworkCall> {
  const result = new Map(calls);
  const chosen = new Map<string, { readonly name: string; readonly rank: number }>();
  const seen = [...made].flatMap(([call, names]) => names.map((name) => ({ call, name })));
  for (const { call, name } of seen) {
    const frame = call.operation.stack.at(-1);
    if (frame === undefined || calls.get(name)?.module === undefined || !isLeaf(frame.path)) continue;
    const rank = LAYERS.has(tracedAs(call)) ? 1 : 0;
    const known = chosen.get(frame.key);
    if (known && known.rank >= rank) result.set(name, withoutModule(result.get(name)!));
    else {
      if (known) result.set(known.name, withoutModule(result.get(known.name)!));
      chosen.set(frame.key, { name, rank });
    }
  }
  return result;
}
