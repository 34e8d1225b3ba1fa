// The elements alive while each node runs, without weights, by one pass in execution order.

import { exact } from './dim/dim.js';
import type { Graph, GraphInput, Node } from './graph.js';
import { opOf } from './ops/table.js';

/** Elements alive while a layer runs. */
export interface AliveElements {
  readonly aliveElements: number;
  readonly aliveElementsOutOfPlace: number;
}

/**
 * Must be called for every node in order.
 * @param reads elements of each input
 * @param writes elements of the output
 * @throws InputError where they pass 2^53
 */
export type Alive = (node: Node, reads: readonly number[], writes: number) => AliveElements;

/** What one or more values are stored in. */
interface Storage {
  readonly elements: number;
  /** Whether an op may overwrite it: not a graph input, not a weight. */
  readonly writable: boolean;
  /** Place of the last node that reads any value in it; Infinity for a graph output. */
  lastRead: number;
  freed: boolean;
}

/**
 * A view shares the storage of its operand. An elementwise op writes in place where its output has
 * as many elements as an operand whose storage nothing reads later; a graph input or output is
 * never overwritten. Every other op allocates its output while its inputs are alive. A storage is
 * freed after its last reader. Stored constants are weights. An op that is left out is taken to
 * write a tensor of its own, which comes alive behind the node that stands before that op, and may
 * take the place of what it reads.
 */
export function liveness(graph: Graph): Alive {
  let memories: readonly [inPlace: AliveAfter, outOfPlace: AliveAfter] | undefined;
  let place = 0;
  return (node, reads, writes) => {
    if (!memories) {
      const omitted = omittedOutputs(graph);
      const lastReads = lastReadsOf(graph, omitted);
      memories = [memory(graph, omitted, lastReads, true), memory(graph, omitted, lastReads, false)];
    }
    const at = place++;
    const [inPlace, outOfPlace] = memories;
    return {
      aliveElements: inPlace(node, at, reads, writes),
      aliveElementsOutOfPlace: outOfPlace(node, at, reads, writes),
    };
  };
}

/**
 * By value, the place of the last node that reads it; Infinity for a graph output. An op that is
 * left out reads at the place of the node before it.
 */
function lastReadsOf({ nodes, outputs }: Graph, omitted: OmittedOutputs): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const [at, { inputs }] of nodes.entries()) for (const name of inputs) last.set(name, at);
  for (const [at, made] of omitted)
    for (const { omittedOp } of made)
      for (const name of omittedOp!.inputs) last.set(name, Math.max(at, last.get(name) ?? -1));
  for (const name of outputs) last.set(name, Infinity);
  return last;
}

/** Outputs of ops that are left out, by the place of the node before the op; -1 for none. */
type OmittedOutputs = ReadonlyMap<number, readonly GraphInput[]>;

function omittedOutputs({ inputs, nodes }: Graph): OmittedOutputs {
  const by = new Map<number, GraphInput[]>();
  for (const input of inputs) {
    const { omittedOp, name } = input;
    if (!omittedOp) continue;
    const before = nodes.findIndex((node) => node.name === omittedOp.after);
    // A changed graph may lack the node before the op: then the value is there when it is read.
    const reader = nodes.findIndex((node) => node.inputs.includes(name));
    const at = omittedOp.after === undefined || before >= 0 ? before : reader - 1;
    by.set(at, [...(by.get(at) ?? []), input]);
  }
  return by;
}

type AliveAfter = (node: Node, at: number, reads: readonly number[], writes: number) => number;

function memory(
  { inputs }: Graph,
  omitted: OmittedOutputs,
  lastReads: ReadonlyMap<string, number>,
  inPlace: boolean,
): AliveAfter {
  const storages = new Map<string, Storage>();
  let alive = 0;
  const store = (name: string, elements: number, writable: boolean): Storage => {
    const storage = { elements, writable, lastRead: lastReads.get(name) ?? -1, freed: false };
    storages.set(name, storage);
    alive = exact(alive + elements);
    return storage;
  };
  const share = (name: string, storage: Storage): Storage => {
    storages.set(name, storage);
    storage.lastRead = Math.max(storage.lastRead, lastReads.get(name) ?? -1);
    return storage;
  };
  const free = (storage: Storage, at: number): void => {
    if (storage.freed || storage.lastRead > at) return;
    storage.freed = true;
    alive -= storage.elements;
  };
  const storeInput = ({ name, shape, omittedOp }: GraphInput): Storage =>
    store(name, (shape as readonly number[]).reduce((all, side) => all * side, 1), omittedOp !== undefined); // prettier-ignore
  /** What ops that stand behind a node read dies there, and what they make comes alive. */
  const runOmitted = (at: number): void => {
    const made = omitted.get(at) ?? [];
    for (const { omittedOp } of made)
      for (const name of omittedOp!.inputs) {
        const read = storages.get(name);
        if (read) free(read, at);
      }
    for (const input of made) free(storeInput(input), at);
  };
  for (const input of inputs) if (!input.omittedOp) free(storeInput(input), -1);
  runOmitted(-1);
  return (node, at, reads, writes) => {
    const { traffic } = opOf(node.op);
    const operands = node.inputs.map((name) => storages.get(name)!);
    let output: Storage;
    if (traffic === 'view') {
      const [viewed] = operands;
      output = viewed ? share(node.name, viewed) : store(node.name, 0, false);
    } else {
      const target =
        inPlace && traffic === 'elementwise'
          ? operands.find((storage, i) => reads[i] === writes && mayOverwrite(storage, i, node, operands, writes, at))
          : undefined;
      output = target ? share(node.name, target) : store(node.name, writes, true);
    }
    const now = alive;
    for (const storage of operands) free(storage, at);
    free(output, at);
    runOmitted(at);
    return now;
  };
}

/** A broadcast view is smaller than the output. Another view of its storage may still be read. */
const mayOverwrite = (
  storage: Storage,
  i: number,
  { inputs }: Node,
  operands: readonly Storage[],
  writes: number,
  at: number,
): boolean =>
  storage.writable &&
  storage.lastRead <= at &&
  storage.elements >= writes &&
  operands.every((other, j) => other !== storage || inputs[j] === inputs[i]);
