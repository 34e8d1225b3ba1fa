// What each counter prints for a network, explained op by op from our multiply-adds.

import { inputSizeOf, type InputSize } from '../inputSize.js';
import { exact } from '../dim/dim.js';
import type { ImageSize } from '../families/family.js';
import type { Folding, Graph, Omission } from '../graph.js';
import { located } from '../inputError.js';
import { graphOf, type Model } from '../model.js';
import type { Source } from '../profile.js';
import { count, ownOf, type Count } from './count.js';
import type { Counter } from './counter.js';
import { executed, type Executed } from './executed.js';
import { implementationOf, type Implementation } from './implementation.js';
import { COUNTERS } from './table.js';
import { unfolded } from './unfolded.js';

/** What flopscope itself counts, which the counters are compared with. */
export interface OwnCounts {
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
  /** What it counts, in a few words and in one sentence, with the source. */
  readonly brief: string;
  readonly rule: string;
  readonly source: string;
  /** It makes its own input, so its total is for one image whatever the batch. */
  readonly oneImage: boolean;
  /**
   * total - our multiply-adds (or activations) of the same images: the sum of its items'
   * differences.
   */
  readonly difference: number;
  /** The flag that makes it say what it leaves out; null where it needs none or never says. */
  readonly warnsWith: string | null;
}

/** A network, and what each counter makes of it. */
export interface Counting extends OwnCounts {
  readonly counters: readonly Counted[];
}

/**
 * The network before batch norms were folded into its convolutions, as far as the file shows that
 * they were.
 */
export interface Unfolding extends Counting {
  readonly evidence: Folding['evidence'];
  /** How many convolutions have a norm back in place of their bias. */
  readonly convolutions: number;
}

export interface Reconciliation extends Counting {
  readonly schema: 'flopscope.reconcile/1';
  readonly model: string;
  readonly source: Source;
  readonly input: InputSize;
  /** The implementation that is assumed to run the network. */
  readonly implementation: { readonly name: string; readonly about: string };
  /**
   * What the tools would have said of the network that was written to the file: only where its
   * norms are folded, or may be.
   */
  readonly unfolded?: Unfolding;
  /** Only where the graph leaves something out: then every total is a lower bound. */
  readonly lowerBound?: Omission;
}

/**
 * @param n images in a batch, by default those of the file; counters that make their own input of
 * one image keep to that
 * @param input [C, H, W]
 * @throws InputError when the model does not admit the input, or a count passes 2^53
 */
export function reconcile(model: Model, n = model.batch ?? 1, input: ImageSize = model.input): Reconciliation {
  const batch = graphOf(model, n, input);
  // A file that was exported for a batch is what every tool is given.
  const one = n === 1 || n === model.batch ? batch : graphOf(model, 1, input);
  const implementation = implementationOf(model);
  const counted = (change: (graph: Graph) => Graph): Counting => {
    const all = networkIn(change(batch), implementation);
    return counting(model.name, n, all, one === batch ? all : networkIn(change(one), implementation));
  };
  const { folding, omitted } = batch;
  return {
    schema: 'flopscope.reconcile/1',
    model: model.name,
    source: model.source,
    input: inputSizeOf(batch, batch.inputs[0]!.shape as readonly number[]),
    ...counted((graph) => graph),
    implementation: { name: implementation.name, about: implementation.about },
    ...(folding
      ? {
          unfolded: {
            ...{ evidence: folding.evidence, convolutions: folding.convolutions.length },
            ...counted(unfolded),
          },
        }
      : {}),
    ...(omitted ? { lowerBound: omitted } : {}),
  };
}

function counting(name: string, n: number, batch: Network, one: Network): Counting {
  return {
    ...batch.own,
    // A counter may pass 2^53 where the network itself does not.
    counters: COUNTERS.map((counter) => located(`${counter.title} of ${name}`, () => counted(counter, n, batch, one))),
  };
}

function counted(counter: Counter, n: number, batch: Network, one: Network): Counted {
  const { own, nodes } = counter.oneImage ? one : batch;
  const found = count(counter, nodes);
  return {
    counter: counter.name,
    title: counter.title,
    measures: counter.measures,
    // A batch that the file fixes is what every tool is given.
    oneImage: counter.oneImage === true && (one !== batch || n === 1),
    printed: counter.print(found.total),
    difference: found.total - ownOf(counter.measures, own),
    brief: counter.brief,
    rule: counter.says,
    source: counter.source,
    warnsWith: counter.warns?.when ?? null,
    ...found,
  };
}

export interface Network {
  readonly own: OwnCounts;
  readonly nodes: readonly Executed[];
}

/**
 * Our own counts of a graph, and its nodes as counters see them.
 * @throws InputError when a count passes 2^53
 */
export function networkIn(graph: Graph, implementation: Implementation): Network {
  const nodes = executed(graph, implementation);
  const sum = (pick: (node: Executed) => number): number => nodes.reduce((all, node) => exact(all + pick(node)), 0);
  const own = {
    params: sum(({ ownParams }) => ownParams),
    multAdds: sum(({ multAdds }) => multAdds),
    activations: sum(({ activations }) => activations),
    flops: sum(({ flops }) => flops),
  };
  return { own, nodes };
}
