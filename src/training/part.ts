// Finds the layers that a name means: a stage, a block, a layer, or a path above layers.

import type { Graph, Node } from '../graph.js';
import { InputError } from '../inputError.js';
import { likely } from '../nearest.js';

/**
 * Names of the nodes that `name` means: those of a stage, else of a block, else the node itself and
 * all below its path.
 * @throws InputError where there are none, or a block of that name is in several stages
 */
export function nodesNamed({ name: model, nodes }: Graph, name: string): ReadonlySet<string> {
  for (const matches of [inStage, inBlock, below]) {
    const found = nodes.filter((node) => matches(node, name));
    if (found.length === 0) continue;
    const stages = new Set(found.map(({ stage }) => stage));
    if (matches === inBlock && stages.size > 1)
      throw new InputError(
        `"${name}" is a block in several stages of ${model}: give the path of its layers, as in ${pathTo(found[0]!, name)}`,
      );
    return new Set(found.map((node) => node.name));
  }
  const known = [...new Set(nodes.flatMap(({ stage, block }) => [stage, block]).filter((part) => part !== ''))];
  const meant = likely(name, known);
  throw new InputError(
    `${model} has no stage, block or layer "${name}"${meant.length > 0 ? `: did you mean ${meant.join(', ')}?` : ''}`,
  );
}

const inStage = ({ stage }: Node, name: string): boolean => name !== '' && stage === name;
const inBlock = ({ block }: Node, name: string): boolean => name !== '' && block === name;
const below = (node: Node, name: string): boolean =>
  node.name === name || node.name.startsWith(`${name}.`) || node.name.startsWith(`${name}/`);

function pathTo(node: Node, block: string): string {
  const at = node.name.indexOf(block);
  return at < 0 ? node.name : node.name.slice(0, at + block.length);
}
