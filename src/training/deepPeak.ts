// The peak of a training step as a polynomial in a number of layers, valid from some depth on.

import { implementationOf } from '../counters/implementation.js';
import { add, symbol, sub, type Dim } from '../dim/dim.js';
import { evaluate, substitute } from '../dim/evaluate.js';
import { interpolate } from '../dim/interpolate.js';
import { buildWith, closedForm, type FieldSymbols } from '../formula/closedForm.js';
import { kindOf } from '../formula/symbolField.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { segmentsOf } from './checkpoint.js';
import { ownSizes, trainingReading } from './reading.js';
import { peakForm, peakOf } from './peak.js';
import { tapeFrom, type TrainingOptions } from './training.js';

export interface DeepPeak {
  /** The symbol of the number of layers. */
  readonly symbol: string;
  /** The least number of layers for which it holds, at the network's own sizes. */
  readonly least: number;
  readonly form: Dim;
  /** All memory of a training step at the time of the peak. */
  readonly total: Dim;
}

/** Depths from which a polynomial is tried. */
const BASES = [12, 24] as const;
/** Further depths at which it must be right. */
const FARTHER = [40, 70] as const;

/**
 * Undefined where two numbers of layers are symbols, and where no polynomial fits, because the
 * moment of the peak moves with the depth.
 */
export function deepPeak(model: Model, symbols: FieldSymbols, options: TrainingOptions): DeepPeak | undefined {
  const fields = Object.entries(symbols);
  const counts = fields.filter(([path]) => kindOf(model, path) === 'count');
  const [path, name] = counts[0] ?? ['', ''];
  if (counts.length !== 1) return undefined;
  const { symbols: known, others } = closedForm(model, symbols, trainingReading(model, options, symbols, false));
  const size = (own: string): Dim => symbol(own, known.find((one) => one.name === own) ?? 1);
  const sized = Object.fromEntries(
    fields.filter(([other]) => other !== path).map(([other, own]) => [other, size(own)]),
  );
  const values = ownSizes(model, fields);
  const [n, h, w] = [size('n'), size('h'), size('w')];
  const tapeAt = (sizes: readonly [Dim, Dim, Dim], depth: number, given: Readonly<Record<string, Dim>>) =>
    tapeFrom(buildWith(model, ...sizes, { ...given, [path]: depth }), implementationOf(model), options);
  const formAt = (depth: number): Dim => {
    const tape = tapeAt([n, h, w], depth, sized);
    return peakForm(tape, segmentsOf(tape, options.checkpoint ?? []), values).form;
  };
  const fit = fitted(name, formAt);
  if (fit === undefined) return undefined;
  const { form, base } = fit;
  const holds = (depth: number): boolean => {
    const tape = tapeAt([values['n']!, values['h']!, values['w']!], depth, {});
    const { bytes } = peakOf(tape, segmentsOf(tape, options.checkpoint ?? []));
    return evaluate(form, { ...values, [name]: depth }) === bytes;
  };
  let least = base;
  while (least > 1 && holds(least - 1)) least--;
  return { symbol: name, least, form, total: add(sub(others['heldBytes']!, others['keptBytes']!), form) };
}

/** The polynomial that is right from a base on. */
function fitted(name: string, at: (depth: number) => Dim): { readonly form: Dim; readonly base: number } | undefined {
  const known = new Map<number, Dim>();
  const once = (depth: number): Dim => {
    const found = known.get(depth) ?? at(depth);
    known.set(depth, found);
    return found;
  };
  for (const base of BASES)
    try {
      const far = FARTHER.map((depth) => depth - base + 1);
      const form = interpolate(name, (count) => once(base + count - 1), undefined, far);
      return { form: substitute(form, { [name]: sub(symbol(name), base - 1) }), base };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  return undefined;
}
