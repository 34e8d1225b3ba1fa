// The text of a box: its convolutions with their kernels where they are few, else a count of each.

import type { Pair } from '../../fields.js';
import type { Node } from '../../graph.js';
import { opOf } from '../../ops/table.js';

const MOST = 5;

/**
 * "conv 1x1, conv 3x3 /2, conv 1x1, add"; "25 conv, 24 concat". Norms, activations and views are
 * left out where there are other ops.
 */
export function summary(nodes: readonly Node[]): string {
  const working = nodes.filter(works);
  const shown = working.length > 0 ? working : nodes;
  if (shown.length <= MOST) return shown.map(described).join(', ');
  const counts = new Map<string, number>();
  for (const { op } of shown) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts].map(([op, count]) => `${count} ${op}`).join(', ');
}

/** All but norms, activations and views: ops that are elementwise on one input or move no data. */
const works = ({ op, inputs }: Node): boolean => {
  const { traffic } = opOf(op);
  return traffic !== 'view' && !(traffic === 'elementwise' && inputs.length === 1);
};

function described({ op, attributes }: Node): string {
  const { kernel, stride, groups } = attributes as { kernel?: Pair; stride?: Pair; groups?: unknown };
  const window = kernel ? ` ${kernel.join('x')}` : '';
  const step =
    stride && (stride[0] > 1 || stride[1] > 1) ? ` /${stride[0] === stride[1] ? stride[0] : stride.join('x')}` : '';
  const parts = op === 'conv' && typeof groups === 'number' && groups > 1 ? `, ${groups} groups` : '';
  return `${op}${window}${step}${parts}`;
}
