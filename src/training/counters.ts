// What other tools print for forward and backward together, and what is mistaken in it.

import { exact, isNumber, type Dim } from '../dim/dim.js';
import { evaluate } from '../dim/evaluate.js';
import type { Counting } from '../counters/reconcile.js';
import { deepspeedText, torchText } from '../counters/printed.js';
import { backwardOf } from './gradient.js';
import type { Tape } from './tape.js';

/** One tool's count of a training step. */
export interface TrainingCounted {
  readonly counter: string;
  readonly title: string;
  readonly forward: number;
  readonly backward: number;
  readonly total: number;
  /** As the tool itself would write the total. */
  readonly printed: string;
  /**
   * backward - 2 for each multiply-add of our backward pass, or 1 where the tool counts
   * multiply-adds.
   */
  readonly difference: number;
  readonly rule: string;
  /** What is wrong in it for this network; absent where nothing is. */
  readonly mistake?: string;
  readonly source: string;
}

const GROUPS =
  "PyTorch 2.13 multiplies the weights' gradient of a grouped convolution by its groups: conv_backward_flop takes the shapes of a convolution without groups.";
const ATTENTION_ON_CPU =
  'These are the figures on CUDA: on a CPU it counts nothing for attention in one kernel, forward and backward, because it has no formula of _scaled_dot_product_flash_attention_for_cpu.';

/** @param counting what the same tools say of the forward pass */
export function trainingCounters(tape: Tape, { counters, multAdds }: Counting): readonly TrainingCounted[] {
  const { backward, grouped, attention } = products(tape);
  const totalOf = (name: string): number => counters.find(({ counter }) => counter === name)!.total;
  const row = (
    counter: string,
    title: string,
    forward: number,
    back: number,
    own: number,
    print: (total: number) => string,
    more: Pick<TrainingCounted, 'rule' | 'mistake' | 'source'>,
  ): TrainingCounted => {
    const total = exact(forward + back);
    return { counter, title, forward, backward: back, total, printed: print(total), difference: back - own, ...more };
  };
  const operations = exact(2 * backward);
  const deepspeed = totalOf('deepspeed');
  return [
    row(
      'torch',
      'torch flop_counter',
      totalOf('torch'),
      exact(2 * (backward + grouped + attention)),
      operations,
      torchText,
      {
        rule: [
          "It counts 2 for each multiply-add of every gradient that is made, none for the first layer's input.",
          ...(attention > 0
            ? [
                'Of attention in one kernel it counts five products: four of gradients, and q k^T, which is computed again.',
              ]
            : []),
        ].join(' '),
        ...(grouped > 0 || attention > 0
          ? { mistake: [...(grouped > 0 ? [GROUPS] : []), ...(attention > 0 ? [ATTENTION_ON_CPU] : [])].join(' ') }
          : {}),
        source: `PyTorch 2.13: torch/utils/flop_counter.py, ${[
          ...(grouped > 0 || attention === 0 ? ['conv_backward_flop; issue 183405'] : []),
          ...(attention > 0 ? ['sdpa_backward_flop_count; issue 195460'] : []),
        ].join('; ')}`,
      },
    ),
    row('deepspeed', 'DeepSpeed flops', deepspeed, exact(2 * deepspeed), operations, deepspeedText, {
      rule: 'It takes twice its forward count for the backward pass, norms, activations and pools included.',
      mistake:
        'The first layer makes no gradient of the image, and frozen layers make none of their weights: all are counted.',
      source: 'DeepSpeed: profiling/flops_profiler/profiler.py, print_model_profile',
    }),
    row(
      'calflops',
      'calflops MACs',
      multAdds,
      exact(2 * multAdds),
      backward,
      (total) => `${deepspeedText(total)}MACs`,
      {
        rule: 'It multiplies the forward count by 1 + compute_bp_factor, which is 2 unless it is told otherwise (include_backPropagation=True).',
        mistake:
          'The first layer makes no gradient of the image, and frozen layers make none of their weights: all are counted.',
        source: 'calflops: flops_counter.py, calculate_flops',
      },
    ),
  ];
}

/**
 * Multiply-adds of the backward pass, those that torch adds for groups, and those that attention
 * computes again.
 */
function products({ steps }: Tape): {
  readonly backward: number;
  readonly grouped: number;
  readonly attention: number;
} {
  let [backward, grouped, attention] = [0, 0, 0];
  for (const step of steps) {
    const { inputMultAdds, weightMultAdds, recomputedMultAdds } = backwardOf(step, 0);
    const weights = number(weightMultAdds);
    backward = exact(backward + number(inputMultAdds) + weights);
    attention = exact(attention + number(recomputedMultAdds));
    const groups =
      step.rule.moves === 'products' ? (step.shapedNode.node.attributes['groups'] as Dim | undefined) : undefined;
    if (groups !== undefined) grouped = exact(grouped + weights * (number(groups) - 1));
  }
  return { backward, grouped, attention };
}

const number = (dim: Dim): number => (isNumber(dim) ? dim : evaluate(dim, {}));
