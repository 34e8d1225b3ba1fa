// A finding: what one audit says of one network, as plain data.

import type { Graph } from '../graph.js';
import type { Profile } from '../profile.js';
import type { Trained } from './trained.js';
import type { LayerTimes, SavedTime } from './predictor.js';
import type { Timing } from './timing.js';

/** What an audit may look at. */
export interface Subject {
  /** The network that `profile` counts. */
  readonly graph: Graph;
  readonly profile: Profile;
  /** Only where `graph` has its norms folded (folding.ts): the network as it is written. */
  readonly written?: Subject;
  /** How it is trained; absent where only inference is asked about. */
  readonly training?: Trained;
  /** Times of its layers, measured or predicted; absent where only counts are known. */
  readonly timing?: Timing;
  /** What a changed network would save on the device of a predicted timing. */
  readonly savedTime?: SavedTime;
  /** What each layer of a changed network would take there. */
  readonly layerTimes?: LayerTimes;
}

/**
 * What the fix saves, against the network as it is. Counts are exact: a test builds the changed
 * network and counts it. A quantity that the fix does not change is absent; one that it raises is
 * negative.
 */
export interface Saving {
  readonly params?: number;
  readonly multAdds?: number;
  /** Elements, every op as an eager framework runs it. */
  readonly memoryAccessUnfused?: number;
  /** Elements, every op as an inference compiler runs it at best. */
  readonly memoryAccessFused?: number;
  /** Elements: the peak of live activations. */
  readonly peakActivations?: number;
  /** Ops that an eager framework launches. */
  readonly launches?: number;
  /** Bytes that autograd keeps for the backward pass. */
  readonly keptBytes?: number;
  /** Bytes of activations and their gradients at the peak of a training step. */
  readonly peakBytes?: number;
  /** Multiply-adds of a training step: forward, backward, and what runs again. */
  readonly stepMultAdds?: number;
  /** Elements that checkpoints read and write again in a training step. */
  readonly recomputedMemoryAccess?: number;
  /** The least and the most milliseconds of one inference; only where times are known. */
  readonly milliseconds?: readonly [least: number, most: number];
}

/** The findings of an audit, without its name and title. */
export interface AuditResult {
  /** One sentence with the figures of this network. */
  readonly evidence: string;
  /** The figures of the evidence, for machines: counts, or ratios where the name says so. */
  readonly figures: Readonly<Record<string, number>>;
  /** The names of the layers that it concerns, in order of execution. */
  readonly layers: readonly string[];
  /** One sentence: what to change. */
  readonly fix: string;
  readonly saves: Saving;
  /** The share of the network that it concerns, 0 to 1. */
  readonly share: number;
}

/** One rule of what makes a network cost more than it must. */
export interface Audit {
  /** A name for scripts: lower case, words joined by hyphens. */
  readonly id: string;
  /** One short sentence, without figures. */
  readonly title: string;
  /** The paper and equation, or the vendor's guide, that the rule comes from. */
  readonly source: string;
  /** Null where the network has no such finding. */
  readonly find: (subject: Subject) => AuditResult | null;
}

export interface Finding extends AuditResult {
  /** The share of its layers in the time of all layers, 0 to 1; only where times are known. */
  readonly timeShare?: number;
  readonly audit: string;
  readonly title: string;
  readonly source: string;
}
