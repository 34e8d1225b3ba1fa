// The counts of training as a reading of a graph with symbols, for closed forms.

import { implementationOf } from '../counters/implementation.js';
import { numberAt } from '../fieldPath.js';
import type { FieldSymbols } from '../formula/closedForm.js';
import type { ExtraSums } from '../formula/sums.js';
import { INPUT_CHANNELS, kindOf } from '../formula/symbolField.js';
import type { Model } from '../model.js';
import { segmentsOf } from './checkpoint.js';
import { countsOfSteps, sumOf } from './counts.js';
import { peakForm } from './peak.js';
import { tapeFrom, type TrainingOptions } from './training.js';

/**
 * What `closedForm` and `formula` read beside the counts. `peakBytes` is what is in use at the
 * moment that is the peak at the model's own sizes: at other sizes the peak is that or more. A
 * number of layers moves that moment, so where one is a symbol there is no `peakBytes`.
 * @param fieldSymbols those of the closed form
 */
export function trainingReading(
  model: Model,
  options: TrainingOptions = {},
  fieldSymbols: FieldSymbols = {},
): ExtraSums {
  const implementation = implementationOf(model);
  const { checkpoint = [], optimizer = 'sgd' } = options;
  const fields = Object.entries(fieldSymbols);
  const hasPeak = fields.every(([path]) => kindOf(model, path) !== 'count');
  const values = ownSizes(model, fields);
  // All graphs of one closed form have the same steps: the first, which has the symbols, decides.
  let allocation: number | undefined;
  return (graph) => {
    const tape = tapeFrom(graph, implementation, options);
    const segments = segmentsOf(tape, checkpoint);
    const counts = { ...sumOf(countsOfSteps(tape, segments, optimizer)) };
    if (!hasPeak) return counts;
    const peak = peakForm(tape, segments, values, allocation);
    allocation = peak.allocation;
    return { ...counts, peakBytes: peak.form };
  };
}

/** The symbols at the sizes for which the model was made. */
function ownSizes(model: Model, fields: readonly (readonly [path: string, name: string])[]): Record<string, number> {
  const [, h, w] = model.input;
  const values: Record<string, number> = { n: model.batch ?? 1, h, w };
  for (const [path, name] of fields) {
    const own = path === INPUT_CHANNELS ? model.input[0] : numberAt(model, path);
    if (own !== undefined) values[name] = own;
  }
  return values;
}
