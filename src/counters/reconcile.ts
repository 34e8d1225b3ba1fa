// What would every counter print for this network, and why? Each total is explained from our multiply-adds, op by op.

import { exact } from '../dim/dim.js';
import type { ImageSize } from '../families/family.js';
import { graphOf, type Model } from '../model.js';
import type { Source } from '../profile.js';
import { count, type Count } from './count.js';
import type { Counter } from './counter.js';
import { executed, type Executed } from './executed.js';
import { implementationOf } from './implementation.js';
import { COUNTERS } from './table.js';

/** What flopscope itself counts, which the counters are compared with. */
export interface Own {
  readonly params: number;
  readonly multAdds: number;
  readonly activations: number;
  /** Of the profile: 2 per multiply-add, 1 per element of everything else. */
  readonly flops: number;
}

export interface Counted extends Count {
  readonly counter: string;
  readonly title: string;
  readonly measures: Counter['measures'];
  /** As the tool itself would write it. */
  readonly printed: string;
  /** What it counts, in a few words and in one sentence, and where that stands. */
  readonly brief: string;
  readonly rule: string;
  readonly source: string;
  /** It makes its own input, so its total is for one image whatever the batch. */
  readonly oneImage: boolean;
  /** total - our multiply-adds (or activations) of the same images: the sum of its items' differences. */
  readonly difference: number;
  /** The flag that makes it say what it leaves out; null where it needs none or never says. */
  readonly warnsWith: string | null;
}

export interface Reconciliation extends Own {
  readonly schema: 'flopscope.reconcile/1';
  readonly model: string;
  readonly source: Source;
  readonly input: { readonly n: number; readonly c: number; readonly h: number; readonly w: number };
  /** Whose code is taken to run the network. */
  readonly implementation: { readonly name: string; readonly about: string };
  readonly counters: readonly Counted[];
}

/**
 * @param n images in a batch; counters that make their own input of one image keep to that
 * @param input [C, H, W]
 * @throws InputError when the model does not admit the input, or a count passes 2^53
 */
export function reconcile(model: Model, n = 1, input: ImageSize = model.input): Reconciliation {
  const [c, h, w] = input;
  const batch = networkOf(model, n, input);
  const one = n === 1 ? batch : networkOf(model, 1, input);
  const { name, about } = implementationOf(model);
  return {
    schema: 'flopscope.reconcile/1',
    model: model.name,
    source: model.source,
    input: { n, c, h, w },
    ...batch.own,
    implementation: { name, about },
    counters: COUNTERS.map((counter) => {
      const { own, nodes } = counter.oneImage ? one : batch;
      const counted = count(counter, nodes);
      return {
        counter: counter.name,
        title: counter.title,
        measures: counter.measures,
        oneImage: counter.oneImage ?? false,
        printed: counter.print(counted.total),
        difference: counted.total - (counter.measures === 'activations' ? own.activations : own.multAdds),
        brief: counter.brief,
        rule: counter.says,
        source: counter.source,
        warnsWith: counter.warns?.when ?? null,
        ...counted,
      };
    }),
  };
}

interface Network {
  readonly own: Own;
  readonly nodes: readonly Executed[];
}

/**
 * Our own counts of a model, and its nodes as counters see them.
 * @throws InputError when the model does not admit the input
 */
export function networkOf(model: Model, n: number, input: ImageSize): Network {
  const nodes = executed(graphOf(model, n, input), implementationOf(model));
  const sum = (pick: (node: Executed) => number): number => nodes.reduce((all, node) => exact(all + pick(node)), 0);
  const own = {
    params: sum(({ ownParams }) => ownParams),
    multAdds: sum(({ multAdds }) => multAdds),
    activations: sum(({ activations }) => activations),
    flops: sum(({ flops }) => flops),
  };
  return { own, nodes };
}
