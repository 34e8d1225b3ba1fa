// The figures that other tools print for a training step, and the mistakes in them.

import { exact, type Dim } from '../dim/dim.js';
import { numberOf } from '../dim/evaluate.js';
import { shownCall } from '../counters/call.js';
import { totalOf } from '../counters/count.js';
import type { Counter } from '../counters/counter.js';
import { executed, type Executed } from '../counters/executed.js';
import type { Implementation } from '../counters/implementation.js';
import { deepspeedText } from '../counters/printed.js';
import { COUNTERS } from '../counters/table.js';
import { countsOf, shapedNodes } from '../cost.js';
import { counted } from '../plural.js';
import { backwardOf } from './gradient.js';
import type { Tape } from './tape.js';
import { CALFLOPS_FLOPS, CALFLOPS_MACS, DEEPSPEED_TRAINED } from './toolCounters.js';

/** One tool's count of a training step. */
export interface TrainingCounted {
  readonly counter: string;
  readonly title: string;
  readonly forward: number;
  readonly backward: number;
  readonly total: number;
  /** The total in the tool's own format. */
  readonly printed: string;
  /**
   * backward - 2 for each multiply-add of our backward pass, or 1 where the tool counts
   * multiply-adds.
   */
  readonly difference: number;
  readonly rule: string;
  /** What is wrong in the figure for this network; absent where nothing is. */
  readonly mistake?: string;
  readonly source: string;
}

const GROUPS =
  "PyTorch 2.13 multiplies the weights' gradient of a grouped convolution by its groups: conv_backward_flop takes the shapes of a convolution without groups.";
const ATTENTION_ON_CPU =
  'These are the figures on CUDA: on a CPU it counts nothing for attention in one kernel, forward and backward, because it has no formula of _scaled_dot_product_flash_attention_for_cpu.';

const TWICE =
  'The first layer makes no gradient of the image, and frozen layers make none of their weights: all are counted.';

const TORCH = COUNTERS.find(({ name }) => name === 'torch')!;

/**
 * What other tools print for a training step, each by its own rules.
 * @throws InputError when a size is not a number, or a count passes 2^53
 */
export function trainingCounters(tape: Tape, implementation: Implementation): readonly TrainingCounted[] {
  const nodes = executed(tape.graph, implementation);
  const unseen = (counter: Counter): readonly Executed[] =>
    nodes.filter((node) => node.multAdds > 0 && totalOf(counter, [node]) === 0);
  const { backward, seen, grouped, attention } = products(tape, nodesOf(tape, nodes, unseen(TORCH)));
  const row = (
    { name, title, print }: Counter,
    forward: number,
    back: number,
    own: number,
    more: Pick<TrainingCounted, 'rule' | 'mistake' | 'source'> & { readonly printed?: string },
  ): TrainingCounted => {
    const total = exact(forward + back);
    const { printed = print(total), ...others } = more;
    return { ...{ counter: name, title, forward, backward: back, total, printed }, difference: back - own, ...others };
  };
  const operations = exact(2 * backward);
  const twice = (counter: Counter, own: number, more: Parameters<typeof row>[4]): TrainingCounted => {
    const forward = totalOf(counter, nodes);
    const left = leftOutText(unseen(counter));
    const rule = left === '' ? more.rule : `${more.rule} ${left}`;
    return row(counter, forward, exact(2 * forward), own, { ...more, rule });
  };
  const deepspeed = totalOf(DEEPSPEED_TRAINED, nodes);
  const left = unseen(TORCH);
  const mistakes = [
    ...(grouped > 0 ? [GROUPS] : []),
    ...(attention > 0 ? [ATTENTION_ON_CPU] : []),
    ...(left.length > 0 ? [`${leftOutText(left)} Its gradients are left out too.`] : []),
  ];
  return [
    row(TORCH, totalOf(TORCH, nodes), exact(2 * (seen + grouped + attention)), operations, {
      rule: [
        "It counts 2 for each multiply-add of every gradient that is made, none for the first layer's input.",
        ...(attention > 0
          ? [
              'Of attention in one kernel it counts five products: four of gradients, and q k^T, which is computed again.',
            ]
          : []),
      ].join(' '),
      ...(mistakes.length > 0 ? { mistake: mistakes.join(' ') } : {}),
      source: `PyTorch 2.13: torch/utils/flop_counter.py, ${[
        ...(grouped > 0 || attention === 0 ? ['conv_backward_flop; issue 183405'] : []),
        ...(attention > 0 ? ['sdpa_backward_flop_count; issue 195460'] : []),
      ].join('; ')}`,
    }),
    twice(DEEPSPEED_TRAINED, operations, {
      printed: `fwd flops per GPU: ${deepspeedText(deepspeed)}`,
      rule: 'It takes twice its forward count for the backward pass, norms, activations and pools included; a batch norm counts 5 for each element, since it trains. It prints the forward count, and rates of 2 and of 3 times it.',
      mistake: TWICE,
      source: 'DeepSpeed: profiling/flops_profiler/profiler.py, print_model_profile, _batch_norm_flops_compute',
    }),
    twice(CALFLOPS_FLOPS, operations, {
      rule: "It multiplies its forward count, which is DeepSpeed's of eval mode, by 1 + compute_bp_factor, which is 2 unless it is told otherwise (include_backPropagation=True).",
      mistake: TWICE,
      source: 'calflops: flops_counter.py, calculate_flops; pytorch_ops.py',
    }),
    twice(CALFLOPS_MACS, backward, {
      rule: 'It multiplies the forward count by 1 + compute_bp_factor, which is 2 unless it is told otherwise (include_backPropagation=True).',
      mistake: TWICE,
      source: 'calflops: flops_counter.py, calculate_flops; pytorch_ops.py',
    }),
  ];
}

/** "It counts nothing for nn.LSTM (1 layer)." */
function leftOutText(nodes: readonly Executed[]): string {
  const calls = new Map<string, number>();
  for (const { call } of nodes) calls.set(shownCall(call), (calls.get(shownCall(call)) ?? 0) + 1);
  const names = [...calls].map(([name, times]) => `${name} (${counted(times, 'layer')})`);
  return names.length === 0 ? '' : `It counts nothing for ${names.join(', ')}: it has no rule for them.`;
}

/** Names of those nodes. */
function nodesOf({ graph }: Tape, all: readonly Executed[], some: readonly Executed[]): ReadonlySet<string> {
  const wanted = new Set(some);
  const names = [...shapedNodes(graph)].map(({ node }) => node.name);
  return new Set(names.filter((_, i) => wanted.has(all[i]!)));
}

/**
 * Multiply-adds of the backward pass, those of nodes that torch sees, those that it adds for
 * groups, and those that attention computes again.
 */
function products(
  { steps }: Tape,
  unseen: ReadonlySet<string>,
): {
  readonly backward: number;
  readonly seen: number;
  readonly grouped: number;
  readonly attention: number;
} {
  let [backward, seen, grouped, attention] = [0, 0, 0, 0];
  for (const step of steps) {
    const { inputMultAdds, weightMultAdds, recomputedMultAdds } = backwardOf(step, 0);
    const weights = numberOf(weightMultAdds);
    const own = exact(numberOf(inputMultAdds) + weights);
    backward = exact(backward + own);
    attention = exact(attention + numberOf(recomputedMultAdds));
    if (unseen.has(step.node)) continue;
    seen = exact(seen + own);
    const { node } = step.shapedNode;
    const groups = step.rule.moves === 'products' ? (node.attributes['groups'] as Dim | undefined) : undefined;
    // Weights that the network computes are the second input.
    const ofWeights =
      node.op === 'dynamicConv' && step.gradients.inputs[1] ? numberOf(countsOf(step.shapedNode).multAdds) : weights;
    if (groups !== undefined) grouped = exact(grouped + ofWeights * (numberOf(groups) - 1));
  }
  return { backward, seen, grouped, attention };
}
