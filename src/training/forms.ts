// The counts of training as a reading of a graph with symbols, for closed forms.

import { implementationOf } from '../counters/implementation.js';
import { countsOf } from '../cost.js';
import { isNumber, mul, total as sumOfDims, type Dim } from '../dim/dim.js';
import { substitute } from '../dim/evaluate.js';
import { show } from '../dim/text.js';
import { numberAt } from '../fieldPath.js';
import type { FieldSymbols } from '../formula/closedForm.js';
import { formula, type Formula } from '../formula/formula.js';
import type { Point } from '../formula/point.js';
import type { ExtraSums } from '../formula/sums.js';
import { INPUT_CHANNELS, kindOf } from '../formula/symbolField.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { segmentsOf } from './checkpoint.js';
import { countsOfSteps, sumOf, type TrainingCounts } from './counts.js';
import { deepPeak, type DeepPeak } from './deepPeak.js';
import { peakForm } from './peak.js';
import { bytesOf, SINGLE, type Tape } from './tape.js';
import { tapeFrom, trainingTape, type TrainingOptions } from './training.js';

/**
 * What `closedForm` and `formula` read beside the counts. `peakBytes` is what is in use at the
 * moment that is the peak at the model's own sizes: at other sizes the peak is that or more. Where
 * a number of layers is a symbol, each depth has a moment of its own, and there is one polynomial
 * only where those moments correspond.
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

/** What is in memory in any case, and all of it between the two passes. */
function heldOf({ steps, storages }: Tape, counts: TrainingCounts<Dim>): Held {
  const imageBytes = sumOfDims(storages.filter(({ kind }) => kind === 'image').map(bytesOf));
  const parameterBytes = mul(sumOfDims(steps.map(({ shapedNode }) => countsOf(shapedNode).params)), SINGLE);
  const held = { ...counts, imageBytes, parameterBytes, heldBytes: 0 };
  return { imageBytes, parameterBytes, heldBytes: totalAt(held, counts.keptBytes) };
}

type Held = Readonly<Record<'imageBytes' | 'parameterBytes' | 'heldBytes', Dim>>;

/** @param activations bytes of them, and of their gradients */
const totalAt = (held: Held & TrainingCounts<Dim>, activations: Dim): Dim =>
  sumOfDims([
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

/**
 * `formula` with the counts of training. Where a number of layers is a symbol and no polynomial is
 * the peak at all depths, `peakFrom` says from which depth on `peakBytes` is; without `peakBytes`
 * where none is.
 * @throws InputError as `formula` does, and for a name that means nothing
 */
export function trainingFormula(
  model: Model,
  symbols: FieldSymbols,
  at: Point,
  options: TrainingOptions = {},
): Formula {
  // A name that means nothing is no matter of symbols.
  segmentsOf(trainingTape(model, options), options.checkpoint ?? []);
  try {
    return formula(model, symbols, at, trainingReading(model, options, symbols));
  } catch (error) {
    const countsLayers = Object.keys(symbols).some((path) => kindOf(model, path) === 'count');
    if (!countsLayers || !(error instanceof InputError)) throw error;
    const result = formula(model, symbols, at, trainingReading(model, options, symbols, false));
    const peak = deepPeak(model, symbols, options);
    return peak ? withPeak(result, peak, at) : result;
  }
}

/** The peak from a depth on, and its value where the point is of numbers and deep enough. */
function withPeak(result: Formula, { symbol, least, form, total }: DeepPeak, point: Point): Formula {
  const numbers = Object.fromEntries(
    Object.entries(point).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
  const whole = Object.keys(numbers).length === Object.keys(point).length;
  const deep = numbers[symbol] === undefined || numbers[symbol] >= least;
  const shown = (dim: Dim): number | string => (isNumber(dim) ? dim : show(dim));
  const values =
    whole && deep ? { peakBytes: shown(substitute(form, numbers)), totalBytes: shown(substitute(total, numbers)) } : {};
  return {
    ...result,
    others: { ...result.others, peakBytes: show(form), totalBytes: show(total) },
    peakFrom: { [symbol]: least },
    ...(result.at ? { at: { ...result.at, others: { ...result.at.others, ...values } } } : {}),
  };
}
