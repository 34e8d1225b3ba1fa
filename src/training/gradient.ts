// The backward pass of one step: multiply-adds of each gradient, elements read and written.

import { countsOf } from '../cost.js';
import { add, equal, mul, total, type Dim } from '../dim/dim.js';
import { show } from '../dim/text.js';
import { weightElements } from './rule.js';
import type { ForwardStep, Tape } from './tape.js';

export interface Backward {
  /** Multiply-adds of the gradients of its inputs, and of its weights. */
  readonly inputMultAdds: Dim;
  readonly weightMultAdds: Dim;
  /** Forward multiply-adds that its backward kernel computes again. */
  readonly recomputedMultAdds: Dim;
  /** Elements. */
  readonly memoryAccess: Dim;
}

/** @param sums how many sums the gradient of the step's output takes */
export function backwardOf(step: ForwardStep, sums: number): Backward {
  const { gradients, shapedNode, rule } = step;
  const forward = step.op === 'dropout' ? 0 : countsOf(shapedNode).multAdds;
  const wanted = gradients.inputs.filter(Boolean).length;
  return {
    inputMultAdds: rule.inputMultAdds?.(shapedNode, forward, gradients.inputs) ?? mul(forward, wanted),
    weightMultAdds: gradients.weights ? forward : 0,
    recomputedMultAdds: wanted > 0 ? (rule.recomputedMultAdds?.() ?? 0) : 0,
    memoryAccess: add(
      wanted > 0 || gradients.weights ? moved(step) : 0,
      sums === 0 ? 0 : mul(shapedNode.writes, 3 * sums),
    ),
  };
}

function moved(step: ForwardStep): Dim {
  const { shapedNode, gradients, rule } = step;
  const { reads, writes } = shapedNode;
  const weights = weightElements(shapedNode);
  const wanted = reads.flatMap((elements, index) => (gradients.inputs[index] ? [{ elements, index }] : []));
  /** All operands but one. */
  const others = (index: number): Dim => total(reads.filter((_, i) => i !== index));
  const summed = ({ elements }: { elements: Dim }): Dim => (equal(elements, writes) ? 0 : add(writes, elements));
  switch (rule.moves) {
    case 'pass':
      return 0;
    case 'sum':
    case 'difference': {
      const negated = rule.moves === 'difference' && gradients.inputs[1] ? mul(writes, 2) : 0;
      const learnt = gradients.weights ? add(writes, weights) : 0;
      return total([...wanted.map(summed), negated, learnt]);
    }
    case 'copy':
      return mul(writes, 2);
    case 'crop':
      return mul(reads[0]!, 2);
    case 'scatter':
      return add(reads[0]!, mul(writes, 2));
    case 'products':
      return total([
        ...wanted.map(({ elements, index }) => total([writes, others(index), weights, elements])),
        gradients.weights ? total([writes, total(reads), weights]) : 0,
      ]);
    case 'factors':
      return total(wanted.map((operand) => total([mul(writes, 2), others(operand.index), summed(operand)])));
    case 'compute': {
      const kept = step.keeps.map(({ elements }) => elements);
      const written = wanted.map(({ elements }) => elements);
      return total([writes, weights, gradients.weights ? weights : 0, ...kept, ...written]);
    }
  }
}

/**
 * The number of additions for the gradient of each step's output: one less than the gradients that
 * reach it. The parts of a split count as one gradient of its input.
 */
export function gradientSums({ graph, steps }: Tape): ReadonlyMap<string, number> {
  const reached = new Map<string, Set<string>>();
  const reach = (value: string, from: string): void => {
    const known = reached.get(value) ?? new Set();
    reached.set(value, known.add(from));
  };
  for (const { inputs, gradients, op, shapedNode, name } of steps)
    for (const [index, input] of inputs.entries())
      if (gradients.inputs[index])
        reach(
          input,
          op === 'split'
            ? `split ${(shapedNode.node.attributes['sizes'] as readonly Dim[]).map(show).join()}`
            : `${name} ${index}`,
        );
  for (const [index, output] of graph.outputs.entries()) if (reached.has(output)) reach(output, `output ${index}`);
  return new Map([...reached].map(([value, { size }]) => [value, size - 1]));
}
