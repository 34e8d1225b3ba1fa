// A counter's total for a network: each rule that applies, and each op that it does not see.

import { exact } from '../dim/dim.js';
import { shownCall, type FrameworkCall } from './call.js';
import type { Counter, Rule } from './counter.js';
import { ANY_LEAF } from './counter.js';
import type { Executed } from './executed.js';
import type { Quantity } from './quantity.js';

/** One line of an itemisation. */
export interface CountedItem {
  /** "2 per batch-norm element". */
  readonly times: number;
  readonly per: string;
  readonly nodes: number;
  readonly elements: number;
  /** times x elements */
  readonly operations: number;
  /** Its part that our multiply-adds (or activations) do not include. */
  readonly difference: number;
}

/** An op that costs something and is not counted. */
export interface UncountedOp {
  /** "x += y", "nn.MaxPool2d", "aten::add_" */
  readonly what: string;
  readonly nodes: number;
  /** Output elements of these nodes. */
  readonly elements: number;
  /** Known to the counter and taken as free, or unknown to it. */
  readonly how: 'free' | 'unknown';
  /** What the counter prints about it, if anything. */
  readonly warning: string | null;
}

/** A difference from the count of plain modules, caused by the implementation's code. */
export interface HiddenDifference {
  /** "BatchNormAct2d" instead of "nn.BatchNorm2d". */
  readonly call: string;
  readonly plain: string;
  readonly nodes: number;
  /** Operations more (or, negative, fewer) than with plain modules. */
  readonly operations: number;
}

export interface Count {
  readonly total: number;
  readonly items: readonly CountedItem[];
  readonly leftOut: readonly UncountedOp[];
  readonly hidden: readonly HiddenDifference[];
}

/** @throws InputError when a count passes 2^53 */
export function count(counter: Counter, nodes: readonly Executed[]): Count {
  const rulesOf = rulesBook(counter);
  const items = new Map<string, CountedItem>();
  const leftOut = new Map<string, UncountedOp>();
  const hidden = new Map<string, HiddenDifference>();
  for (const node of nodes) {
    const rules = rulesOf(node.call, node);
    for (const item of itemsOf(counter, node, rules)) gather(items, `${item.times} ${item.per}`, item, addItem);
    if (rules.length === 0) for (const left of leftOutOf(counter, node)) gather(leftOut, left.what, left, addUncounted);
    if (node.call === node.plainCall) continue;
    const operations = operationsOf(node, rules) - operationsOf(node, rulesOf(node.plainCall, node));
    if (operations === 0) continue;
    const entry = { call: shownCall(node.call), plain: shownCall(node.plainCall), nodes: 1, operations };
    gather(hidden, entry.call, entry, addHidden);
  }
  const list = [...items.values()];
  return {
    total: list.reduce((sum, { operations }) => exact(sum + operations), 0),
    items: list,
    leftOut: [...leftOut.values()].map((left) => withWarning(counter, left)),
    hidden: [...hidden.values()],
  };
}

/** The total alone, for callers with many networks. */
export function totalOf(counter: Counter, nodes: readonly Executed[]): number {
  const rulesOf = rulesBook(counter);
  return nodes.reduce((sum, node) => exact(sum + operationsOf(node, rulesOf(node.call, node))), 0);
}

/** Networks have thousands of nodes and a dozen calls: the rules of each are looked up once. */
function rulesBook(counter: Counter): (call: FrameworkCall, node: Executed) => readonly Rule[] {
  const known = new Map<FrameworkCall, readonly Rule[]>();
  const { nodes } = counter.hooks;
  return (call, { plainName }) => {
    const rules = known.get(call) ?? rulesFor(counter, call);
    known.set(call, rules);
    return nodes ? [...rules, ...(nodes[plainName] ?? [])] : rules;
  };
}

/** Every rule that a call sets off, in each place where the counter looks. */
function rulesFor(
  { hooks: { modules, functions, trace, every = [] } }: Counter,
  { module, leaf, functional, code, aten }: FrameworkCall,
): readonly Rule[] {
  return [
    ...every,
    ...((module !== undefined && (modules?.[module] ?? (leaf && modules?.[ANY_LEAF]))) || []),
    ...((functional !== undefined && functions?.[functional]) || []),
    ...((code !== undefined && functions?.[code]) || []),
    ...aten.flatMap((op) => trace?.[op] ?? []),
  ];
}

/** A quantity that two hooks count is one item. */
function itemsOf({ measures }: Counter, node: Executed, rules: readonly Rule[]): readonly CountedItem[] {
  const timesOf = new Map<Quantity, number>();
  for (const { times, of } of rules) timesOf.set(of, (timesOf.get(of) ?? 0) + timesFor(node, times));
  const own = ownOf(measures, { ...node, params: node.ownParams });
  return [...timesOf].flatMap(([of, times]) => {
    const elements = of.of(node);
    const operations = exact(times * elements);
    const difference = operations - (of.core ? own : 0);
    return elements === 0 ? [] : [{ times, per: of.per, nodes: 1, elements, operations, difference }];
  });
}

/** What a counter is compared with. */
export const ownOf = (
  measures: Counter['measures'],
  { params, activations, multAdds }: Pick<Executed, 'params' | 'activations' | 'multAdds'>,
): number => (measures === 'params' ? params : measures === 'activations' ? activations : multAdds);

const timesFor = (node: Executed, times: Rule['times']): number => (typeof times === 'number' ? times : times(node));

const operationsOf = (node: Executed, rules: readonly Rule[]): number =>
  rules.reduce((sum, { times, of }) => sum + timesFor(node, times) * of.of(node), 0);

/** A trace names each op of the call; hooks name the module, the function or the operator. */
function leftOutOf(
  { hooks, free = [], warns }: Counter,
  { call, plainName, writes, flops }: Executed,
): readonly UncountedOp[] {
  if (call.further) return [];
  const always = warns !== undefined && warns.when === undefined;
  return (hooks.nodes ? [plainName] : hooks.trace ? call.aten : [shownCall(call)]).flatMap((name) => {
    const how = free.includes(name) ? 'free' : 'unknown';
    // An op without cost is not left out, but a counter may still warn about it.
    if (flops === 0 && !(always && how === 'unknown')) return [];
    return [
      {
        what: hooks.trace && !name.includes('::') ? `aten::${name}` : name,
        nodes: 1,
        elements: writes,
        how,
        warning: null,
      },
    ];
  });
}

/** Hooks on modules can warn about modules only. */
function withWarning({ warns, hooks }: Counter, left: UncountedOp): UncountedOp {
  const { what, nodes, how } = left;
  if (!warns || how === 'free') return left;
  if (hooks.trace) return { ...left, warning: warns.text(what, nodes) };
  return isModule(what) ? { ...left, warning: warns.text(what.replace('nn.', ''), nodes) } : left;
}

const isModule = (what: string): boolean => /^(nn\.)?[A-Z]\w+$/.test(what);

function gather<T>(map: Map<string, T>, key: string, entry: T, add: (a: T, b: T) => T): void {
  const known = map.get(key);
  map.set(key, known === undefined ? entry : add(known, entry));
}

const addItem = (a: CountedItem, b: CountedItem): CountedItem => ({
  ...a,
  nodes: a.nodes + b.nodes,
  elements: exact(a.elements + b.elements),
  operations: exact(a.operations + b.operations),
  difference: a.difference + b.difference,
});
const addUncounted = (a: UncountedOp, b: UncountedOp): UncountedOp => ({
  ...a,
  nodes: a.nodes + b.nodes,
  elements: exact(a.elements + b.elements),
});
const addHidden = (a: HiddenDifference, b: HiddenDifference): HiddenDifference => ({
  ...a,
  nodes: a.nodes + b.nodes,
  operations: a.operations + b.operations,
});
