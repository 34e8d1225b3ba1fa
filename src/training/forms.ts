// The counts of training as a reading of a graph with symbols, for closed forms.

import { implementationOf } from '../counters/implementation.js';
import type { ExtraSums } from '../formula/sums.js';
import type { Model } from '../model.js';
import { segmentsOf } from './checkpoint.js';
import { countsOfSteps, sumOf } from './counts.js';
import { tapeFrom, type TrainingOptions } from './training.js';

/**
 * What `closedForm` and `formula` read beside the counts; a peak is a maximum, which no polynomial
 * is.
 */
export function trainingReading(model: Model, options: TrainingOptions = {}): ExtraSums {
  const implementation = implementationOf(model);
  const { checkpoint = [], optimizer = 'sgd' } = options;
  return (graph) => {
    const tape = tapeFrom(graph, implementation, options);
    return { ...sumOf(countsOfSteps(tape, segmentsOf(tape, checkpoint), optimizer)) };
  };
}
