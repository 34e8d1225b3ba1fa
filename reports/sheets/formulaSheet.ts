// How are closed forms laid out? A row per count, its polynomial, and its value where one was asked for.

import type { Formula, FormulaSymbol } from '../../src/formula/formula.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
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
  { key: 'closedForm', title: 'closed form', align: 'left', value: (row) => row.form },
];

export function formulaSheet(formula: Formula): AnySheet {
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
      ...(formula.unless ?? []).map((met) => `It does not hold where ${met}: there the network is another one.`),
      ...Object.entries(symbols).map(([name, symbol]) => `${name}: ${symbol.field}, ${promiseOf(symbol)}.`),
      'memory access in elements.',
    ],
  });
}

function rowsOf(formula: Formula): readonly Row[] {
  const { at, memoryAccess } = formula;
  return [
    { count: 'params', title: 'params', form: formula.params, at: at?.params },
    { count: 'multAdds', title: 'mult-adds', form: formula.multAdds, at: at?.multAdds },
    { count: 'activations', title: 'activations', form: formula.activations, at: at?.activations },
    {
      count: 'memoryAccessConv',
      title: 'memory access, convolutions',
      form: memoryAccess.conv,
      at: at?.memoryAccess.conv,
    },
    {
      count: 'memoryAccessLinear',
      title: 'memory access, linear layers',
      form: memoryAccess.linear,
      at: at?.memoryAccess.linear,
    },
    {
      count: 'memoryAccessUnfused',
      title: 'memory access, every op',
      form: memoryAccess.unfused,
      at: at?.memoryAccess.unfused,
    },
    { count: 'memoryAccessFused', title: 'memory access, fused', form: memoryAccess.fused, at: at?.memoryAccess.fused },
    ...Object.entries(formula.others ?? {}).map(([name, form]) => ({
      ...{ count: `training.${name}`, title: TRAINING_TITLES[name] ?? name },
      ...{ form, at: at?.others?.[name] },
    })),
  ];
}

/** What a training step is made of. */
const TRAINING_TITLES: Readonly<Record<string, string>> = {
  inputMultAdds: 'mult-adds of input gradients',
  weightMultAdds: 'mult-adds of weight gradients',
  recomputedMultAdds: 'mult-adds paid again',
  memoryAccess: 'memory access of backward',
  recomputedMemoryAccess: 'memory access paid again',
  keptBytes: 'bytes kept for backward',
  weightCopyBytes: 'bytes of weight copies',
  trainedParams: 'trained params',
  gradientBytes: 'bytes of their gradients',
  optimizerBytes: 'bytes of the optimiser',
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
