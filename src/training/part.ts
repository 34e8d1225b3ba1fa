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

/** A layer's own name may contain "..", so every position of it is tried. */
function between({ nodes }: Graph, name: string): ReadonlySet<string> | undefined {
  const indexOf = (layer: string): number =>
    nodes.findIndex((node) => node.name === layer || `${node.name}.dropout` === layer);
  for (let at = name.indexOf(RANGE); at >= 0; at = name.indexOf(RANGE, at + 1)) {
    const [first, last] = [indexOf(name.slice(0, at)), indexOf(name.slice(at + RANGE.length))];
    if (first >= 0 && first <= last) return new Set(nodes.slice(first, last + 1).map((node) => node.name));
  }
  return undefined;
}
