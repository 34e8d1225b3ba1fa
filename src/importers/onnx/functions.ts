// Replaces calls of a file's own functions by the nodes of their bodies, under new names.

import { InputError } from '../../inputError.js';
import { renamed, innerNodes } from './branches.js';
import type { Message, OnnxAttribute, OnnxModel, OnnxNode } from './messages.js';
import { titleOf } from './title.js';

type OnnxFunction = Message<'Function'>;

/** A function that calls itself would never end. */
const DEEPEST = 32;

/**
 * The graph's nodes where every call is replaced by what it calls.
 * @throws InputError naming the call, for functions that call each other without end, or make more
 * than `most` nodes
 */
export function inlined({ graph, functions }: OnnxModel, most: number): readonly OnnxNode[] {
  const nodes = graph?.node ?? [];
  if (functions.length === 0) return nodes;
  const byName = new Map(functions.map((one) => [keyOf(one.domain, one.name), one]));
  const result: OnnxNode[] = [];
  // Calls and nodes of branches count, too: functions without nodes may still call each other
  // without end.
  let visited = 0;
  const add = (node: OnnxNode, depth: number): void => {
    visited += innerNodes([node]).length;
    if (visited > most) throw new InputError(`${titleOf(node)} makes a graph of more than ${most} nodes`);
    const called = byName.get(keyOf(node.domain, node.opType));
    if (!called) result.push(node);
    else if (depth === DEEPEST)
      throw new InputError(`${titleOf(node)} calls functions that are nested more than ${DEEPEST} deep`);
    else for (const inner of bodyOf(called, node)) add(inner, depth + 1);
  };
  for (const node of nodes) add(node, 0);
  return result;
}

const keyOf = (domain = '', name = ''): string => JSON.stringify([domain, name]);

/** Inputs and outputs have the names that the call gives them, all else is the call's own. */
function bodyOf({ input, output, node, attributeProto }: OnnxFunction, call: OnnxNode): readonly OnnxNode[] {
  const owner = call.name === undefined || call.name === '' ? (call.output[0] ?? '') : call.name;
  const outside = new Map<string, string>([
    ...output.map((name, i) => [name, call.output[i] ?? ''] as const).filter(([, given]) => given !== ''),
    ...input.map((name, i) => [name, call.input[i] ?? ''] as const),
  ]);
  const named = (name: string): string => (name === '' ? '' : (outside.get(name) ?? `${owner}/${name}`));
  const given = new Map([...attributeProto, ...call.attribute].map((one) => [one.name ?? '', one]));
  return node.map((inner) => {
    const own = renamed(inner, named);
    const attribute = own.attribute.flatMap((one) => bound(one, given));
    return { ...own, name: `${owner}/${inner.name ?? ''}`, attribute };
  });
}

/**
 * An attribute of a function stands for one of its call; one that the call leaves out is left out
 * here too.
 */
function bound(attribute: OnnxAttribute, given: ReadonlyMap<string, OnnxAttribute>): readonly OnnxAttribute[] {
  if (attribute.refAttrName === undefined || attribute.refAttrName === '') return [attribute];
  const found = given.get(attribute.refAttrName);
  return found ? [{ ...found, name: attribute.name }] : [];
}
