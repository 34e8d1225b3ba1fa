// Writes the steps of a tape: storages, layouts, types, and what autograd keeps of each step.

import type { CallName } from '../counters/call.js';
import type { ShapedNode } from '../cost.js';
import { equal, mul, total, type Dim } from '../dim/dim.js';
import { readersOf, type Dropped, type GeneratedTensor, type Graph, type LayoutCopy, type Node } from '../graph.js';
import { opOf, type OpName } from '../ops/table.js';
import { elements, sameShape, type Shape } from '../shape.js';
import { layoutOf, type StridedInput } from './layout.js';
import { keepsNothing, keptBy, type Kept, type Rule } from './rule.js';
import { CHANNEL_DROPOUT, DROPOUT, RULES } from './rules.js';
import { contiguous, expanded, isContiguous, type Strides } from './strides.js';
import {
  HALF,
  SINGLE,
  storedTensors,
  type ForwardStep,
  type KeptStorage,
  type Storage,
  type TapeOptions,
} from './tape.js';

const BYTES = { float: SINGLE, int32: 4, int64: 8, bool: 1, uint8: 1 } as const;

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

interface StepOptions {
  /** The node that it belongs to, where that is not its own. */
  readonly owner?: string;
  /** The type of a tensor that the network makes from numbers. */
  readonly made?: Pick<TapeValue, 'bytes' | 'floating'>;
  /** Which of its inputs it reads without their gradients. */
  readonly detached?: readonly boolean[] | undefined;
}

/** Writes a tape step by step. */
export class TapeWriter {
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
      ? keptBy(inPlace ? rule.inPlace : rule.keeps, shapedNode, copies[0] !== undefined)
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
    const always = keptBy(rule.keeps, shapedNode, false).some((kept) => kept.what === 'input' && kept.for === 'any');
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
