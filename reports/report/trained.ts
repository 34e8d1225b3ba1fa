// The training step of a network as a report holds it: totals, stages, layers, findings.

import type { Finding } from '../../src/diagnosis/finding.js';
import { notesOf, type FileNotes } from '../../src/training/fileNotes.js';
import type { Searched, Training, TrainingTotals } from '../../src/training/training.js';

type Total =
  | 'multAdds'
  | 'backwardMultAdds'
  | 'recomputedMultAdds'
  | 'recomputedMemoryAccess'
  | 'stepMultAdds'
  | 'memoryAccess'
  | 'keptBytes'
  | 'imageBytes'
  | 'parameterBytes'
  | 'gradientBytes'
  | 'optimizerBytes'
  | 'weightCopyBytes'
  | 'peak'
  | 'totalBytes';

/** What the backward pass of a layer or stage takes, and what is kept for it. */
export interface TrainedPart {
  readonly backwardMultAdds: number;
  /** Elements. */
  readonly backwardMemoryAccess: number;
  readonly keptBytes: number;
}

export interface TrainedNetwork extends FileNotes {
  readonly options: Training['options'];
  /** What runs under a checkpoint. */
  readonly segments: readonly string[];
  readonly notTrained?: number;
  /** Why the bytes kept are a lower bound. */
  readonly keptAtLeast?: string;
  /** Only where they were searched for a memory budget. */
  readonly search?: Searched;
  readonly totals: Pick<TrainingTotals, Total>;
  /** In the order of the network's stages. */
  readonly stages: readonly TrainedPart[];
  /** In the order of the network's layers; what a dropout keeps is its layer's. */
  readonly layers: readonly TrainedPart[];
  readonly findings: readonly Finding[];
}

const NOTHING: TrainedPart = { backwardMultAdds: 0, backwardMemoryAccess: 0, keptBytes: 0 };

/** @param stages their names; @param layers names of the network's layers */
export function trainedNetwork(
  { options, segments, search, keptAtLeast, notTrained, totals, layers: steps, ...training }: Training,
  findings: readonly Finding[],
  stages: readonly string[],
  layers: readonly string[],
): TrainedNetwork {
  const byStage = new Map<string, TrainedPart>();
  const byLayer = new Map<string, TrainedPart>();
  const add = (parts: Map<string, TrainedPart>, name: string, more: TrainedPart): void => {
    const known = parts.get(name) ?? NOTHING;
    parts.set(name, {
      backwardMultAdds: known.backwardMultAdds + more.backwardMultAdds,
      backwardMemoryAccess: known.backwardMemoryAccess + more.backwardMemoryAccess,
      keptBytes: known.keptBytes + more.keptBytes,
    });
  };
  for (const { node, stage, inputMultAdds, weightMultAdds, memoryAccess, keptBytes } of steps) {
    const part = {
      backwardMultAdds: inputMultAdds + weightMultAdds,
      backwardMemoryAccess: memoryAccess,
      keptBytes,
    };
    add(byStage, stage, part);
    add(byLayer, node, part);
  }
  return {
    options,
    segments,
    ...(notTrained === undefined ? {} : { notTrained }),
    ...(search ? { search } : {}),
    ...(keptAtLeast ? { keptAtLeast } : {}),
    totals: kept(totals),
    stages: stages.map((name) => byStage.get(name) ?? NOTHING),
    layers: layers.map((name) => byLayer.get(name) ?? NOTHING),
    findings,
    ...notesOf(training),
  };
}

const kept = (totals: TrainingTotals): TrainedNetwork['totals'] => {
  const { multAdds, backwardMultAdds, recomputedMultAdds, stepMultAdds, keptBytes } = totals;
  const { memoryAccess, recomputedMemoryAccess } = totals;
  const { imageBytes, parameterBytes, gradientBytes, optimizerBytes, weightCopyBytes, peak, totalBytes } = totals;
  return {
    ...{ multAdds, backwardMultAdds, recomputedMultAdds, stepMultAdds, keptBytes },
    ...{ memoryAccess, recomputedMemoryAccess },
    ...{ imageBytes, parameterBytes, gradientBytes, optimizerBytes, weightCopyBytes, peak, totalBytes },
  };
};
