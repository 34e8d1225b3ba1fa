// The chart of bytes kept for backward against the depth of a stage.

import type { MemoryRow, MemoryStudy } from '../../src/lab/memoryStudy.js';
import { bytes } from '../text/number.js';
import { linearAxis } from './axis.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import type { Picture } from './chart.js';
import { shapeOf } from './theme.js';

const MIB = 2 ** 20;

const SERIES: readonly { readonly title: string; readonly place: number; value(row: MemoryRow): number }[] = [
  { title: 'dense block', place: 1, value: ({ dense }) => dense },
  { title: 'dense block, concats and norms run again', place: 4, value: ({ efficientDense }) => efficientDense },
  { title: 'OSA module of equal parameters', place: 0, value: ({ osa }) => osa },
];

export function keptAgainstDepth({ rows, input: { n, c, h, w } }: MemoryStudy): Picture {
  const last = rows.at(-1)!;
  return {
    lead: `Bytes that autograd keeps of one stage that reads [${n}, ${c}, ${h}, ${w}], by its layers. At each depth the OSA module has the parameters of the dense block.`,
    summary: `At ${last.layers} layers: ${SERIES.map(({ title, value }) => `${title} ${bytes(value(last))}`).join('; ')}`,
    table: {
      head: ['layers', ...SERIES.map(({ title }) => title)],
      rows: rows.map((row) => [String(row.layers), ...SERIES.map(({ value }) => bytes(value(row)))]),
    },
    height: (width) => Math.max(320, Math.min(440, 0.46 * width)),
    config: (theme) => ({
      type: 'line',
      data: {
        datasets: SERIES.map(({ title, place, value }) => ({
          label: title,
          data: rows.map((row) => ({ x: row.layers, y: value(row) / MIB })),
          borderColor: theme.series[place]!,
          backgroundColor: theme.series[place]!,
          pointStyle: shapeOf(place),
          borderWidth: 2,
          pointRadius: 4,
        })),
      },
      options: {
        ...commonOptions(theme),
        scales: {
          x: linearAxis(theme, 'layers', String),
          y: linearAxis(theme, 'MiB kept for backward', String),
        },
        plugins: {
          legend: legend(theme),
          tooltip: {
            ...tooltip(theme),
            callbacks: {
              label: ({ datasetIndex, dataIndex }) =>
                `${SERIES[datasetIndex]!.title}: ${bytes(SERIES[datasetIndex]!.value(rows[dataIndex]!))}`,
            },
          },
        },
      },
    }),
  };
}
