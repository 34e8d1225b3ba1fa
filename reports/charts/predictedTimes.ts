// Chart: the predicted time of each network on each device, with its interval. Nothing is measured.

import { abbreviate } from '../../src/visible.js';
import { linearAxis } from './axis.js';
import type { Chart } from './chart.js';
import { dotRowsConfig, dotRowsHeight, type DotRows } from './dotRows.js';
import { milliseconds } from './measures.js';
import { hatchedRanges } from './plugins/hatchedRanges.js';

const LETTERS = 28;

/** The page has a table of them, so this one is drawn for files alone. */
export const predictedTimes: Chart = {
  id: 'predicted-times',
  title: 'Predicted times, not measured',
  picture({ predicted, subjects }) {
    const rows = (predicted ?? []).flatMap(({ place, ...row }) => {
      const subject = subjects.find((one) => one.place === place);
      return subject ? [{ ...row, label: subject.label }] : [];
    });
    if (rows.length === 0) return { missing: 'No device was named (--device).', unasked: true };
    const devices = [...new Set(rows.map(({ device }) => device))];
    const end = Math.max(...rows.map(({ milliseconds: ms, interval: [, most] }) => most ?? 2 * ms));
    const texts = rows.map(
      ({ milliseconds: ms, interval: [least, most] }) =>
        `${milliseconds(ms)} (${most === null ? `${milliseconds(least)} or more` : `${milliseconds(least)} to ${milliseconds(most)}`})`,
    );
    const names = rows.map(({ label, device }) =>
      devices.length === 1
        ? abbreviate(label, LETTERS)
        : `${abbreviate(label, LETTERS)}, ${abbreviate(device, LETTERS)}`,
    );
    const spec: DotRows = {
      series: [
        {
          ...{ label: 'predicted, not measured', head: 'predicted' },
          look: ({ predicted: colour, surface }) => ({
            ...{ pointStyle: 'rectRot', borderColor: colour, backgroundColor: surface },
          }),
        },
      ],
      rows: rows.map(({ milliseconds: ms }, i) => ({ name: names[i]!, values: [ms], texts: [texts[i]!] })),
      axis: (theme) => ({ ...linearAxis(theme, 'predicted ms of an inference'), suggestedMax: end }),
    };
    return {
      lead: `Predicted from counts by ${devices.length === 1 ? `the record of ${devices[0]!}` : `the records of ${devices.join(', ')}`}; nothing here was measured. The mark is the prediction; between the ends of the hatched bar lay 90 % of the networks that no record was fitted on. Where bars overlap, the order cannot be told.`,
      summary: names.map((name, i) => `${name}: ${texts[i]!} predicted`).join('; '),
      table: {
        head: ['Network', 'Device', 'predicted (not measured)'],
        rows: rows.map(({ label, device }, i) => [label, device, texts[i]!]),
      },
      source: `Predicted by ${devices.join(', ')}, not measured.`,
      height: (width) => dotRowsHeight(spec, width),
      config: (theme, width) => {
        const config = dotRowsConfig(spec, theme, width);
        const ranges = hatchedRanges(
          theme,
          rows.map(({ interval }) => interval),
        );
        return { ...config, plugins: [ranges, ...(config.plugins ?? [])] };
      },
    };
  },
};
