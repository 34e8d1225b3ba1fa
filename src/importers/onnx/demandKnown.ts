// Which ops of a file are not known? All of them in one sentence: those that have no row, and those that are only worked out on constants.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { graphsOf } from './branches.js';
import { SHAPE_ALONE } from './fold/rows.js';
import { fullOp, isKnown, isFoldedOnly } from './known.js';
import type { OnnxGraph, OnnxNode } from './messages.js';
import { titleOf } from './title.js';
import { REMEDY } from './uncounted.js';

const MOST_LISTED = 12;

/** @throws InputError listing every op that is not known, with the number of its nodes and the name of one */
export function demandKnown(graph: Pick<OnnxGraph, 'node' | 'input' | 'initializer'>): void {
  const unknown = new Map<string, OnnxNode[]>();
  const add = (op: string, node: OnnxNode): void => {
    const all = unknown.get(op);
    if (all) all.push(node);
    else unknown.set(op, [node]);
  };
  const computed = computedFromInputs(graph);
  for (const node of graph.node) {
    if (!isKnown(node)) add(shown(fullOp(node)).slice(1, -1), node);
    else if (isFoldedOnly(node) && node.input.some((name) => computed.has(name)))
      add(`${node.opType} on what the network computes`, node);
  }
  if (unknown.size === 0) return;
  const listed = [...unknown].map(([op, all]) => `${op} (${all.length}x, first ${titleOf(all[0]!)})`);
  // All of them at once; past a screenful by their names alone.
  const rest = [...unknown.keys()].slice(MOST_LISTED);
  throw new InputError(
    `it has ops that flopscope does not know: ${[...listed.slice(0, MOST_LISTED), ...rest].join(', ')}; ${REMEDY}`,
  );
}

/** Values whose numbers depend on what a file is given: shapes are not among them. */
function computedFromInputs({ node, input, initializer }: Parameters<typeof demandKnown>[0]): ReadonlySet<string> {
  const stored = new Set(initializer.map(({ name = '' }) => name));
  const computed = new Set(input.flatMap(({ name = '' }) => (stored.has(name) ? [] : [name])));
  follow(node, computed);
  return computed;
}

/** Adds what the nodes make of computed values, in the order of the file. */
function follow(nodes: readonly OnnxNode[], computed: Set<string>): void {
  for (const node of nodes) {
    if (SHAPE_ALONE.has(node.opType ?? '')) continue;
    const graphs = graphsOf(node);
    for (const graph of graphs) follow(graph.node, computed);
    // What a branch reads is not yet what it gives.
    const made = node.output.filter((_, i) =>
      graphs.length > 0
        ? graphs.some(({ output }) => computed.has(output[i]?.name ?? ''))
        : node.input.some((name) => computed.has(name)),
    );
    for (const name of made) computed.add(name);
  }
}
