// A forward pass step by step: the storages that each step reads, writes and keeps for backward.

import type { CallName } from '../counters/call.js';
import { callNames } from '../counters/executed.js';
import type { Implementation } from '../counters/implementation.js';
import { shapedNodes, type ShapedNode } from '../cost.js';
import { equal, mul, total, type Dim } from '../dim/dim.js';
import {
  readersOf,
  tensorId,
  withoutGradient,
  type Dropped,
  type FrameworkCall,
  type Graph,
  type GeneratedTensor,
  type Node,
  type LayoutCopy,
  type StoredTensor,
  type Value,
} from '../graph.js';
import { opOf, type OpName } from '../ops/table.js';
import { elements, sameShape, type Shape } from '../shape.js';
import {
  attentionKernels,
  INSIDE,
  insideKernel,
  kernelRule,
  kernelNode,
  type AttentionKernel,
} from './attentionKernel.js';
import { inEvalMode, inputFor, keepsNothing, type Kept, type KeptKind, type Keeps, type Rule } from './rule.js';
import { FILE_RULES, gluKernel } from './fileRules.js';
import { CUDA_RULES } from './opRules.js';
import { layoutOf, SCALED, type StridedInput } from './layout.js';
import { contiguous, expanded, isContiguous, type Strides } from './strides.js';
import { CHANNEL_DROPOUT, DROPOUT, RULES } from './rules.js';

/** Bytes of one element. */
export const SINGLE = 4;
export const HALF = 2;
const BYTES = { float: SINGLE, int32: 4, int64: 8, bool: 1, uint8: 1 } as const;

/** The memory of a tensor. Views and in-place results share it. */
export interface Storage {
  /**
   * `image`: a graph input, which the caller holds; `parameter`: a parameter, which stays whether
   * it is kept or not.
   */
  readonly kind: 'value' | 'copy' | 'image' | 'parameter' | KeptKind;
  readonly elements: Dim;
  /** Bytes of one element. */
  readonly bytes: number;
}

export const bytesOf = ({ elements, bytes }: Storage): Dim => mul(elements, bytes);

/**
 * Bytes of a storage that training adds: none for images and parameters, which are there anyway.
 */
export const countedBytes = (storage: Storage): Dim =>
  storage.kind === 'image' || storage.kind === 'parameter' ? 0 : bytesOf(storage);

/** A tensor that autograd keeps for a step. */
export interface KeptStorage {
  readonly what: KeptKind;
  readonly storage: number;
  /** Elements that the backward pass reads. A view has fewer than its storage. */
  readonly elements: Dim;
}

/** One op of the forward pass. */
export interface ForwardStep {
  readonly name: string;
  /** The node that it runs; for a dropout, the node that reads its result. */
  readonly node: string;
  readonly stage: string;
  readonly block: string;
  readonly op: OpName | 'dropout';
  readonly rule: Rule;
  readonly shapedNode: ShapedNode;
  /** Names of the values that it reads. */
  readonly inputs: readonly string[];
  /** The storage of each input. */
  readonly sources: readonly number[];
  /** The storage that the op reads: that of the input, or of its copy in another type. */
  readonly reads: readonly number[];
  readonly writes: number;
  readonly view: boolean;
  readonly inPlace: boolean;
  readonly keeps: readonly KeptStorage[];
  /**
   * The gradients that the backward pass makes: of each input, and of the step's own parameters.
   */
  readonly gradients: { readonly inputs: readonly boolean[]; readonly weights: boolean };
  /** Copies of its weights in half precision, which autocast makes and autograd keeps: bytes. */
  readonly weightCopies: Dim;
}

export interface Tape {
  readonly graph: Graph;
  readonly steps: readonly ForwardStep[];
  readonly storages: readonly Storage[];
}

export interface TapeOptions {
  /** Names of nodes whose parameters are not trained. */
  readonly frozen?: ReadonlySet<string>;
  /** Autocast to half precision, as CUDA does it. */
  readonly amp?: boolean;
  /** Where it runs, which decides what a dropout keeps; CUDA with `amp`, else a CPU. */
  readonly device?: 'cpu' | 'cuda';
  /**
   * Whether activations overwrite their inputs where PyTorch can, in place of what the
   * implementation does; or the nodes that do so beside those of the implementation.
   */
  readonly inPlace?: boolean | ReadonlySet<string>;
}

/** Name, stage and block of a node. */
type NodeLabels = Pick<Node, 'name' | 'stage' | 'block'>;

/** What is known of a value. */
interface TapeValue {
  readonly storage: number;
  readonly bytes: number;
  /** False for whole numbers and truth values, which have no gradient. */
  readonly floating: boolean;
  readonly requiresGrad: boolean;
  /** Whether its only reader may overwrite it: the step that made it does not keep it. */
  readonly free: boolean;
  readonly op: OpName | 'dropout' | undefined;
  readonly shape: Shape;
  /** Strides; absent for a contiguous tensor. */
  readonly strides?: Strides;
}

/** @throws InputError when a tensor passes 2^53 elements */
export function tapeOf(graph: Graph, implementation: Implementation, options: TapeOptions = {}): Tape {
  const writer = new Writer(graph, options);
  // Where ops are left out of the graph, they may need what no output does.
  const dead = graph.omitted ? new Set(graph.gradientStops?.nodes) : withoutGradient(graph);
  const calls = callNames(graph, implementation);
  const { amp = false, device = amp ? 'cuda' : 'cpu' } = options;
  const ruleOf = (call: CallName): Rule => (device === 'cuda' ? CUDA_RULES[call] : undefined) ?? RULES[call];
  const kernels = attentionKernels(graph, device, new Set([...(options.frozen ?? []), ...dead]));
  const scores = new Map<string, ShapedNode>();
  for (const { name, shape } of graph.inputs)
    if (!graph.generated?.has(name)) writer.dropAfter(name, { name, stage: '', block: '' }, shape);
  for (const shapedNode of shapedNodes(graph)) {
    const { node } = shapedNode;
    const call = calls.get(node.name)!;
    /** Attention that PyTorch computes op by op applies its dropout to the softmax. */
    const called = graph.calls?.get(node.name)?.attention;
    if (dead.has(node.name)) writer.stopAt(node.name);
    const kernel = kernels.get(node.name);
    if (kernel) {
      const { last, scores: product } = kernel.fused;
      if (node.name === product.name) scores.set(node.name, shapedNode);
      if (node.name === last.name)
        writer.step(
          writer.given(kernelNode(shapedNode, kernel)),
          kernelRule(kernel, scores.get(product.name)!),
          false,
          call,
          { detached: detachedReads(graph, kernel) },
        );
      else writer.step(insideKernel(shapedNode), INSIDE, false, call);
      continue;
    }
    const autograd = graph.calls?.get(node.name)?.autograd;
    if (autograd === 'glu') {
      if (node.op !== 'multiply') writer.step(insideKernel(shapedNode), INSIDE, false, call);
      else writer.step(gluKernel(shapedNode, halved(graph, node)), FILE_RULES.glu, false, call);
      continue;
    }
    const dropsScores =
      called !== undefined && called.dropout > 0 && writer.opBehind(node.inputs[0] ?? '') === 'softmax';
    const drops =
      dropsScores ||
      implementation.dropouts?.some(
        ({ stage, before, after }) =>
          node.stage === stage &&
          node.op === before &&
          (after === undefined || writer.opBehind(node.inputs[0]!) === after),
      );
    const inPlace =
      call === 'addInPlace' ||
      (typeof options.inPlace === 'boolean'
        ? options.inPlace
        : implementation.inPlace?.includes(node.op) === true ||
          options.inPlace?.has(node.name) === true ||
          isInPlace(graph.calls?.get(node.name)));
    const read = writer.given(drops ? { ...shapedNode, node: writer.dropout(shapedNode) } : shapedNode);
    const own = autograd ? FILE_RULES[autograd] : ruleOf(call);
    const plain = graph.evalMode?.stays.has(node.name) ? inEvalMode(own) : own;
    const rule = called && isScores(node) ? { ...plain, layout: SCALED } : plain;
    writer.step(read, graph.generated?.has(node.name) ? withFactor(rule, read) : rule, inPlace, call, {
      detached: graph.gradientStops?.inputs.get(node.name),
    });
    writer.dropAfter(node.name, node, node.shape);
  }
  const outputs = graph.outputs.map((name) => writer.nameOf(name));
  return { graph: graph.dropouts ? { ...graph, outputs } : graph, steps: writer.steps, storages: writer.storages };
}

/** The value whose halves a gated linear unit multiplies. */
function halved({ nodes, inputs }: Graph, { inputs: [half] }: Node): Value {
  const value = nodes.find(({ name }) => name === half)!.inputs[0]!;
  return [...nodes, ...inputs].find(({ name }) => name === value)!;
}

/** Whether a node is the product of q and k. */
const isScores = ({ op, attributes }: Node): boolean => op === 'matmul' && attributes['transposeSecond'] === true;

/** Adds that the last input, a factor made from numbers, is kept for the gradient of the first. */
const withFactor = (rule: Rule, { reads }: ShapedNode): Rule => ({
  ...rule,
  keeps: (node, copies) => [...listed(rule.keeps, node, copies), inputFor('other input', reads.length - 1)],
});

/** Names of PyTorch's in-place ops end with _. */
const isInPlace = (call: FrameworkCall | undefined): boolean => call?.aten.some((name) => name.endsWith('_')) === true;

interface StepOptions {
  /** The node that it belongs to, where that is not its own. */
  readonly owner?: string;
  /** The type of a tensor that the network makes from numbers. */
  readonly made?: Pick<TapeValue, 'bytes' | 'floating'>;
  /** Which of its inputs it reads without their gradients. */
  readonly detached?: readonly boolean[] | undefined;
}

/** For each input of a kernel whether the file detaches it. */
function detachedReads(
  { gradientStops: stopped, nodes }: Graph,
  { fused }: AttentionKernel,
): readonly boolean[] | undefined {
  if (!stopped || stopped.inputs.size === 0) return undefined;
  const members = new Set(fused.members.map(({ name }) => name));
  const found = new Set<string>();
  for (const { name, inputs } of nodes)
    if (members.has(name))
      for (const [i, input] of inputs.entries()) if (stopped.inputs.get(name)?.[i]) found.add(input);
  return fused.reads.map((name) => found.has(name));
}

/** Writes a tape step by step. */
class Writer {
  readonly steps: ForwardStep[] = [];
  readonly storages: Storage[] = [];
  private readonly known = new Map<string, TapeValue>();
  private readonly readers: Map<string, number>;
  /** For a value with a dropout, the name of the dropout's result, which readers get. */
  private readonly inPlaceOf = new Map<string, string>();
  private readonly copiedWeights = new Set<string>();
  private readonly stopped = new Set<string>();

  constructor(
    private readonly graph: Graph,
    private readonly options: TapeOptions,
  ) {
    this.readers = new Map(readersOf(graph));
    for (const { name, shape } of graph.inputs) {
      if (graph.generated?.has(name)) continue;
      const storage = this.store({ kind: 'image', elements: elements(shape), bytes: SINGLE });
      this.known.set(name, {
        ...{ storage, shape, bytes: SINGLE, floating: true, requiresGrad: false, free: false, op: undefined },
      });
    }
  }

  opBehind(name: string): TapeValue['op'] {
    return this.known.get(name)?.op;
  }

  /** No gradient goes through this node. */
  stopAt(name: string): void {
    this.stopped.add(name);
  }

  /** Drops elements of what a node reads first; the node then reads what is left. */
  dropout({ node, inputs, reads }: ShapedNode): Node {
    const [from, ...others] = node.inputs;
    const name = `${node.name}.dropout`;
    this.drop(name, from!, inputs[0]!, reads[0]!, node, 'elements');
    return { ...node, inputs: [name, ...others] };
  }

  /** The node with its actual inputs: tensors made from numbers, and copies in another layout. */
  given(shapedNode: ShapedNode): ShapedNode {
    const { node, reads } = shapedNode;
    const { generated: made, layoutCopies: relaid } = this.graph;
    for (const [i, name] of node.inputs.entries()) this.make(made?.get(name), name, node, shapedNode.inputs[i]);
    const laid = relaid?.get(node.name);
    const inputs = node.inputs.map((name, i) => this.laidAnew(name, laid?.[i], node));
    const factor = made?.get(node.name);
    if (factor) this.make(factor, factor.name, node);
    if (!factor) return laid ? { ...shapedNode, node: { ...node, inputs } } : shapedNode;
    return {
      ...shapedNode,
      node: { ...node, inputs: [...inputs, factor.name] },
      reads: [...reads, elements(factor.shape)],
    };
  }

  /**
   * Adds the step that makes a tensor from numbers, before its first reader.
   * @param view the shape under which it is read
   */
  private make(made: GeneratedTensor | undefined, name: string, owner: NodeLabels, view?: Shape): void {
    if (!made || this.known.has(name)) return;
    if (!this.known.has(made.name)) this.makeTensor(made, owner);
    const known = this.known.get(made.name)!;
    const strides = view && !sameShape(view, made.shape) ? stridesOf(made, view) : undefined;
    this.known.set(name, { ...known, shape: view ?? made.shape, ...(strides ? { strides } : {}) });
  }

  private makeTensor({ name, type, shape }: GeneratedTensor, { name: owner, stage, block }: NodeLabels): void {
    const node: Node = { name, op: 'constant', attributes: {}, inputs: [], shape, stage, block };
    this.step(plainStep(node, []), RULES.constant, false, 'constant', { owner, made: typeNamed(type) });
  }

  /** The value in another memory layout. A step copies it before its first reader. */
  private laidAnew(name: string, relaid: LayoutCopy | undefined, { name: owner, stage, block }: NodeLabels): string {
    const value = this.nameOf(name);
    const known = this.known.get(value);
    if (!known || relaid === undefined || (relaid === 'contiguous' && known.strides === undefined)) return name;
    const copy = `${value}.${relaid}`;
    if (this.known.has(copy)) return copy;
    const { shape } = known;
    const node: Node = { name: copy, op: 'transpose', attributes: {}, inputs: [value], shape, stage, block };
    const rule: Rule = { ...keepsNothing, moves: 'pass', layout: relaid === 'copy' ? layoutOf('dropout') : {} };
    this.readers.set(copy, this.readersOf(name, relaid));
    this.step(plainStep(node, [elements(shape)]), rule, false, 'transpose', { owner });
    return copy;
  }

  /** How many nodes read a value in another layout. */
  private readersOf(value: string, relaid: LayoutCopy): number {
    const laid = this.graph.layoutCopies!;
    const count = ({ name, inputs }: Node): number =>
      inputs.filter((input, i) => input === value && laid.get(name)?.[i] === relaid).length;
    return this.graph.nodes.reduce((sum, node) => sum + count(node), 0);
  }

  /** Adds a dropout of the file. All readers of the value read its result. */
  dropAfter(name: string, owner: NodeLabels, shape: Shape): void {
    const what = this.graph.dropouts?.get(name);
    if (what === undefined) return;
    const dropped = `${name}.dropout`;
    this.drop(dropped, name, shape, elements(shape), owner, what);
    this.readers.set(dropped, this.readers.get(name) ?? 0);
    this.inPlaceOf.set(name, dropped);
  }

  /** The name of the value that readers of this one get. */
  nameOf(name: string): string {
    return this.inPlaceOf.get(name) ?? name;
  }

  private drop(name: string, from: string, shape: Shape, size: Dim, owner: NodeLabels, what: Dropped): void {
    const { amp = false, device = amp ? 'cuda' : 'cpu' } = this.options;
    const { stage, block } = owner;
    // A dropout is a multiplication by noise.
    const node: Node = { name, op: 'multiply', attributes: {}, inputs: [from], shape, stage, block };
    this.step(plainStep(node, [size]), what === 'channels' ? CHANNEL_DROPOUT : DROPOUT[device], false, 'dropout', {
      owner: owner.name,
    });
  }

  step(
    shapedNode: ShapedNode,
    rule: Rule,
    wantsInPlace: boolean,
    call: CallName | 'dropout',
    { owner = shapedNode.node.name, made, detached }: StepOptions = {},
  ): void {
    const { node, params, writes: written } = shapedNode;
    const op = call === 'dropout' ? call : node.op;
    const inputs = node.inputs.map((name) => this.nameOf(name));
    const sources = inputs.map((name) => this.known.get(name)!);
    const layout = rule.layout ?? layoutOf(op);
    const wants = sources.map(({ requiresGrad }, i) => requiresGrad && !detached?.[i]);
    const laid = sources.map((source, i) => laidIn({ ...source, requiresGrad: wants[i]! }));
    const seen = sources.length > 0 ? layout.view?.(laid[0]!, shapedNode) : undefined;
    const view = layout.view ? seen !== undefined : op !== 'dropout' && opOf(op).traffic === 'view';
    const strides = seen ?? layout.result?.(laid, shapedNode);
    const ordered = strides === undefined || isContiguous({ shape: node.shape, strides });
    // A transpose back to a contiguous layout is a plain view.
    const straight = op === 'transpose' && ordered && view;
    const passes = rule.stops === undefined && !this.stopped.has(owner);
    const weights = passes && Object.keys(params).length > 0 && !this.options.frozen?.has(node.name);
    const gradients = { inputs: wants.map((wanted) => passes && wanted), weights };
    const requiresGrad = weights || gradients.inputs.includes(true);
    const type = made ?? typeOf(rule, sources, this.options.amp === true, shapedNode);
    const { bytes } = type;
    const casts = this.options.amp === true && CASTS.has(rule.precision);
    /** The type in which it computes. */
    const computed = casts && rule.precision === 'inside' ? SINGLE : bytes;
    const copies = layout.copies?.(laid, shapedNode) ?? [];
    const reads = sources.map(({ storage, floating, bytes: own }, index) =>
      (casts && floating && own !== computed) || copies[index] !== undefined
        ? this.store({ kind: 'copy', elements: copies[index] ?? shapedNode.reads[index]!, bytes: computed })
        : storage,
    );
    const inPlace = wantsInPlace && rule.inPlace !== undefined && sources[0]!.free && sources[0]!.bytes === bytes;
    const shares = (view && sources.length > 0) || inPlace;
    const kind = !made && (op === 'parameter' || op === 'constant') ? 'parameter' : 'value';
    const memory = rule.memory?.(shapedNode) ?? written;
    const writes = shares ? sources[0]!.storage : this.store({ kind, elements: memory, bytes });
    const keeps = requiresGrad
      ? listed(inPlace ? rule.inPlace : rule.keeps, shapedNode, copies[0] !== undefined)
          .filter((kept) => needed(kept, gradients))
          .map((kept) => this.keep(kept, shapedNode, sources, reads, writes, computed))
      : [];
    const kept = keeps.some(({ storage }) => storage === writes);
    const alone = this.readers.get(node.name) === 1 && (!view || sources[0]?.free === true);
    const free = alone && !kept && kind === 'value';
    this.known.set(node.name, {
      ...{ storage: writes, ...type, requiresGrad, free, op, shape: node.shape },
      ...(ordered ? {} : { strides: inPlace ? laid[0]!.strides : strides }),
    });
    const moved: Rule = straight ? { ...rule, moves: 'pass' } : rule;
    this.steps.push({
      ...{ name: node.name, node: owner, stage: node.stage, block: node.block, op },
      ...{ rule: moved, shapedNode, inputs },
      sources: sources.map(({ storage }) => storage),
      ...{ reads, writes, view, inPlace, keeps, gradients },
      weightCopies: requiresGrad ? this.weightCopies(shapedNode, rule, gradients) : 0,
    });
  }

  private store(storage: Storage): number {
    return this.storages.push(storage) - 1;
  }

  private keep(
    kept: Kept,
    shapedNode: ShapedNode,
    sources: readonly TapeValue[],
    reads: readonly number[],
    writes: number,
    bytes: number,
  ): KeptStorage {
    const { what } = kept;
    if (what === 'output') return { what, storage: writes, elements: shapedNode.writes };
    if (what === 'input') {
      const storage = kept.uncast ? sources[kept.index]!.storage : reads[kept.index]!;
      return { what, storage, elements: shapedNode.reads[kept.index]! };
    }
    const size = kept.type === 'value' ? bytes : BYTES[kept.type];
    const elements = kept.elements(shapedNode);
    return { what, storage: this.store({ kind: kept.stored ? 'parameter' : what, elements, bytes: size }), elements };
  }

  /**
   * A convolution always keeps the copy of its weights. A product of two factors keeps it where the
   * input's gradient needs it.
   */
  private weightCopies(shapedNode: ShapedNode, rule: Rule, gradients: ForwardStep['gradients']): Dim {
    const { node } = shapedNode;
    const always = listed(rule.keeps, shapedNode, false).some((kept) => kept.what === 'input' && kept.for === 'any');
    if (this.options.amp !== true || rule.precision !== 'half' || !(always || gradients.inputs.includes(true)))
      return 0;
    const names = Object.entries(shapedNode.params).filter(([name]) => name !== 'bias');
    return total(
      names.map(([name, shape]) => {
        // Autocast caches copies of what is trained; a frozen weight that is used twice is copied
        // twice.
        const key = storedTensors(node, name, shape)
          .map(({ id }) => id)
          .join(' ');
        if (gradients.weights && this.copiedWeights.has(key)) return 0;
        this.copiedWeights.add(key);
        return mul(elements(shape), HALF);
      }),
    );
  }
}

/** The learnt tensors that a parameter is made of. */
export const storedTensors = (node: Node, parameter: string, shape: Shape): readonly StoredTensor[] =>
  node.tensors?.[parameter] ?? [{ id: tensorId(node.name, parameter), elements: elements(shape) }];

const CASTS: ReadonlySet<Rule['precision']> = new Set(['half', 'single', 'inside']);

/** A step that is no node of the graph. It has no parameters. */
const plainStep = (node: Node, reads: readonly Dim[]): ShapedNode => ({
  ...{ node, inputs: node.inputs.map(() => node.shape), params: {}, newParams: 0, frozenParams: 0 },
  ...{ reads, fusedReads: reads, writes: elements(node.shape), weights: 0, absorbedBy: 0 },
});

/** Bytes of a type by its name: "float32", "int64", "bool". */
function typeNamed(type: string): Pick<TapeValue, 'bytes' | 'floating'> {
  const bits = /\d+$/.exec(type)?.[0];
  return { bytes: bits === undefined ? BYTES.bool : Number(bits) / 8, floating: type.includes('float') };
}

/** Strides of a made tensor under a larger shape, to which it is broadcast. */
function stridesOf({ shape }: GeneratedTensor, sides: Shape): Strides | undefined {
  const laid = { shape, strides: contiguous(shape) };
  const fits = shape.every((side, i) => {
    const wide = sides[sides.length - shape.length + i];
    return wide !== undefined && (equal(side, 1) || equal(side, wide));
  });
  return fits && !equal(elements(shape), elements(sides)) ? expanded(laid, sides) : undefined;
}

const laidIn = ({ shape, strides = contiguous(shape), requiresGrad }: TapeValue): StridedInput => ({
  shape,
  strides,
  requiresGrad,
});

const listed = (keeps: Keeps, shapedNode: ShapedNode, copies: boolean): readonly Kept[] =>
  typeof keeps === 'function' ? keeps(shapedNode, copies) : keeps;

function needed(kept: Kept, { inputs, weights }: ForwardStep['gradients']): boolean {
  const index = kept.what === 'input' ? kept.index : 0;
  if (kept.what === 'input' && index >= inputs.length) return false;
  switch (kept.for) {
    case 'any':
      return true;
    case 'weights':
      return weights;
    case 'other input':
      return inputs.some((wanted, i) => wanted && i !== index);
    case 'second input':
      return inputs[1] === true;
  }
}

/**
 * The type of a result; whole numbers and truth values stay what they are where nothing else is
 * computed with them.
 */
function typeOf(
  { precision, stops }: Rule,
  sources: readonly TapeValue[],
  amp: boolean,
  { node, params }: ShapedNode,
): { readonly bytes: number; readonly floating: boolean } {
  if (stops === 'bool' || stops === 'int64') return { bytes: BYTES[stops], floating: false };
  const learnt = Object.keys(params).length > 0;
  const floating = sources.filter((source) => source.floating);
  if (floating.length === 0 && sources.length > 0 && !learnt && precision !== 'single' && precision !== 'half')
    return { bytes: Math.max(...sources.map(({ bytes }) => bytes)), floating: false };
  if (!amp || precision === 'single') return { bytes: SINGLE, floating: true };
  if (precision === 'half') return { bytes: HALF, floating: true };
  const factor = node.attributes['shape'];
  if (precision === 'factor' && (learnt || !Array.isArray(factor) || factor.some((side) => side !== 1)))
    return { bytes: SINGLE, floating: true };
  const widths = floating.map(({ bytes }) => bytes);
  return { bytes: precision === 'widest' ? Math.max(...widths) : (widths[0] ?? SINGLE), floating: true };
}
