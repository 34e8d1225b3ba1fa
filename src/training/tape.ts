// A forward pass step by step: the storages that each step reads, writes and keeps for backward.

import type { CallName } from '../counters/call.js';
import { callNames } from '../counters/executed.js';
import type { Implementation } from '../counters/implementation.js';
import { shapedNodes, type ShapedNode } from '../cost.js';
import { mul, total, type Dim } from '../dim/dim.js';
import { deadEnds, readersOf, tensorId, type Graph, type Node, type StoredTensor } from '../graph.js';
import { opOf, type OpName } from '../ops/table.js';
import { elements, type Shape } from '../shape.js';
import type { Kept, Keeps, Rule, What } from './rule.js';
import { CUDA_RULES } from './opRules.js';
import { DROPOUT, RULES } from './rules.js';

/** Bytes of one element. */
export const SINGLE = 4;
export const HALF = 2;
const BYTES = { float: SINGLE, int32: 4, int64: 8, bool: 1 } as const;

/** Memory that one tensor was given. Views of it share it, and so does what overwrites it. */
export interface Storage {
  /**
   * `image`: a graph input, which the caller holds; `parameter`: a parameter, which stays whether
   * it is kept or not.
   */
  readonly kind: 'value' | 'copy' | 'image' | 'parameter' | What;
  readonly elements: Dim;
  /** Of one element. */
  readonly bytes: number;
}

export const bytesOf = ({ elements, bytes }: Storage): Dim => mul(elements, bytes);

/**
 * Bytes that training takes for a storage: none where the caller or the model holds it in any case.
 */
export const countedBytes = (storage: Storage): Dim =>
  storage.kind === 'image' || storage.kind === 'parameter' ? 0 : bytesOf(storage);

/** A tensor that autograd keeps for a step. */
export interface KeptStorage {
  readonly what: What;
  readonly storage: number;
}

export interface Step {
  readonly name: string;
  /** The node that it runs, or that its dropout stands in front of. */
  readonly node: string;
  readonly stage: string;
  readonly block: string;
  readonly op: OpName | 'dropout';
  readonly rule: Rule;
  readonly shapedNode: ShapedNode;
  /** Names of the values that it reads. */
  readonly inputs: readonly string[];
  /** The storage of each. */
  readonly sources: readonly number[];
  /** The same, or of its copy in another type. */
  readonly reads: readonly number[];
  readonly writes: number;
  readonly view: boolean;
  readonly inPlace: boolean;
  readonly keeps: readonly KeptStorage[];
  /** Whose gradients the backward pass makes: of each input, and of the step's own parameters. */
  readonly gradients: { readonly inputs: readonly boolean[]; readonly weights: boolean };
  /** Copies of its weights in half precision, which autocast makes and autograd keeps: bytes. */
  readonly weightCopies: Dim;
}

export interface Tape {
  readonly graph: Graph;
  readonly steps: readonly Step[];
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

/** What is known of a value. */
interface Known {
  readonly storage: number;
  readonly bytes: number;
  /** Not whole numbers or truth values, which have no gradient. */
  readonly floating: boolean;
  readonly requiresGrad: boolean;
  /** Its maker does not keep it and one step reads it, so that step may overwrite it. */
  readonly free: boolean;
  readonly op: OpName | 'dropout' | undefined;
}

/** @throws InputError when a tensor passes 2^53 elements */
export function tapeOf(graph: Graph, implementation: Implementation, options: TapeOptions = {}): Tape {
  const writer = new Writer(graph, options);
  // Autograd never reaches what no output depends on, and lets it go. What is left out may depend on it.
  const dead = new Set(graph.omitted ? [] : deadEnds(graph).map(({ name }) => name));
  const calls = callNames(graph, implementation);
  const { amp = false, device = amp ? 'cuda' : 'cpu' } = options;
  const ruleOf = (call: CallName): Rule => (device === 'cuda' ? CUDA_RULES[call] : undefined) ?? RULES[call];
  for (const shapedNode of shapedNodes(graph)) {
    const { node } = shapedNode;
    const call = calls.get(node.name)!;
    const drops = implementation.dropouts?.some(
      ({ stage, before, after }) =>
        node.stage === stage &&
        node.op === before &&
        (after === undefined || writer.opBehind(node.inputs[0]!) === after),
    );
    const inPlace =
      call === 'addInPlace' ||
      (typeof options.inPlace === 'boolean'
        ? options.inPlace
        : implementation.inPlace?.includes(node.op) === true || options.inPlace?.has(node.name) === true);
    if (dead.has(node.name)) writer.stopAt(node.name);
    writer.step(drops ? { ...shapedNode, node: writer.dropout(shapedNode) } : shapedNode, ruleOf(call), inPlace, call);
  }
  return { graph, steps: writer.steps, storages: writer.storages };
}

/** Writes a tape step by step. */
class Writer {
  readonly steps: Step[] = [];
  readonly storages: Storage[] = [];
  private readonly known = new Map<string, Known>();
  private readonly readers: ReadonlyMap<string, number>;
  private readonly copiedWeights = new Set<string>();
  private readonly stopped = new Set<string>();

  constructor(
    graph: Graph,
    private readonly options: TapeOptions,
  ) {
    this.readers = readersOf(graph);
    for (const { name, shape } of graph.inputs) {
      const storage = this.store({ kind: 'image', elements: elements(shape), bytes: SINGLE });
      this.known.set(name, { storage, bytes: SINGLE, floating: true, requiresGrad: false, free: false, op: undefined });
    }
  }

  opBehind(name: string): Known['op'] {
    return this.known.get(name)?.op;
  }

  /** No gradient goes through this node. */
  stopAt(name: string): void {
    this.stopped.add(name);
  }

  /** Drops elements of what a node reads first; the node then reads what is left. */
  dropout({ node, inputs, reads }: ShapedNode): Node {
    const [from, ...others] = node.inputs;
    const { amp = false, device = amp ? 'cuda' : 'cpu' } = this.options;
    const dropped: Node = { ...node, name: `${node.name}.dropout`, inputs: [from!], shape: inputs[0]! };
    const shapedNode = {
      node: dropped,
      inputs: [inputs[0]!],
      params: {},
      newParams: 0,
      frozenParams: 0,
      reads: [reads[0]!],
      fusedReads: [reads[0]!],
      writes: reads[0]!,
      weights: 0,
      absorbedBy: 0,
    };
    this.step(shapedNode, DROPOUT[device], false, 'dropout', node.name);
    return { ...node, inputs: [dropped.name, ...others] };
  }

  step(
    shapedNode: ShapedNode,
    rule: Rule,
    wantsInPlace: boolean,
    call: CallName | 'dropout',
    owner = shapedNode.node.name,
  ): void {
    const { node, params, writes: written } = shapedNode;
    const op = call === 'dropout' ? call : node.op;
    const view = op !== 'dropout' && opOf(op).traffic === 'view';
    const sources = node.inputs.map((name) => this.known.get(name)!);
    const passes = rule.stops === undefined && !this.stopped.has(owner);
    const weights = passes && Object.keys(params).length > 0 && !this.options.frozen?.has(node.name);
    const gradients = { inputs: sources.map(({ requiresGrad }) => passes && requiresGrad), weights };
    const requiresGrad = weights || gradients.inputs.includes(true);
    const type = typeOf(rule, sources, this.options.amp === true, Object.keys(params).length > 0);
    const { bytes } = type;
    const casts = this.options.amp === true && (rule.precision === 'half' || rule.precision === 'single');
    const reads = sources.map(({ storage, floating, bytes: own }) =>
      casts && floating && own !== bytes
        ? this.store({ kind: 'copy', elements: this.storages[storage]!.elements, bytes })
        : storage,
    );
    const inPlace = wantsInPlace && rule.inPlace !== undefined && sources[0]!.free && sources[0]!.bytes === bytes;
    const shares = (view && sources.length > 0) || inPlace;
    const kind = op === 'parameter' || op === 'constant' ? 'parameter' : 'value';
    const writes = shares ? sources[0]!.storage : this.store({ kind, elements: written, bytes });
    const keeps = requiresGrad
      ? listed(inPlace ? rule.inPlace : rule.keeps, shapedNode)
          .filter((kept) => needed(kept, gradients))
          .map((kept) => this.keep(kept, shapedNode, sources, reads, writes, bytes))
      : [];
    const kept = keeps.some(({ storage }) => storage === writes);
    const alone = this.readers.get(node.name) === 1 && (!view || sources[0]?.free === true);
    const free = alone && !kept && kind === 'value';
    this.known.set(node.name, { storage: writes, ...type, requiresGrad, free, op });
    this.steps.push({
      ...{
        name: node.name,
        node: owner,
        stage: node.stage,
        block: node.block,
        op,
        rule,
        shapedNode,
        inputs: node.inputs,
      },
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
    sources: readonly Known[],
    reads: readonly number[],
    writes: number,
    bytes: number,
  ): KeptStorage {
    const { what } = kept;
    if (what === 'output') return { what, storage: writes };
    if (what === 'input') return { what, storage: kept.uncast ? sources[kept.index]!.storage : reads[kept.index]! };
    const size = kept.type === 'value' ? bytes : BYTES[kept.type];
    return { what, storage: this.store({ kind: what, elements: kept.elements(shapedNode), bytes: size }) };
  }

  /**
   * A convolution keeps its weights always, a product of two factors those that the input's
   * gradient needs.
   */
  private weightCopies(shapedNode: ShapedNode, rule: Rule, gradients: Step['gradients']): Dim {
    const { node } = shapedNode;
    const always = listed(rule.keeps, shapedNode).some((kept) => kept.what === 'input' && kept.for === 'any');
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

const listed = (keeps: Keeps, shapedNode: ShapedNode): readonly Kept[] =>
  typeof keeps === 'function' ? keeps(shapedNode) : keeps;

function needed(kept: Kept, { inputs, weights }: Step['gradients']): boolean {
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
  sources: readonly Known[],
  amp: boolean,
  learnt: boolean,
): { readonly bytes: number; readonly floating: boolean } {
  if (stops === 'bool' || stops === 'int64') return { bytes: BYTES[stops], floating: false };
  const floating = sources.filter((source) => source.floating);
  if (floating.length === 0 && sources.length > 0 && !learnt && precision !== 'single' && precision !== 'half')
    return { bytes: Math.max(...sources.map(({ bytes }) => bytes)), floating: false };
  if (!amp || precision === 'single') return { bytes: SINGLE, floating: true };
  if (precision === 'half') return { bytes: HALF, floating: true };
  const widths = floating.map(({ bytes }) => bytes);
  return { bytes: precision === 'widest' ? Math.max(...widths) : (widths[0] ?? SINGLE), floating: true };
}
