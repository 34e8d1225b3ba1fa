// One value of a few networks: a bar from 0 under each name, and the value at its end.

import { abbreviate } from '../../src/visible.js';
import { linearAxis } from './axis.js';
import { commonOptions, tooltip } from './baseOptions.js';
import type { Picture } from './chart.js';
import { barLabels } from './plugins/barTexts.js';
import { HEADING, headings } from './plugins/headings.js';
import { verticalLine } from './plugins/verticalLine.js';
import { textWidth } from './textWidth.js';
import { colourOf, faded } from './theme.js';

export interface ValueBars {
  readonly rows: readonly {
    readonly label: string;
    readonly place: number;
    /** One bar each; the second is paler. */
    readonly values: readonly number[];
    readonly texts: readonly string[];
  }[];
  /** Title of the axis, with the unit. */
  readonly axis: string;
  readonly show: (value: number) => string;
  /** A value that is marked and always on the axis. */
  readonly ceiling?: number;
}

/** Charts of one and of two bars each stand side by side and have one height. */
const GROUP = HEADING + 42;

export function valueBars({ rows, axis, show, ceiling }: ValueBars): Pick<Picture, 'height' | 'config'> {
  const count = Math.max(...rows.map(({ values }) => values.length));
  const bar = count > 1 ? 17 : 24;
  return {
    height: () => rows.length * GROUP + 62,
    config: (theme, width) => ({
      type: 'bar',
      data: {
        labels: rows.map(({ label }) => abbreviate(label, 48)),
        datasets: Array.from({ length: count }, (_, s) => ({
          data: rows.map(({ values }) => values[s]!),
          backgroundColor: rows.map(({ place }) => faded(colourOf(theme, place), s === 0 ? 1 : 0.45)),
          categoryPercentage: (count * bar) / GROUP,
          barPercentage: (bar - 3) / bar,
          minBarLength: 2,
        })),
      },
      options: {
        ...commonOptions(theme),
        indexAxis: 'y',
        layout: { padding: { right: roomForTexts(rows, ceiling, width) } },
        scales: {
          x: { ...linearAxis(theme, axis, show), ...(ceiling === undefined ? {} : { suggestedMax: ceiling }) },
          y: { ticks: { display: false }, grid: { display: false }, border: { display: false } },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            ...tooltip(theme),
            callbacks: { label: ({ datasetIndex, dataIndex }) => rows[dataIndex]!.texts[datasetIndex]! },
          },
        },
      },
      plugins: [
        ...(ceiling === undefined ? [] : [verticalLine(theme, ceiling)]),
        headings(
          theme,
          rows.map(({ label }) => ({ name: abbreviate(label, 48) })),
          () => count * bar,
        ),
        barLabels(theme, (s, i) => rows[i]!.texts[s], ceiling === undefined ? {} : { line: ceiling }),
      ],
    }),
  };
}

/**
 * Pixels right of the axis. A text at a bar below the ceiling stands left of the ceiling's line: it
 * needs none.
 */
function roomForTexts(rows: ValueBars['rows'], ceiling: number | undefined, width: number): number {
  const end = Math.max(ceiling ?? 0, ...rows.flatMap(({ values }) => values));
  const rooms = rows.flatMap(({ values, texts }) =>
    values.flatMap((value, s) =>
      ceiling !== undefined && value < ceiling ? [] : [width - ((width - textWidth(texts[s]!) - 12) * end) / value],
    ),
  );
  return Math.max(16, ...rooms);
}
