// Which nodes of a file are one op that was taken apart? What nothing else reads between them is left out, the rest keeps its names.

import { ATTRIBUTE_TYPES, type OnnxAttribute, type OnnxGraph, type OnnxNode } from '../messages.js';
import { Attributes } from '../attributes.js';
import { constant, type Constant } from '../operand.js';
import { constantOf } from '../tensors.js';
import { FORMULAS, type Formula } from './formulas.js';
import { matchAt, type Match, type Surroundings } from './match.js';

/** One node to convert; a formula's node stands for several. */
export interface Step {
  readonly node: OnnxNode;
  readonly formula?: Formula;
  /** In order; where the formula turns out to be none, these are converted. */
  readonly parts?: readonly OnnxNode[];
}

type Constants = Pick<ReadonlyMap<string, Constant>, 'get'>;

/** @param nodes in an order in which they can run */
export function composed(
  nodes: readonly OnnxNode[],
  graph: Pick<OnnxGraph, 'output'>,
  constants: Constants,
): readonly Step[] {
  const around = surroundingsOf(nodes, constants);
  const readers = readersOf(nodes, graph);
  const places = new Map(nodes.map((node, i) => [node, i]));
  const steps = new Map<OnnxNode, Step>();
  const inside = new Set<OnnxNode>();
  for (const root of [...nodes].reverse()) {
    if (inside.has(root)) continue;
    const found = formulaAt(root, around, readers, inside);
    if (!found) continue;
    for (const node of found.match.nodes) inside.add(node);
    const parts = [...found.match.nodes].sort((a, b) => places.get(a)! - places.get(b)!);
    steps.set(root, { node: wholeOf(root, parts, found, around), formula: found.formula, parts });
  }
  return nodes.flatMap((node) => steps.get(node) ?? (inside.has(node) ? [] : [{ node }]));
}

interface Found {
  readonly formula: Formula;
  readonly match: Match;
}

const ROOTS: ReadonlySet<string> = new Set(
  FORMULAS.flatMap(({ patterns }) => patterns.map((one) => (one as readonly [string])[0])),
);

function formulaAt(
  root: OnnxNode,
  around: Surroundings,
  readers: ReadonlyMap<string, number>,
  taken: ReadonlySet<OnnxNode>,
): Found | undefined {
  if (!ROOTS.has(root.opType ?? '')) return undefined;
  for (const formula of FORMULAS)
    for (const pattern of formula.patterns) {
      const match = matchAt(pattern, root, around);
      if (match && [...match.nodes].every((node) => !taken.has(node)) && closed(match, root, readers))
        return { formula, match };
    }
  return undefined;
}

/** Whether nothing outside of the formula reads what is made inside. */
function closed({ nodes }: Match, root: OnnxNode, readers: ReadonlyMap<string, number>): boolean {
  const own = new Map<string, number>();
  for (const { input } of nodes) for (const name of input) own.set(name, (own.get(name) ?? 0) + 1);
  return [...nodes].every((node) => node === root || node.output.every((name) => own.get(name) === readers.get(name)));
}

/** The whole has the name of its first part, and the attributes of all: kernels, orders, the sides of a mean. */
function wholeOf(
  root: OnnxNode,
  parts: readonly OnnxNode[],
  { formula, match }: Found,
  { numbersOf }: Surroundings,
): OnnxNode {
  const mean = parts.find(({ opType, input }) => opType === 'ReduceMean' && input.length > 1);
  const axes = mean && numbersOf(mean.input[1]!);
  const attributes = parts.flatMap((part) => part.attribute);
  return {
    ...root,
    name: parts[0]!.name,
    opType: formula.name,
    input: formula.reads.map((name) => match.variables.get(name)!),
    attribute: axes ? [...attributes, integers('axes', axes)] : attributes,
  };
}

/** Newer opsets have as an input what was an attribute. */
const integers = (name: string, ints: readonly number[]): OnnxAttribute => ({
  ...{ name, ints, floats: [], strings: [], graphs: [], type: ATTRIBUTE_TYPES.ints },
  ...{ f: undefined, i: undefined, s: undefined, t: undefined, g: undefined, refAttrName: undefined },
});

function surroundingsOf(nodes: readonly OnnxNode[], constants: Constants): Surroundings {
  const makers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const numbersOf = (value: string): readonly number[] | undefined =>
    (constants.get(value) ?? storedIn(makers.get(value)))?.items as readonly number[] | undefined;
  const bound = (node: OnnxNode, name: string, i: number): number | undefined => {
    const attributes = new Attributes(node);
    if (attributes.has(name)) return attributes.float(name, 0);
    return node.input[i] ? numbersOf(node.input[i])?.[0] : undefined;
  };
  return {
    makerOf: (value) => makers.get(value),
    numbersOf,
    named: {
      Relu6: (node) => node.opType === 'Clip' && bound(node, 'min', 1) === 0 && bound(node, 'max', 2) === 6,
    },
  };
}

/** A constant stands in a node of its own where it is not among the weights; it has no symbols. */
function storedIn(node: OnnxNode | undefined): Constant | undefined {
  if (node?.opType !== 'Constant') return undefined;
  const attributes = new Attributes(node);
  const tensor = attributes.tensor('value');
  if (tensor) return constantOf(tensor);
  const ints = attributes.ints('value_ints');
  if (ints) return constant('int', [ints.length], ints);
  if (attributes.has('value_float')) return constant('float', [], [attributes.float('value_float', 0)]);
  return attributes.has('value_int') ? constant('int', [], [attributes.int('value_int', 0)]) : undefined;
}

function readersOf(nodes: readonly OnnxNode[], graph: Pick<OnnxGraph, 'output'>): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const names = [...nodes.flatMap(({ input }) => input), ...graph.output.map(({ name }) => name ?? '')];
  for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}
