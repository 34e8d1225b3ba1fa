// Makes a model of a graph: its ops are applied to an image of any size. It has no fields.

import { Builder } from '../../builder.js';
import type { Graph } from '../../graph.js';
import { isNumber } from '../../dim/dim.js';
import { InputError, locate } from '../../inputError.js';
import type { Model } from '../../model.js';
import { showShape, type Shape } from '../../shape.js';
import { Problems, type Path } from '../../document/problem.js';
import { graphFromJson } from './readGraph.js';
import { readDocument } from '../../document/document.js';
import { WORDING } from '../../document/header.js';
import { countable } from '../countable.js';

/** @throws InputError, with file, line and column */
export function graphModel(data: unknown, text: string, fileName: string): Model {
  const place = placer(text, fileName);
  try {
    const graph = graphFromJson(data);
    const input = imageOf(graph);
    return {
      name: graph.name,
      source: 'config',
      input,
      fields: {},
      config: {},
      fieldAt: () => undefined,
      build: (shape) => rebuilt(graph, shape, place),
    };
  } catch (error) {
    throw error instanceof Problems ? locate(error, place(error.problems[0]!.path)) : error;
  }
}

/** @throws Problems unless the graph has one image of numbers */
function imageOf({ inputs }: Graph): readonly [number, number, number] {
  const [, c, h, w] = inputs[0]!.shape;
  const sides = [c, h, w].filter((side) => side !== undefined && isNumber(side));
  if (inputs.length === 1 && inputs[0]!.shape.length === 4 && sides.length === 3)
    return sides as [number, number, number];
  const shapes = inputs.map(({ shape }) => showShape(shape)).join(', ');
  throw new Problems([
    { message: `a model needs one input [N, C, H, W] of numbers, this graph has ${shapes}`, path: ['inputs'] },
  ]);
}

function rebuilt(graph: Graph, shape: Shape, place: (path: Path) => string): Graph {
  const net = Builder.start();
  const input = net.input(shape, graph.inputs[0]!.name);
  const values = new Map([[input.name, input]]);
  for (const [i, { name, op, attributes, inputs, stage, block, tensors }] of graph.nodes.entries()) {
    try {
      const sources = inputs.map((source) => values.get(source)!);
      values.set(name, net.at('', { stage, block }).apply(op, name, sources, attributes, tensors));
    } catch (error) {
      const field = error instanceof InputError ? error.field : undefined;
      throw locate(error, place(['nodes', i, 'attributes', ...(field === undefined ? [] : [field])]));
    }
  }
  const made = net.finish(
    graph.name,
    graph.outputs.map((output) => values.get(output)!),
  );
  try {
    return countable(made);
  } catch (error) {
    throw locate(error, place([]));
  }
}

/** Lines are computed only for an error. A graph may be longer than a config. */
function placer(text: string, fileName: string): (path: Path) => string {
  return (path) => {
    try {
      return readDocument(text, fileName, WORDING).place(path);
    } catch (error) {
      if (error instanceof InputError) return `${fileName}:1:1`;
      throw error;
    }
  };
}
