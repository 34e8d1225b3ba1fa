// Closed forms of a training step.

import { isNumber, type Dim } from '../dim/dim.js';
import { substitute } from '../dim/evaluate.js';
import { show } from '../dim/text.js';
import type { FieldSymbols } from '../formula/closedForm.js';
import { formula, type Formula } from '../formula/formula.js';
import type { Point } from '../formula/point.js';
import { kindOf } from '../formula/symbolField.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { segmentsOf } from './checkpoint.js';
import { deepPeak, type DeepPeak } from './deepPeak.js';
import { trainingReading } from './reading.js';
import type { Tape } from './tape.js';
import { keptAtLeast, trainingTape, type TrainingOptions } from './training.js';

/**
 * `formula` with the counts of training. Where a number of layers is a symbol, `peakBytes` may hold
 * from some depth on, which `peakFrom` states. It is absent where no polynomial fits.
 * @throws InputError as `formula` does, and for an unknown name
 */
export function trainingFormula(
  model: Model,
  symbols: FieldSymbols,
  at: Point,
  options: TrainingOptions = {},
): Formula {
  // Unknown names are refused here, with the network's own numbers.
  const tape = trainingTape(model, options);
  segmentsOf(tape, options.checkpoint ?? []);
  const bounded = (result: Formula): Formula => withBounds(result, tape, 'peakBytes' in (result.others ?? {}));
  try {
    return bounded(formula(model, symbols, at, trainingReading(model, options, symbols)));
  } catch (error) {
    const countsLayers = Object.keys(symbols).some((path) => kindOf(model, path) === 'count');
    if (!countsLayers || !(error instanceof InputError)) throw error;
    const result = formula(model, symbols, at, trainingReading(model, options, symbols, false));
    const peak = deepPeak(model, symbols, options);
    return bounded(peak ? withPeak(result, peak, at) : result);
  }
}

const ELSEWHERE =
  'it counts the moment of the peak at the own sizes of the network; at other sizes the peak may be larger';

/** Adds why sums are lower bounds. */
function withBounds(result: Formula, tape: Tape, hasPeak: boolean): Formula {
  const { keptAtLeast: kept } = keptAtLeast(tape);
  const atLeast = {
    ...(hasPeak ? { peakBytes: ELSEWHERE, totalBytes: ELSEWHERE } : {}),
    ...(kept === undefined ? {} : { keptBytes: kept, heldBytes: kept }),
  };
  return Object.keys(atLeast).length === 0 ? result : { ...result, atLeast };
}

/** Adds the peak from a depth on, with its value where the point has numbers and is deep enough. */
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
