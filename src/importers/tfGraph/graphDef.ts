// A GraphDef before functions are inlined: nodes by name, and the functions that they call.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { Attributes } from './attribute.js';

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** "node", "node:1", "node:output:0" or "^node", as in the file. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}

export interface FunctionDef {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: ReadonlyMap<string, NodeDef>;
  /** For each output the reference that gives it. */
  readonly returns: ReadonlyMap<string, string>;
}

export interface GraphDef {
  readonly nodes: ReadonlyMap<string, NodeDef>;
  readonly functions: ReadonlyMap<string, FunctionDef>;
}

const MOST_NODES = 500_000;

/** @throws InputError for two nodes of one name, or for more nodes than any network has */
export function nodesByName(nodes: readonly NodeDef[], known = 0): ReadonlyMap<string, NodeDef> {
  if (known + nodes.length > MOST_NODES)
    throw new InputError(`its graph has more than ${MOST_NODES} nodes, which no network has`);
  const byName = new Map<string, NodeDef>();
  for (const node of nodes) {
    if (byName.has(node.name)) throw new InputError(`two of its nodes have the name ${shown(node.name)}`);
    byName.set(node.name, node);
  }
  return byName;
}
