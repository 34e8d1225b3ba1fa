// Finds the layers that a name selects: a stage, a block, the rest of a stage, a path or a range.

import type { Graph, Node } from '../graph.js';
import { InputError } from '../inputError.js';
import { likely } from '../nearest.js';

/** Between the first and the last layer of a range. */
export const RANGE = '..';

/**
 * Names of the nodes that `name` selects. It is tried as a stage, as a block, as STAGE/BLOCK, as
 * STAGE/rest (what the stage has outside of its blocks), as a layer or the path above layers, and
 * as FIRST..LAST, all layers from one to another.
 * @throws InputError where there are none, or a block of that name is in several stages
 */
export function nodesNamed(graph: Graph, name: string): ReadonlySet<string> {
  const { name: model, nodes } = graph;
  for (const matches of [inStage, inBlock, inBlockOfStage, besideBlocks, below]) {
    const found = nodes.filter((node) => matches(node, name));
    if (found.length === 0) continue;
    const stages = [...new Set(found.map(({ stage }) => stage))];
    if (matches === inBlock && stages.length > 1)
      throw new InputError(
        `"${name}" is a block in several stages of ${model}: name its stage too, as in ${stages.find(Boolean)!}/${name}`,
      );
    return new Set(found.map((node) => node.name));
  }
  const range = between(graph, name);
  if (range) return range;
  const backwards = reversed(graph, name);
  if (backwards)
    throw new InputError(
      `${model}: "${name}" ends before it begins; write ${backwards} for the layers from one to the other`,
    );
  const known = [...new Set(nodes.flatMap(({ stage, block }) => [stage, block]).filter((part) => part !== ''))];
  const meant = likely(name, known);
  throw new InputError(
    `${model} has no stage, block or layer "${name}"${meant.length > 0 ? `: did you mean ${meant.join(', ')}?` : ''}`,
  );
}

const inStage = ({ stage }: Node, name: string): boolean => name !== '' && stage === name;
const inBlock = ({ block }: Node, name: string): boolean => name !== '' && block === name;
const inBlockOfStage = ({ stage, block }: Node, name: string): boolean =>
  stage !== '' && block !== '' && name === `${stage}/${block}`;
const besideBlocks = ({ stage, block }: Node, name: string): boolean =>
  stage !== '' && block === '' && name === `${stage}/rest`;
const below = (node: Node, name: string): boolean =>
  node.name === name || node.name.startsWith(`${name}.`) || node.name.startsWith(`${name}/`);

function between(graph: Graph, name: string): ReadonlySet<string> | undefined {
  const found = endsOf(graph, name).find(({ first, last }) => first <= last);
  return found && new Set(graph.nodes.slice(found.first, found.last + 1).map((node) => node.name));
}

/** The range as it should be written; undefined where the name is no range from a later layer. */
function reversed(graph: Graph, name: string): string | undefined {
  const [ends] = endsOf(graph, name);
  return ends && `${graph.nodes[ends.last]!.name}${RANGE}${graph.nodes[ends.first]!.name}`;
}

/** Places of the first and last layer that a range names. A layer's own name may contain "..". */
function endsOf({ nodes }: Graph, name: string): readonly { readonly first: number; readonly last: number }[] {
  const indexOf = (layer: string): number =>
    nodes.findIndex((node) => node.name === layer || `${node.name}.dropout` === layer);
  const found: { first: number; last: number }[] = [];
  for (let at = name.indexOf(RANGE); at >= 0; at = name.indexOf(RANGE, at + 1)) {
    const [first, last] = [indexOf(name.slice(0, at)), indexOf(name.slice(at + RANGE.length))];
    if (first >= 0 && last >= 0) found.push({ first, last });
  }
  return found;
}
