// The cost of a training step of a network, layer by layer and in all.

import { inputSizeOf } from '../inputSize.js';
import { implementationOf, type Implementation } from '../counters/implementation.js';
import { countsOf } from '../cost.js';
import { numberOf } from '../dim/evaluate.js';
import { exact, total } from '../dim/dim.js';
import type { ImageSize } from '../families/family.js';
import type { Graph, Omission } from '../graph.js';
import { locate } from '../inputError.js';
import { graphOf, type Model } from '../model.js';
import type { Source } from '../profile.js';
import { keeping, segmentsOf, type Segment } from './checkpoint.js';
import { countsOfSteps, mapTraining, TRAINING_COUNTS, type TrainingCounts } from './counts.js';
import type { OptimizerName } from './optimizer.js';
import type { EvalModeCounts } from './evalMode.js';
import { fileNotes } from './fileNotes.js';
import type { FoldedNorms } from './foldedNorms.js';
import { counted } from '../plural.js';
import { nodesNamed } from './part.js';
import { peakOf, type Peak } from './peak.js';
import type { KeptKind } from './keptKinds.js';
import { tapeOf } from './recordTape.js';
import { bytesOf, countedBytes, SINGLE, type ForwardStep, type Tape } from './tape.js';

export interface TrainingOptions {
  /** Stages, blocks and layers whose parameters are not trained. */
  readonly freeze?: readonly string[];
  /** `stage`, `block`, `concat`, or names of stages, blocks and layers. */
  readonly checkpoint?: readonly string[];
  readonly optimizer?: OptimizerName;
  /** Autocast to half precision, as CUDA does it. */
  readonly amp?: boolean;
  /**
   * Whether activations overwrite their inputs where PyTorch can, in place of what the
   * implementation does; or the layers that do so beside those of the implementation.
   */
  readonly inPlace?: boolean | ReadonlySet<string>;
}

export interface TrainingLayer extends TrainingCounts<number> {
  readonly name: string;
  /** The layer of the network; for a dropout, the layer that reads its result. */
  readonly node: string;
  readonly stage: string;
  readonly block: string;
  readonly op: string;
  readonly multAdds: number;
  readonly trained: boolean;
  /** What autograd keeps for it, also where an earlier layer keeps the same storage. */
  readonly keeps: readonly KeptKind[];
}

export interface TrainingTotals extends TrainingCounts<number> {
  /** Of the forward pass. */
  readonly multAdds: number;
  /** Of the backward pass: `inputMultAdds` and `weightMultAdds`. */
  readonly backwardMultAdds: number;
  /** Of a whole step: forward, backward, and what runs again. */
  readonly stepMultAdds: number;
  /** Bytes kept, by kind. */
  readonly keptBytesOf: Readonly<Partial<Record<KeptKind, number>>>;
  readonly imageBytes: number;
  readonly params: number;
  readonly parameterBytes: number;
  /** The most that activations and their gradients take at one time. */
  readonly peak: Peak;
  /**
   * All memory at the time of the peak: images, parameters, their gradients, copies of weights, the
   * optimiser's state, and the peak itself.
   */
  readonly totalBytes: number;
}

/** How a set of checkpoints was found. */
export interface Searched {
  /** The largest peak that is allowed, in bytes. */
  readonly budget: number;
  /** What was searched: `stage`, `block`, `layer group` and `concat`, or names. */
  readonly of: readonly string[];
  /** Whether every set that recomputes less has a peak above the budget. */
  readonly proved: boolean;
  /** Multiply-adds that its checkpoints recompute. */
  readonly recomputedMultAdds: number;
  /** A lower bound for every set that fits; null where none is known. */
  readonly leastMultAdds: number | null;
  /** Names for `checkpoint` that give the same set. */
  readonly checkpoint: readonly string[];
}

export interface Training {
  readonly schema: 'flopscope.training/1';
  readonly model: string;
  readonly source: Source;
  readonly input: { readonly n: number; readonly c: number; readonly h: number; readonly w: number };
  readonly implementation: { readonly name: string; readonly about: string };
  readonly options: Required<Pick<TrainingOptions, 'freeze' | 'checkpoint' | 'optimizer' | 'amp'>>;
  /** What runs under a checkpoint, in order, by names that `checkpoint` and `freeze` take. */
  readonly segments: readonly string[];
  /** Only where the segments were searched for a memory budget. */
  readonly search?: Searched;
  readonly totals: TrainingTotals;
  readonly layers: readonly TrainingLayer[];
  readonly lowerBound?: Omission;
  /** Why bytes kept, peak and `totalBytes` are lower bounds; absent where they are exact. */
  readonly keptAtLeast?: string;
  /**
   * Layers with parameters that are not trained although no option freezes them: the file freezes
   * them, stops their gradient, or no output needs them. Absent where there are none.
   */
  readonly notTrained?: number;
  /** Only where the file has, or may have, its norms folded into convolutions. */
  readonly foldedNorms?: FoldedNorms;
  /**
   * Only where the file runs norms or dropouts in eval mode: how many count in train mode all the
   * same, and how many stay in eval mode.
   */
  readonly evalMode?: EvalModeCounts;
}

/**
 * @param n images in a batch
 * @param input [C, H, W]
 * @throws InputError when the model does not admit the input, a name means no layer, or a count
 * passes 2^53
 */
export function training(
  model: Model,
  options: TrainingOptions = {},
  n = model.batch ?? 1,
  input: ImageSize = model.input,
): Training {
  const tape = trainingTape(model, options, n, input);
  return trainingUnder(model, tape, segmentsOf(tape, options.checkpoint ?? []), options);
}

/**
 * The forward pass of a model step by step: what `segmentsOf`, `frontOf`, `bestWithin` and
 * `peakOf` read.
 * @throws InputError as `training` does
 */
export const trainingTape = (
  model: Model,
  options: TrainingOptions = {},
  n = model.batch ?? 1,
  input: ImageSize = model.input,
): Tape => tapeFrom(graphOf(model, n, input), implementationOf(model), options);

/** The same for a recorded tape and chosen checkpoints. */
export function trainingUnder(
  model: Model,
  tape: Tape,
  segments: readonly Segment[],
  { freeze = [], checkpoint = [], optimizer = 'sgd', amp = false }: TrainingOptions,
): Training {
  const { name, about } = implementationOf(model);
  const layers = layersOf(tape, segments, optimizer);
  return {
    schema: 'flopscope.training/1',
    model: model.name,
    source: model.source,
    input: inputSizeOf(tape.graph, tape.graph.inputs[0]!.shape.map(numberOf)),
    implementation: { name, about },
    options: { freeze, checkpoint, optimizer, amp },
    segments: segments.map((segment) => segment.name),
    totals: totalsOf(tape, segments, layers),
    layers,
    ...(tape.graph.omitted ? { lowerBound: tape.graph.omitted } : {}),
    ...keptAtLeast(tape),
    ...notTrained(tape, freeze),
    ...fileNotes(tape.graph, model.source),
  };
}

/** Why bytes kept are a lower bound; empty where they are exact. */
export function keptAtLeast({ steps, graph }: Tape): Pick<Training, 'keptAtLeast'> {
  const reason =
    steps.find(({ rule, keeps }) => rule.atLeast !== undefined && keeps.length > 0)?.rule.atLeast ??
    (graph.computedParameters === undefined
      ? undefined
      : `${counted(graph.computedParameters, 'call')} of the file ${graph.computedParameters === 1 ? 'computes' : 'compute'} ` +
        'with parameters alone, such as a standardised weight, and what is kept for that is left out');
  return reason === undefined ? {} : { keptAtLeast: reason };
}

function notTrained({ steps, graph }: Tape, freeze: readonly string[]): Pick<Training, 'notTrained'> {
  const named = new Set(freeze.flatMap((name) => [...nodesNamed(graph, name)]));
  const count = steps.filter(
    ({ gradients, shapedNode, node }) =>
      !gradients.weights && Object.keys(shapedNode.params).length > 0 && !named.has(node),
  ).length;
  return count === 0 ? {} : { notTrained: count };
}

/** The tape of a graph with some of its layers frozen. */
export const tapeFrom = (
  graph: Graph,
  implementation: Implementation,
  { freeze = [], amp = false, inPlace }: TrainingOptions,
): Tape =>
  tapeOf(graph, implementation, {
    frozen: new Set([...freeze.flatMap((name) => [...nodesNamed(graph, name)]), ...frozenInFile(graph)]),
    amp,
    ...(inPlace === undefined ? {} : { inPlace }),
  });

/** Layers none of whose stored tensors the file trains. */
const frozenInFile = ({ nodes }: Graph): readonly string[] =>
  nodes.flatMap(({ name, tensors = {} }) => {
    const stored = Object.values(tensors).flat();
    return stored.length > 0 && stored.every(({ frozen }) => frozen) ? [name] : [];
  });

function layersOf(tape: Tape, segments: readonly Segment[], optimizer: OptimizerName): readonly TrainingLayer[] {
  const counts = countsOfSteps(tape, segments, optimizer);
  return tape.steps.map((step, i) => {
    try {
      return layerOf(step, mapTraining(counts[i]!, numberOf));
    } catch (error) {
      throw locate(error, `node "${step.name}" (${step.op})`);
    }
  });
}

const layerOf = (step: ForwardStep, counts: TrainingCounts<number>): TrainingLayer => ({
  ...{ name: step.name, node: step.node, stage: step.stage, block: step.block, op: step.op },
  multAdds: step.op === 'dropout' ? 0 : numberOf(countsOf(step.shapedNode).multAdds),
  trained: step.gradients.weights,
  keeps: step.keeps.map(({ what }) => what),
  ...counts,
});

function totalsOf(tape: Tape, segments: readonly Segment[], layers: readonly TrainingLayer[]): TrainingTotals {
  const sum = (pick: (layer: TrainingLayer) => number): number =>
    layers.reduce((all, layer) => exact(all + pick(layer)), 0);
  const counts = Object.fromEntries(
    TRAINING_COUNTS.map((name) => [name, sum((layer) => layer[name])]),
  ) as unknown as TrainingCounts<number>;
  const multAdds = sum((layer) => layer.multAdds);
  const backwardMultAdds = exact(counts.inputMultAdds + counts.weightMultAdds);
  const params = numberOf(total(tape.steps.map(({ shapedNode }) => countsOf(shapedNode).params)));
  const peak = peakOf(tape, segments);
  const images = tape.storages.filter(({ kind }) => kind === 'image').map(bytesOf);
  const [imageBytes, parameterBytes] = [numberOf(total(images)), exact(params * SINGLE)];
  const { gradientBytes, optimizerBytes, weightCopyBytes } = counts;
  return {
    multAdds,
    backwardMultAdds,
    stepMultAdds: exact(multAdds + backwardMultAdds + counts.recomputedMultAdds),
    ...counts,
    keptBytesOf: keptByWhat(tape, segments),
    ...{ imageBytes, params, parameterBytes, peak },
    totalBytes: [parameterBytes, gradientBytes, optimizerBytes, weightCopyBytes, peak.bytes].reduce(
      (all, bytes) => exact(all + bytes),
      imageBytes,
    ),
  };
}

function keptByWhat(tape: Tape, segments: readonly Segment[]): TrainingTotals['keptBytesOf'] {
  const found: Partial<Record<KeptKind, number>> = {};
  for (const [storage, { what }] of keeping(tape, segments).keepers)
    found[what] = exact((found[what] ?? 0) + numberOf(countedBytes(tape.storages[storage]!)));
  return found;
}

/** @throws InputError when a symbol is left. */
