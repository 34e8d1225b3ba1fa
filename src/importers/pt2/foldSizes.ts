// Numbers that a program computes of shapes: sides of tensors, and what Python does with them.

import { add, div, equal, floorDiv, isNumber, mul, sub, type Dim } from '../../dim/dim.js';
import { elements } from '../../shape.js';
import type { Call, Results } from '../kit/call.js';
import { constant, isConstant, type Operand } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import { Aten } from './aten.js';
import { ceil } from './ceil.js';
import type { TorchCall } from './torchCall.js';
import { lookup } from '../../lookup.js';

/** The result where the call is arithmetic of sizes, undefined where it is an op of tensors. */
export function foldSizes(call: Call<TorchCall>): Results | undefined {
  const side = sideOf(call);
  if (side !== undefined) return number(side);
  const rule = ruleOf(call.op);
  if (rule === undefined) return undefined;
  const result = rule(numbersIn(call));
  return number(typeof result === 'boolean' ? Number(result) : result);
}

const number = (value: Dim): Operand => constant('int', [], [value]);

function sideOf(call: Call<TorchCall>): Dim | undefined {
  const aten = new Aten(call);
  if (call.op === 'aten.sym_size.int' || call.op === 'aten.size.int') {
    const value = aten.operand('self');
    return value && value.shape[aten.axis(aten.whole('dim'), value)];
  }
  const value = call.op === 'aten.sym_numel' || call.op === 'aten.numel' ? aten.operand('self') : undefined;
  return value && elements(value.shape);
}

type Rule = (parts: readonly Dim[]) => Dim | boolean;

/** Names in "_operator", "math", "torch" and "torch._sym_...". */
const ruleOf = (target: string): Rule | undefined => {
  const name = /^(?:_operator|operator|math|torch|torch\.sym_\w+|torch\.fx\.experimental\.\w+|builtins)\.(\w+)$/.exec(
    target,
  )?.[1];
  const own = name?.replace(/^_?sym_/, '');
  return own === undefined ? undefined : lookup(RULES, own);
};

function numbersIn(call: Call<TorchCall>): readonly Dim[] {
  return [...call.file.operation.inputs].map(([name, argument]) => {
    if (argument.kind === 'number') return argument.value;
    if (argument.kind === 'flag') return Number(argument.value);
    const [slot] = call.file.slots.get(name) ?? [];
    const found = slot === undefined ? undefined : call.inputs[slot];
    const item = found && isConstant(found) ? found.items?.[0] : undefined;
    if (item !== undefined) return item;
    throw new Uncounted('it computes a size of what is not known before the network runs');
  });
}

const both =
  (exactly: (a: number, b: number) => Dim, otherwise: (a: Dim, b: Dim) => Dim): Rule =>
  ([a = 0, b = 0]) =>
    isNumber(a) && isNumber(b) ? exactly(a, b) : otherwise(a, b);

/** Rounded down, or exact where the divisor has symbols. */
const quotient = (a: Dim, b: Dim): Dim => (isNumber(b) && b > 0 ? floorDiv(a, b) : div(a, b));

/**
 * Two sizes whose difference has symbols are taken to differ, with the first one larger.
 */
const compare =
  (holds: (difference: number) => boolean): Rule =>
  ([a = 0, b = 0]) => {
    if (equal(a, b)) return holds(0);
    const difference = isNumber(a) && isNumber(b) ? a - b : sub(a, b);
    return isNumber(difference) ? holds(difference) : holds(1);
  };

const extreme = (pick: (a: number, b: number) => number): Rule =>
  both(pick, (a, b) => {
    const difference = sub(a, b);
    if (!isNumber(difference))
      throw new Uncounted('it takes the larger or smaller of two sizes, which depends on the image');
    return pick(difference, 0) === difference ? a : b;
  });

/** A number that need not be whole, such as a scale. */
const fraction = (a: Dim, b: Dim): Dim => (isNumber(a) && isNumber(b) ? a / b : div(a, b));

const RULES: Readonly<Record<string, Rule>> = {
  add: both((a, b) => a + b, add),
  sub: both((a, b) => a - b, sub),
  mul: both((a, b) => a * b, mul),
  neg: ([a = 0]) => (isNumber(a) ? -a : mul(a, -1)),
  pos: ([a = 0]) => a,
  floordiv: both((a, b) => Math.floor(a / b), quotient),
  truediv: both((a, b) => a / b, fraction),
  mod: both(
    (a, b) => a - b * Math.floor(a / b),
    (a, b) => sub(a, mul(b, quotient(a, b))),
  ),
  pow: both(
    (a, b) => a ** b,
    (a, b) => {
      if (!isNumber(b) || !(b >= 0 && b <= 4)) throw new Uncounted('it raises a size to a power');
      return Array.from({ length: b }, () => a).reduce(mul, 1);
    },
  ),
  max: extreme(Math.max),
  min: extreme(Math.min),
  abs: ([a = 0]) => (isNumber(a) ? Math.abs(a) : a),
  int: ([a = 0]) => (isNumber(a) ? Math.trunc(a) : a),
  trunc: ([a = 0]) => (isNumber(a) ? Math.trunc(a) : a),
  float: ([a = 0]) => a,
  floor: ([a = 0]) => (isNumber(a) ? Math.floor(a) : a),
  ceil: ([a = 0]) => ceil(a, 1),
  round: ([a = 0]) => (isNumber(a) ? Math.round(a) : a),
  sqrt: ([a = 0]) => {
    if (isNumber(a)) return Math.sqrt(a);
    throw new Uncounted('it takes the square root of a size');
  },
  eq: compare((difference) => difference === 0),
  ne: compare((difference) => difference !== 0),
  gt: compare((difference) => difference > 0),
  ge: compare((difference) => difference >= 0),
  lt: compare((difference) => difference < 0),
  le: compare((difference) => difference <= 0),
  not: ([a = 0]) => a === 0,
  not_: ([a = 0]) => a === 0,
  and_: ([a = 0, b = 0]) => a !== 0 && b !== 0,
  or_: ([a = 0, b = 0]) => a !== 0 || b !== 0,
  ite: ([condition = 0, a = 0, b = 0]) => (condition !== 0 ? a : b),
};

/** Whether a call computes a size and no tensor. */
export const isSizeCall = (target: string): boolean =>
  ruleOf(target) !== undefined || /^aten\.(sym_size\.int|sym_numel|size\.int|numel)$/.test(target);
