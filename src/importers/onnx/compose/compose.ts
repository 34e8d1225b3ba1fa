// Replaces calls that together are one op by that op. Values that others read keep their names.

import type { ConversionStep } from '../../kit/call.js';
import { ATTRIBUTE_TYPES, type OnnxAttribute } from '../messages.js';
import type { Constant } from '../../kit/operand.js';
import { constantOfNode } from '../folds.js';
import { callOf, type OnnxCall } from '../onnxCall.js';
import { FORMULAS, type Formula } from './formulas.js';
import { matchAt, type Match, type Surroundings } from './match.js';

type Constants = Pick<ReadonlyMap<string, Constant>, 'get'>;

/**
 * @param calls in an order in which they can run
 * @param outputs keys of what the graph gives
 */
export function composed(
  calls: readonly OnnxCall[],
  outputs: readonly string[],
  constants: Constants,
): readonly ConversionStep<OnnxCall>[] {
  const around = surroundingsOf(calls, constants);
  const readers = readersOf(calls, outputs);
  const places = new Map(calls.map((call, i) => [call, i]));
  const steps = new Map<OnnxCall, ConversionStep<OnnxCall>>();
  const inside = new Set<OnnxCall>();
  for (const root of [...calls].reverse()) {
    if (inside.has(root)) continue;
    const found = formulaAt(root, around, readers, inside);
    if (!found) continue;
    for (const call of found.match.nodes) inside.add(call);
    const parts = [...found.match.nodes].sort((a, b) => places.get(a)! - places.get(b)!);
    const { formula } = found;
    steps.set(root, { call: wholeOf(root, parts, found, around), whole: (call) => formula.convert(call), parts });
  }
  return calls.flatMap((call) => steps.get(call) ?? (inside.has(call) ? [] : [{ call }]));
}

interface FormulaMatch {
  readonly formula: Formula;
  readonly match: Match;
}

const ROOTS: ReadonlySet<string> = new Set(
  FORMULAS.flatMap(({ patterns }) => patterns.map((one) => (one as readonly [string])[0])),
);

function formulaAt(
  root: OnnxCall,
  around: Surroundings,
  readers: ReadonlyMap<string, number>,
  taken: ReadonlySet<OnnxCall>,
): FormulaMatch | undefined {
  if (!ROOTS.has(root.op)) return undefined;
  for (const formula of FORMULAS)
    for (const pattern of formula.patterns) {
      const match = matchAt(pattern, root, around);
      if (match && [...match.nodes].every((node) => !taken.has(node)) && closed(match, root, readers))
        return { formula, match };
    }
  return undefined;
}

/**
 * Whether nothing outside of the formula reads what is made inside, and its variables are made
 * outside: a sum of a convolution with itself has no bias.
 */
function closed({ nodes, variables }: Match, root: OnnxCall, readers: ReadonlyMap<string, number>): boolean {
  const inside = new Set([...nodes].flatMap(({ outputs }) => outputs));
  if ([...variables.values()].some((value) => inside.has(value))) return false;
  const own = new Map<string, number>();
  for (const { inputs } of nodes) for (const name of inputs) own.set(name, (own.get(name) ?? 0) + 1);
  return [...nodes].every((node) => node === root || node.outputs.every((name) => own.get(name) === readers.get(name)));
}

/**
 * The whole has the name of its first part, and the attributes of all: kernels, orders, the sides
 * of a mean.
 */
function wholeOf(
  root: OnnxCall,
  parts: readonly OnnxCall[],
  { formula, match }: FormulaMatch,
  { numbersOf }: Surroundings,
): OnnxCall {
  const mean = parts.find(({ op, inputs }) => op === 'ReduceMean' && inputs.length > 1);
  const axes = mean && numbersOf(mean.inputs[1]!);
  const attributes = parts.flatMap(({ node }) => node.attribute);
  const node = {
    ...root.node,
    name: parts[0]!.name,
    opType: formula.name,
    input: formula.reads.map((name) => match.variables.get(name)!),
    attribute: axes ? [...attributes, integers('axes', axes)] : attributes,
  };
  return callOf(node, root.facts);
}

/** Newer opsets have as an input what was an attribute. */
const integers = (name: string, ints: readonly number[]): OnnxAttribute => ({
  ...{ name, ints, floats: [], strings: [], graphs: [], type: ATTRIBUTE_TYPES.ints },
  ...{ f: undefined, i: undefined, s: undefined, t: undefined, g: undefined, refAttrName: undefined },
});

function surroundingsOf(calls: readonly OnnxCall[], constants: Constants): Surroundings {
  const makers = new Map(calls.flatMap((call) => call.outputs.map((name) => [name, call] as const)));
  const numbersOf = (value: string): readonly number[] | undefined =>
    (constants.get(value) ?? storedIn(makers.get(value)))?.items as readonly number[] | undefined;
  const bound = ({ attributes, inputs }: OnnxCall, name: string, i: number): number | undefined => {
    if (attributes.has(name)) return attributes.float(name, 0);
    return inputs[i] ? numbersOf(inputs[i])?.[0] : undefined;
  };
  return {
    makerOf: (value) => makers.get(value),
    numbersOf,
    named: {
      Relu6: (call) => call.op === 'Clip' && bound(call, 'min', 1) === 0 && bound(call, 'max', 2) === 6,
    },
  };
}

/** A constant stands in a node of its own where it is not among the weights. */
const storedIn = (call: OnnxCall | undefined): Constant | undefined =>
  call?.op === 'Constant' && HOLDS.some((name) => call.attributes.has(name)) ? constantOfNode(call) : undefined;

const HOLDS = ['value', 'value_int', 'value_ints', 'value_float', 'value_floats'];

function readersOf(calls: readonly OnnxCall[], outputs: readonly string[]): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  for (const name of [...calls.flatMap(({ inputs }) => inputs), ...outputs])
    readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}
