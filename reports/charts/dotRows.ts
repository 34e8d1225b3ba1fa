// Compares many networks: a row each with a dot per cost, and the values in columns beside it.

import type { ChartConfiguration } from 'chart.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import { HEADING, headings } from './plugins/headings.js';
import { rowLines } from './plugins/rowLines.js';
import { columnsWidth, valueColumns } from './plugins/valueColumns.js';
import { verticalLine } from './plugins/verticalLine.js';
import { tickStyle } from './axis.js';
import type { Theme } from './theme.js';

/** Up to so many networks have bars of their own; more of them have rows. */
export const FEW = 6;

export interface DotSeries {
  readonly label: string;
  /** Over its column of amounts. */
  readonly head: string;
  look(theme: Theme): {
    readonly pointStyle: 'circle' | 'rect' | 'rectRot';
    readonly borderColor: string;
    readonly backgroundColor: string;
  };
}

export interface DotRow {
  readonly name: string;
  /** In the order of the series; null where it is not known. */
  readonly values: readonly (number | null)[];
  /** The same values as people read them. */
  readonly texts: readonly string[];
}

export interface DotRows {
  readonly series: readonly DotSeries[];
  readonly rows: readonly DotRow[];
  /** Chart.js scale of the values. */
  axis(theme: Theme, pixels: number): object;
  /** A value that is marked by a vertical line. */
  readonly mark?: number;
  /** Where the line of each row begins; at its least mark where absent. */
  readonly from?: number;
}

const ROW = 22;
/** On a narrow chart the names stand over their rows and the amounts after the names. */
const NARROW = 520;
const NARROW_ROW = 36;
const NAME_LETTER = 7;

const isNarrow = (width: number): boolean => width < NARROW;

export const dotRowsHeight = ({ rows }: DotRows, width: number): number =>
  rows.length * (isNarrow(width) ? NARROW_ROW : ROW) + 114;

export function dotRowsConfig(spec: DotRows, theme: Theme, width: number): ChartConfiguration {
  const { series, rows, axis, mark, from } = spec;
  const narrow = isNarrow(width);
  const columns = narrow ? [] : series.map(({ head }, s) => ({ head, texts: rows.map(({ texts }) => texts[s] ?? '') }));
  const right = narrow ? 12 : columnsWidth(columns) + 4;
  const left = narrow ? 0 : NAME_LETTER * Math.max(...rows.map(({ name }) => name.length));
  return {
    type: 'scatter',
    data: {
      datasets: series.map(({ label, look }, s) => ({
        label,
        data: rows.flatMap(({ values }, y) => {
          const x = values[s] ?? null;
          return x === null ? [] : [{ x, y }];
        }),
        ...look(theme),
        pointRadius: 5,
        pointHoverRadius: 6.5,
        borderWidth: 1.75,
      })),
    },
    options: {
      ...commonOptions(theme),
      layout: { padding: { right, top: columns.length > 0 ? 22 : 6, left: 4 } },
      scales: {
        x: axis(theme, width - right - left - 16),
        y: {
          type: 'linear',
          reverse: true,
          // A name over its row needs room above the first one.
          min: narrow ? -0.7 : -0.5,
          max: rows.length - (narrow ? 0.7 : 0.5),
          grid: { display: false },
          border: { display: false },
          afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
            scale.ticks = rows.map((_, value) => ({ value }));
          },
          ticks: {
            ...tickStyle(theme),
            color: theme.ink,
            display: !narrow,
            callback: (value: string | number) => rows[Number(value)]?.name ?? '',
          },
        },
      },
      plugins: {
        legend: legend(theme),
        tooltip: {
          ...tooltip(theme),
          callbacks: {
            label: ({ datasetIndex, parsed: { y } }) => {
              const row = rows[y ?? -1];
              return row ? `${row.name}: ${series[datasetIndex]!.label} ${row.texts[datasetIndex] ?? ''}` : '';
            },
          },
        },
      },
    },
    plugins: [
      rowLines(
        theme,
        rows.map(({ values }) => values),
        from,
      ),
      ...(mark === undefined ? [] : [verticalLine(theme, mark)]),
      ...(narrow
        ? [
            headings(
              theme,
              rows.map(({ name, texts }) => ({ name, asides: [texts.filter((text) => text !== '').join(', ')] })),
              () => HEADING / 2,
            ),
          ]
        : [valueColumns(theme, columns)]),
    ],
  };
}
