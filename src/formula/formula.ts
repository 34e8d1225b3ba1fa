// The answer of `flopscope formula`: closed forms as text, symbols, and values at a point.

import { showCoincidence, type Coincidence } from './assumedDistinct.js';
import { closedForm, type ClosedForm, type FieldSymbols } from './closedForm.js';
import type { Counts } from '../cost.js';
import { isNumber, type Dim } from '../dim/dim.js';
import { withoutSymbols, type SizeSymbol } from '../dim/poly.js';
import { compare, isWhole, rational, toNumber } from '../dim/rational.js';
import { show } from '../dim/text.js';
import { fieldsOf, isRatio, OWN_FIELDS, valuesAt, type Point } from './point.js';
import { mapCounts, type ExtraSums } from './sums.js';
import type { Omission } from '../graph.js';
import type { Model } from '../model.js';

export interface Formula extends Counts<string> {
  readonly schema: 'flopscope.formula/1';
  readonly model: string;
  readonly symbols: Readonly<Record<string, FormulaSymbol>>;
  /** Relations of symbols at which the closed form does not hold: ["s = c"]. Absent if none. */
  readonly unless?: readonly string[];
  /** Present only if the graph leaves something out. */
  readonly lowerBound?: Omission;
  /** Learnt numbers that the file holds and no layer reads: only where there are some. */
  readonly unread?: number;
  /** Present only if values were given: exact numbers, or closed forms in the remaining symbols. */
  readonly at?: {
    readonly values: Readonly<Record<string, number | string>>;
    readonly others?: Readonly<Record<string, number | string>>;
  } & Counts<number | string>;
  /**
   * The number of layers from which on `others.peakBytes` is the peak of a training step, by its
   * symbol, at the network's own sizes. Absent where it is at all depths.
   */
  readonly peakFrom?: Readonly<Record<string, number>>;
  /**
   * Why some of `others` are lower bounds, by their names: the peak of a training step, at other
   * sizes than the network's own. Absent where none is.
   */
  readonly atLeast?: Readonly<Record<string, string>>;
  /** Closed forms of the further sums that were asked for, by name. */
  readonly others?: Readonly<Record<string, string>>;
}

/** What a symbol stands for, and which values the closed form promises to hold for. */
export interface FormulaSymbol {
  readonly multipleOf: number;
  /** Present only for a symbol of ratios: it may be a fraction. */
  readonly ratio?: true;
  /** `multipleOf` of a ratio as an exact fraction. At other values the network rounds its sizes. */
  readonly unit?: string;
  /** Present only if it is more than `multipleOf`. */
  readonly least?: number;
  /** Present only if there is a greatest value. */
  readonly most?: number;
  /** Values at which two sizes that are assumed distinct are equal. Absent if none. */
  readonly except?: readonly number[];
  readonly field: string;
}

/**
 * @throws InputError for unknown fields and symbols, values that break a promise, and where no
 * closed form exists
 */
export function formula(model: Model, fieldSymbols: FieldSymbols, point: Point = {}, reading?: ExtraSums): Formula {
  const form = closedForm(model, fieldSymbols, reading);
  const fields = fieldsOf(fieldSymbols);
  return {
    schema: 'flopscope.formula/1',
    model: form.model,
    symbols: Object.fromEntries(
      form.symbols.map((symbol) => [symbol.name, described(model, form, symbol, fields.get(symbol.name))]),
    ),
    ...mapCounts(form.counts, show),
    ...(reading ? { others: shown(form.others) } : {}),
    ...unlessOf(form),
    ...leftOutOf(form),
    ...(Object.keys(point).length === 0 ? {} : { at: { values: point, ...at(model, form, fields, point, reading) } }),
  };
}

const shown = (sums: Readonly<Record<string, Dim>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, show(sum)]));

function at(...[model, form, fields, point, reading]: Parameters<typeof valuesAt>): Omit<Formula['at'] & {}, 'values'> {
  const { counts, others } = valuesAt(model, form, fields, point, reading);
  return { ...counts, ...(reading ? { others } : {}) };
}

function described(
  model: Model,
  { unless }: ClosedForm,
  symbol: SizeSymbol,
  paths: readonly string[] | undefined,
): FormulaSymbol {
  const { multipleOf, unit, least, most } = symbol;
  const except = unless.flatMap((met) => (met.symbol.name === symbol.name ? alone(met) : []));
  const text = `${unit.numerator}${isWhole(unit) ? '' : `/${unit.denominator}`}`;
  return {
    multipleOf,
    ...(isRatio(model, paths) ? { ratio: true as const, unit: text } : {}),
    ...(compare(least, unit) > 0n ? { least: toNumber(least) } : {}),
    ...(most === undefined ? {} : { most: toNumber(most) }),
    ...(except.length > 0 ? { except: except.sort((a, b) => a - b) } : {}),
    field: paths?.join(', ') ?? OWN_FIELDS[symbol.name]!,
  };
}

/** The number, where a symbol alone makes two sizes equal. */
const alone = ({ value }: Coincidence): readonly number[] => {
  const exactly = isNumber(value) ? rational(BigInt(value)) : withoutSymbols(value);
  return exactly === undefined ? [] : [toNumber(exactly)];
};

function unlessOf({ unless }: ClosedForm): { readonly unless?: readonly string[] } {
  const together = unless.filter((met) => alone(met).length === 0).map(showCoincidence);
  return together.length > 0 ? { unless: together } : {};
}

function leftOutOf({ graph: { omitted, unread } }: ClosedForm): Pick<Formula, 'lowerBound' | 'unread'> {
  return { ...(omitted ? { lowerBound: omitted } : {}), ...(unread ? { unread } : {}) };
}
