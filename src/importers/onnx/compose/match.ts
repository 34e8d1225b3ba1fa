// Matches calls against a pattern, which is written as a formula, from the last call back.

import { isOwn, type OnnxCall } from '../onnxCall.js';

/**
 * A formula: a variable (the same name is the same value), a number, or an op of formulas. Sums and
 * products match in either order; '*' at the end lets further inputs follow.
 */
export type Pattern = string | number | OpPattern;

/** The op, then its inputs. */
interface OpPattern extends ReadonlyArray<Pattern> {
  readonly 0: string;
}

/** What is asked of a graph while a formula is matched. */
export interface Surroundings {
  makerOf(value: string): OnnxCall | undefined;
  /** The numbers that a value is, where it is a small constant. */
  numbersOf(value: string): readonly number[] | undefined;
  /** Names that are no op of ONNX, but one with certain attributes. */
  readonly named: Readonly<Record<string, (node: OnnxCall) => boolean>>;
}

export interface Match {
  readonly variables: ReadonlyMap<string, string>;
  /** All nodes of the formula. */
  readonly nodes: ReadonlySet<OnnxCall>;
}

const COMMUTES: ReadonlySet<string> = new Set(['Add', 'Mul']);
/** Numbers were rounded to single precision or less. */
const NEAR = 1e-3;

const NOTHING: Match = { variables: new Map(), nodes: new Set() };

/** How the formula is met at the value that a node makes, undefined where it is not. */
export const matchAt = (pattern: Pattern, root: OnnxCall, around: Surroundings): Match | undefined =>
  typeof pattern === 'object' ? matchNode(pattern, root, NOTHING, around) : undefined;

function matchNode(pattern: OpPattern, node: OnnxCall, so: Match, around: Surroundings): Match | undefined {
  const [op, inputs] = [pattern[0], pattern.slice(1)];
  const isNamed = Object.hasOwn(around.named, op) ? around.named[op]!(node) : node.op === op;
  if (!isNamed || !isOwn(node.node)) return undefined;
  const found: Match = { variables: so.variables, nodes: new Set([...so.nodes, node]) };
  const more = inputs.at(-1) === '*' || op in around.named;
  const wanted = inputs.filter((input) => input !== '*');
  const input = node.inputs;
  if (input.length < wanted.length || (!more && input.length > wanted.length)) return undefined;
  const straight = matchInputs(wanted, input, found, around);
  if (straight || !COMMUTES.has(op)) return straight;
  return matchInputs(wanted, [input[1]!, input[0]!], found, around);
}

function matchInputs(
  patterns: readonly Pattern[],
  values: readonly string[],
  so: Match,
  around: Surroundings,
): Match | undefined {
  let found: Match | undefined = so;
  for (const [i, pattern] of patterns.entries()) {
    found = matchValue(pattern, values[i]!, found, around);
    if (!found) return undefined;
  }
  return found;
}

function matchValue(pattern: Pattern, value: string, so: Match, around: Surroundings): Match | undefined {
  if (typeof pattern === 'number') {
    const numbers = around.numbersOf(value);
    const [number] = numbers ?? [];
    return numbers?.length === 1 && Math.abs(number! - pattern) <= NEAR * Math.abs(pattern) ? so : undefined;
  }
  if (typeof pattern === 'string') {
    const known = so.variables.get(pattern);
    if (known !== undefined) return known === value ? so : undefined;
    return value === '' ? undefined : { ...so, variables: new Map([...so.variables, [pattern, value]]) };
  }
  const maker = around.makerOf(value);
  return maker?.outputs[0] === value ? matchNode(pattern, maker, so, around) : undefined;
}
