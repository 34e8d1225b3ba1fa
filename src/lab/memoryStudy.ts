// Bytes kept for backward against depth, dense and one-shot, at equal parameters.

import { implementationOf } from '../counters/implementation.js';
import { builtIn } from '../builtIn.js';
import { numberOf } from '../dim/evaluate.js';
import type { Graph } from '../graph.js';
import { segmentsOf } from '../training/checkpoint.js';
import { countsOfSteps, sumOf } from '../training/counts.js';
import { tapeOf } from '../training/recordTape.js';
import { denseStage, osaStage, solveGrowth } from './osaStage.js';

export interface MemoryRow {
  readonly layers: number;
  readonly params: number;
  /**
   * Bytes that autograd keeps of a dense block, and of one that recomputes its concats and norms.
   */
  readonly dense: number;
  readonly efficientDense: number;
  /**
   * An OSA module with as many layers: channels of each, its parameters over the dense block's less
   * 1, bytes kept.
   */
  readonly growth: number;
  readonly deviation: number;
  readonly osa: number;
}

export interface MemoryStudy {
  readonly schema: 'flopscope.study.memory/1';
  /** The input of the stages. */
  readonly input: { readonly n: number; readonly c: number; readonly h: number; readonly w: number };
  readonly rows: readonly MemoryRow[];
}

/** denseblock2 of DenseNet-121 at 224x224 reads this many channels at this resolution. */
const [CHANNELS, SIDE] = [128, 28];
export const DEPTHS = [2, 4, 6, 8, 12, 16, 24, 32, 48] as const;

/** Batch norms and ReLUs in place, as torchvision's DenseNet and VoVNet's authors have them. */
const implementation = implementationOf(builtIn('densenet121'));

/** @throws InputError where a count passes 2^53 */
export function studyMemory(n: number, depths: readonly number[] = DEPTHS): MemoryStudy {
  const shape = [n, CHANNELS, SIDE, SIDE] as const;
  return {
    schema: 'flopscope.study.memory/1',
    input: { n, c: CHANNELS, h: SIDE, w: SIDE },
    rows: depths.map((layers) => {
      const size = { shape, layers };
      const { growth, deviation } = solveGrowth(size, layers, 'params');
      const dense = kept(denseStage('dense', size));
      return {
        ...{ layers, growth, deviation },
        params: dense.params,
        dense: dense.bytes,
        efficientDense: kept(denseStage('dense', size), ['concat']).bytes,
        osa: kept(osaStage('osa', size, layers, growth)).bytes,
      };
    }),
  };
}

function kept(graph: Graph, checkpoint: readonly string[] = []): { readonly bytes: number; readonly params: number } {
  const tape = tapeOf(graph, implementation);
  const { keptBytes, trainedParams } = sumOf(countsOfSteps(tape, segmentsOf(tape, checkpoint), 'sgd'));
  return { bytes: numberOf(keptBytes), params: numberOf(trainedParams) };
}
