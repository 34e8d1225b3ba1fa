// A small graph that shows how an op is run: one node, or a few that may become one step.

import { Builder, type OpGiven } from '../../src/builder.js';
import type { Graph, Value } from '../../src/graph.js';
import type { OpName } from '../../src/ops/table.js';
import type { Shape } from '../../src/shape.js';

export interface OpCase {
  readonly op: OpName;
  readonly title: string;
  readonly graph: Graph;
}

/** A graph of one node. */
export function single<K extends OpName>(
  op: K,
  title: string,
  inputs: Shape | readonly Shape[],
  given?: OpGiven<K>,
): OpCase {
  const net = Builder.start();
  const shapes = (Array.isArray(inputs[0]) ? inputs : [inputs]) as readonly Shape[];
  const values = shapes.map((shape, i) => net.input(shape, `input${i}`));
  return { op, title: `${op}: ${title}`, graph: net.finish(title, net.apply(op, 'node', values, given)) };
}

/** A few nodes that may become one step. */
export function chain(
  op: OpName,
  title: string,
  shape: Shape,
  build: (net: Builder, x: Value) => Value | Value[],
): OpCase {
  const net = Builder.start();
  return { op, title: `${op}: ${title}`, graph: net.finish(title, build(net, net.input(shape))) };
}
