// What a recurrent layer keeps, and the multiply-adds of its gradients.

import type { ShapedNode } from '../cost.js';
import { add, mul, product, type Dim } from '../dim/dim.js';
import { elements, type Shape } from '../shape.js';
import { input, output, own, rule } from './rule.js';

/** Steps x images. */
const runs = ({ inputs }: ShapedNode): Dim => product(inputs[0]!.slice(0, 2));

/**
 * Gates of every step, and the cell of an LSTM: what their formulas need at least. A kernel's own
 * reserve may be larger.
 */
function states(shapedNode: ShapedNode): Dim {
  const { kind, hidden, directions } = shapedNode.node.attributes;
  const tensors = { lstm: 5, gru: 3, simple: 1 }[kind as 'lstm' | 'gru' | 'simple'];
  return product([runs(shapedNode), hidden as Dim, directions as Dim, tensors]);
}

/** Also where the input has no gradient, that of the state goes back through its weights. */
export const recurrent = rule([input, output, own('intermediate', 'value', states)], {
  precision: 'half',
  inputMultAdds(shapedNode, multAdds, wanted) {
    if (wanted[0]) return multAdds;
    const { hiddenWeight, projectionWeight } = shapedNode.params as Record<string, Shape | undefined>;
    const read = [hiddenWeight, projectionWeight].map((shape) => (shape ? elements(shape) : 0));
    return mul(runs(shapedNode), read.reduce(add));
  },
});
