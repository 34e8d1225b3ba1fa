// A node as a counter sees it: the call that runs it, and its sizes as numbers.

import { countsOf, flopsOf, shapedNodes, type ShapedNode } from '../cost.js';
import { total, type Dim } from '../dim/dim.js';
import { numberOf } from '../dim/evaluate.js';
import type { Padding, Pair } from '../fields.js';
import type { Graph, Node } from '../graph.js';
import type { OpName } from '../ops/table.js';
import { elements } from '../shape.js';
import { CALLS, type FrameworkCall, type CallName } from './call.js';
import { PLAIN_CALLS, type Implementation } from './implementation.js';

export interface Executed {
  readonly op: OpName;
  /** As the implementation calls it, and as plain modules would. */
  readonly call: FrameworkCall;
  readonly plainCall: FrameworkCall;
  /** The name of the plain call: "relu". */
  readonly plainName: CallName;
  /** Images. */
  readonly n: number;
  /** Elements of the first input, 0 where there is none, and of the output. */
  readonly reads: number;
  readonly writes: number;
  /** Of the output. */
  readonly channels: number;
  /** Height and width of both, 1 where there are none. */
  readonly from: readonly [number, number];
  /** All sides of the first input. */
  readonly inputSides: readonly number[];
  readonly to: readonly [number, number];
  readonly multAdds: number;
  /** flopscope's count: output elements of convolutions and fully connected layers. */
  readonly activations: number;
  /**
   * Parameters that it uses, those of them that are biases, and those that no earlier node shares
   * with it.
   */
  readonly params: number;
  readonly biases: number;
  readonly ownParams: number;
  /** Where it has them: of the kernel, [top, left, bottom, right] of the padding. */
  readonly kernel?: Pair;
  readonly stride?: Pair;
  readonly padding?: Padding;
  /** Sides of the output, and the fields of the op. */
  readonly sides: readonly number[];
  readonly attributes: Node['attributes'];
  /** flopscope's own count of operations; 0 for views and copies, which no counter needs to see. */
  readonly flops: number;
}

/** Every node of a graph whose sizes are numbers, in order of execution. */
export function executed(graph: Graph, { calls }: Implementation): readonly Executed[] {
  const readers = firstReaders(graph);
  return [...shapedNodes(graph)].map((shaped) => {
    const keys = keysOf(shaped.node, readers);
    const plain = nameIn(PLAIN_CALLS, keys)!;
    return seen(shaped, graph.calls?.get(shaped.node.name) ?? CALLS[nameIn(calls, keys) ?? plain], plain);
  });
}

/** What the implementation runs for each node, by the node's name. */
export function callNames(graph: Graph, { calls }: Implementation): ReadonlyMap<string, CallName> {
  const readers = firstReaders(graph);
  return new Map(
    graph.nodes.map((node) => {
      const keys = keysOf(node, readers);
      return [node.name, nameIn(calls, keys) ?? nameIn(PLAIN_CALLS, keys)!] as const;
    }),
  );
}

/** The most special first. */
const keysOf = ({ name, op, attributes }: Node, readers: ReadonlyMap<string, OpName>): readonly string[] => [
  `${op}>${readers.get(name) ?? ''}`,
  ...['mode', 'kind'].flatMap((field) => (typeof attributes[field] === 'string' ? [`${op}:${attributes[field]}`] : [])),
  op,
];

function nameIn(calls: Implementation['calls'], keys: readonly string[]): keyof typeof CALLS | undefined {
  const key = keys.find((key) => Object.hasOwn(calls, key));
  return key === undefined ? undefined : calls[key as OpName];
}

/** Which op reads each value first. */
function firstReaders({ nodes }: Graph): ReadonlyMap<string, OpName> {
  const readers = new Map<string, OpName>();
  for (const { inputs, op } of nodes) for (const input of inputs) if (!readers.has(input)) readers.set(input, op);
  return readers;
}

function seen(shaped: ShapedNode, call: FrameworkCall, plainName: CallName): Executed {
  const { node, inputs, params, reads, writes } = shaped;
  const { multAdds, activations, params: ownParams } = countsOf(shaped);
  const { kernel, stride, padding } = node.attributes as Pick<Executed, 'kernel' | 'stride' | 'padding'>;
  return {
    op: node.op,
    call,
    plainCall: CALLS[plainName],
    plainName,
    // A single number is of one image.
    n: numberOf(node.shape[0] ?? 1),
    reads: numberOf(reads[0] ?? 0),
    writes: numberOf(writes),
    channels: numberOf(node.shape[1] ?? 1),
    from: plane(inputs[0] ?? []),
    inputSides: (inputs[0] ?? []).map(numberOf),
    to: plane(node.shape),
    multAdds: numberOf(multAdds),
    activations: numberOf(activations),
    params: numberOf(total(Object.values(params).map(elements))),
    biases: params['bias'] ? numberOf(elements(params['bias'])) : 0,
    ownParams: numberOf(ownParams),
    ...(kernel && { kernel }),
    ...(stride && { stride }),
    ...(padding && { padding }),
    sides: node.shape.map(numberOf),
    attributes: node.attributes,
    flops: numberOf(flopsOf(shaped, multAdds)),
  };
}

const plane = ([, , h = 1, w = 1]: readonly Dim[]): readonly [number, number] => [numberOf(h), numberOf(w)];

/** @throws InputError when a symbol is left. */
