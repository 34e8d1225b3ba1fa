// The table of closed forms: a row per count, its polynomial, and its value if asked for.

import { keptAtLeastText } from '../text/keptAtLeast.js';
import { fileNoteTexts, type FileNotes } from '../../src/training/fileNotes.js';
import type { Counts } from '../../src/cost.js';
import type { Formula, FormulaSymbol } from '../../src/formula/formula.js';
import { atCount, COUNT_NAMES, flatKey, type AtCounts, type CountName } from '../../src/metrics/countNames.js';
import { METRICS } from '../../src/metrics/table.js';
import { lowerBoundColumn, lowerBoundNote, unreadNote } from './lowerBound.js';
import { grouped } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

interface Row {
  readonly count: string;
  readonly title: string;
  readonly form: string;
  readonly at: number | string | undefined;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'count', title: 'count', align: 'left', value: (row) => row.count, show: (row) => row.title },
  { key: 'closedForm', title: 'closed form', align: 'left', polynomial: true, terms: true, value: (row) => row.form },
];

export function formulaSheet(formula: Formula, notes: FileNotes = {}): AnySheet {
  const { model, symbols, at } = formula;
  const point =
    at &&
    Object.entries(at.values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
  const columns =
    point === undefined
      ? COLUMNS
      : [
          ...COLUMNS,
          {
            key: 'at',
            title: `at ${point}`,
            align: 'right',
            terms: true,
            value: (row: Row) => row.at ?? null,
            show: showAt,
          } as const,
        ];
  return sheet<Row>({
    title: `${abbreviate(model)} in closed form`,
    columns: formula.lowerBound ? [...columns, lowerBoundColumn<Row>(() => formula.lowerBound)] : columns,
    rows: rowsOf(formula),
    notes: [
      ...(formula.lowerBound ? [lowerBoundNote(formula.lowerBound)] : []),
      ...fileNoteTexts(notes),
      ...(formula.unread ? [unreadNote(formula.unread, undefined, formula.lowerBound)] : []),
      ...(formula.unless ?? []).map((met) => `It does not hold where ${met}: the network is built differently there.`),
      ...Object.entries(symbols).map(([name, symbol]) => `${name}: ${symbol.field}, ${promiseOf(symbol)}.`),
      'memory access in elements.',
      ...(formula.others && 'peakBytes' in formula.others
        ? [
            'bytes at the peak: counted at the moment of the peak at the own sizes of the network; at other sizes the peak may be larger.',
          ]
        : formula.others && 'keptBytes' in formula.others
          ? [
              'No polynomial in a number of layers is the peak: the moment of the peak changes with the depth, even at a hundred layers.',
            ]
          : []),
      ...(formula.atLeast?.['keptBytes'] === undefined ? [] : [keptAtLeastText(formula.atLeast['keptBytes'])]),
      ...Object.entries(formula.peakFrom ?? {}).map(
        ([name, least]) =>
          `bytes at the peak: the form is the peak from ${name} = ${least} on; with fewer layers the peak is higher, at another moment.`,
      ),
      ...(formula.others && 'heldBytes' in formula.others
        ? [
            `bytes in all: images, parameters, their gradients, copies of weights, the optimiser's state, and what is kept between the passes${'totalBytes' in formula.others ? ', or the peak' : ''}.`,
          ]
        : []),
    ],
  });
}

/** Undefined for a count that has no closed form. */
const formAt = <V>(counts: Counts<V>, name: CountName): V | undefined =>
  atCount(counts as unknown as AtCounts<V | undefined>, name);

const rowsOf = (formula: Formula): readonly Row[] => [
  ...COUNT_NAMES.flatMap((name) => {
    const form = formAt(formula, name);
    return form === undefined
      ? []
      : [{ count: flatKey(name), title: METRICS[name].title, form, at: formula.at && formAt(formula.at, name) }];
  }),
  ...Object.entries(formula.others ?? {}).map(([name, form]) => ({
    ...{ count: `training.${name}`, title: TRAINING_TITLES[name] ?? name },
    ...{ form, at: formula.at?.others?.[name] },
  })),
];

/** The parts of a training step. */
const TRAINING_TITLES: Readonly<Record<string, string>> = {
  inputMultAdds: 'multiply-adds of input gradients',
  weightMultAdds: 'multiply-adds of weight gradients',
  recomputedMultAdds: 'multiply-adds paid again',
  memoryAccess: 'memory access of backward',
  recomputedMemoryAccess: 'memory access paid again',
  keptBytes: 'bytes kept for backward',
  weightCopyBytes: 'bytes of weight copies',
  trainedParams: 'trained parameters',
  gradientBytes: 'bytes of their gradients',
  optimizerBytes: 'bytes of the optimiser',
  imageBytes: 'bytes of the images',
  parameterBytes: 'bytes of parameters',
  heldBytes: 'bytes in all, between the passes',
  peakBytes: 'bytes at the peak',
  totalBytes: 'bytes in all, at the peak',
};

const showAt = ({ at }: Row): string => (typeof at === 'number' ? grouped(at) : (at ?? ''));

/** Which values a symbol may have: "a multiple of 32 from 64 on". */
function promiseOf({ multipleOf, unit, least, most, except = [] }: FormulaSymbol): string {
  if (most !== undefined && most === (least ?? multipleOf)) return `only ${grouped(most)}`;
  const any = unit === undefined ? 'any positive integer' : 'any whole number';
  const some = multipleOf === 1 ? any : `a multiple of ${unit ?? multipleOf}`;
  const range = [
    least === undefined ? '' : ` from ${grouped(least)}${most === undefined ? ' on' : ''}`,
    most === undefined ? '' : ` ${least === undefined ? 'up ' : ''}to ${grouped(most)}`,
    except.length === 0 ? '' : ` but ${except.map((value) => grouped(value)).join(', ')}`,
  ].join('');
  return `${some}${range}${unit === undefined ? '' : '; elsewhere sizes may be rounded, which no polynomial follows'}`;
}
