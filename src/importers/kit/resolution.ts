// Stages by resolution, for networks whose file has no hierarchy.

import { isNumber } from '../../dim/dim.js';
import type { Graph, Node } from '../../graph.js';
import type { Shape } from '../../shape.js';

/**
 * `stride8` is every node with about an eighth of the image's rows, on the way down and on the way
 * up again. Vectors and maps of one place are in no stage.
 */
export function stagedByResolution(graph: Graph): Graph {
  const image = graph.inputs.find(({ shape }) => shape.length === 4);
  if (!image) return graph;
  const nodes = graph.nodes.map((node): Node => {
    const stage = stageOf(node.shape, image.shape);
    return stage === node.stage ? node : Object.freeze({ ...node, stage });
  });
  return Object.freeze({ ...graph, nodes: Object.freeze(nodes) });
}

/** Of the longer side, to the nearest power of two: 300 rows become 150, 75, 38, 19. */
function stageOf(shape: Shape, image: Shape): string {
  const sides = [shape[2], shape[3], image[2], image[3]];
  if (shape.length !== 4 || !sides.every((side) => side !== undefined && isNumber(side))) return '';
  const [h, w, height, width] = sides as [number, number, number, number];
  if (h * w === 1) return '';
  const ratio = h >= w ? height / h : width / w;
  return `stride${2 ** Math.max(0, Math.round(Math.log2(ratio)))}`;
}
