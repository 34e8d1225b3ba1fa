// The counts of training as a reading of a graph with symbols.

import { implementationOf } from '../counters/implementation.js';
import { countsOf } from '../cost.js';
import { mul, total, type Dim } from '../dim/dim.js';
import { numberAt } from '../fieldPath.js';
import type { FieldSymbols } from '../formula/closedForm.js';
import type { ExtraSums } from '../formula/sums.js';
import { INPUT_CHANNELS, kindOf } from '../formula/symbolField.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { segmentsOf } from './checkpoint.js';
import { countsOfSteps, sumOf, type TrainingCounts } from './counts.js';
import { peakForm } from './peak.js';
import { bytesOf, SINGLE, type Tape } from './tape.js';
import { tapeFrom, type TrainingOptions } from './training.js';

/**
 * Training sums for `closedForm` and `formula`. `peakBytes` counts the moment that is the peak at
 * the model's own sizes; at other sizes the peak may be larger. Where a number of layers is a
 * symbol, each depth has its own moment, and one polynomial fits only where these moments
 * correspond.
 * @param fieldSymbols those of the closed form
 * @param peak false leaves `peakBytes` out
 */
export function trainingReading(
  model: Model,
  options: TrainingOptions = {},
  fieldSymbols: FieldSymbols = {},
  peak = true,
): ExtraSums {
  const implementation = implementationOf(model);
  const { checkpoint = [], optimizer = 'sgd' } = options;
  const fields = Object.entries(fieldSymbols);
  const oneDepth = fields.every(([path]) => kindOf(model, path) !== 'count');
  const values = ownSizes(model, fields);
  // All graphs of one depth have the same steps: the first, which has the symbols, decides.
  let allocation: number | undefined;
  return (graph) => {
    const tape = tapeFrom(graph, implementation, options);
    const segments = segmentsOf(tape, checkpoint);
    // A closed form has no place for "at least".
    const bound = tape.steps.find(({ rule, keeps }) => rule.atLeast !== undefined && keeps.length > 0);
    if (bound) throw new InputError(`${bound.rule.atLeast!}: leave out --amp for a closed form`);
    const counts = { ...sumOf(countsOfSteps(tape, segments, optimizer)) };
    const held = { ...counts, ...heldOf(tape, counts) };
    if (!peak) return held;
    const reached = peakForm(tape, segments, values, oneDepth ? allocation : undefined);
    allocation = reached.allocation;
    return { ...held, peakBytes: reached.form, totalBytes: totalAt(held, reached.form) };
  };
}

/** Bytes that do not depend on the moment, and all bytes between the two passes. */
function heldOf({ steps, storages }: Tape, counts: TrainingCounts<Dim>): FixedBytes {
  const imageBytes = total(storages.filter(({ kind }) => kind === 'image').map(bytesOf));
  const parameterBytes = mul(total(steps.map(({ shapedNode }) => countsOf(shapedNode).params)), SINGLE);
  const held = { ...counts, imageBytes, parameterBytes, heldBytes: 0 };
  return { imageBytes, parameterBytes, heldBytes: totalAt(held, counts.keptBytes) };
}

type FixedBytes = Readonly<Record<'imageBytes' | 'parameterBytes' | 'heldBytes', Dim>>;

/** @param activations bytes of them, and of their gradients */
const totalAt = (held: FixedBytes & TrainingCounts<Dim>, activations: Dim): Dim =>
  total([
    ...[held.imageBytes, held.parameterBytes, held.gradientBytes, held.optimizerBytes, held.weightCopyBytes],
    activations,
  ]);

/** The symbols at the sizes for which the model was made. */
export function ownSizes(
  model: Model,
  fields: readonly (readonly [path: string, name: string])[],
): Record<string, number> {
  const [, h, w] = model.input;
  const values: Record<string, number> = { n: model.batch ?? 1, h, w };
  for (const [path, name] of fields) {
    const own = path === INPUT_CHANNELS ? model.input[0] : numberAt(model, path);
    if (own !== undefined) values[name] = own;
  }
  return values;
}
