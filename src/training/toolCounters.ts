// Counters of other tools as they count a training step: DeepSpeed in train mode, and calflops.

import { rule, type Counter, type Rules } from '../counters/counter.js';
import type { Executed } from '../counters/executed.js';
import { deepspeedText } from '../counters/printed.js';
import * as q from '../counters/quantity.js';
import { COUNTERS } from '../counters/table.js';

const DEEPSPEED = COUNTERS.find(({ name }) => name === 'deepspeed')!;

const changed = (counter: Counter, functions: Rules, more: Partial<Counter>): Counter => ({
  ...counter,
  hooks: { ...counter.hooks, functions: { ...counter.hooks.functions, ...functions } },
  ...more,
});

/** Norms with a learnable scale and shift, and without. */
const inTraining = ({ params }: Executed): number => (params > 0 ? 5 : 4);

/** profiler.py, _batch_norm_flops_compute: F.batch_norm is called with training=True. */
export const DEEPSPEED_TRAINED = changed(
  DEEPSPEED,
  { 'F.batch_norm': [rule(inTraining, q.normElements)] },
  { says: 'It counts batch norms with 5 operations for each element, since they are in train mode.' },
);

const NO_RULES: Rules = Object.fromEntries(
  // It patches torch.matmul, and neither the operator @ nor torch.mm, torch.bmm and attention.
  ['x @ y', 'torch.mm', 'torch.bmm', 'F.scaled_dot_product_attention'].map((name) => [name, []]),
);

/** calflops, pytorch_ops.py: DeepSpeed's rules, of which it has fewer. It calls model.eval(). */
export const CALFLOPS_FLOPS = changed(
  DEEPSPEED,
  { ...NO_RULES, 'F.interpolate': [rule(1, q.inputs('element that is upsampled'))] },
  { name: 'calflops-flops', title: 'calflops FLOPs', print: (total) => `${deepspeedText(total)}FLOPS` },
);

const DEEPSPEED_MACS = COUNTERS.find(({ name }) => name === 'deepspeed-macs')!;

export const CALFLOPS_MACS = changed(DEEPSPEED_MACS, NO_RULES, { name: 'calflops', title: 'calflops MACs' });
