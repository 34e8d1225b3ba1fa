// The tables of explain: costs by correlation, fitted devices, and the parts of each time.

import { microseconds } from '../../src/explain/findings.js';
import type { CostFit } from '../../src/explain/costs.js';
import type { Errors } from '../../src/explain/errors.js';
import type { Explained, Explanation } from '../../src/explain/explanation.js';
import type { DeviceFit } from '../../src/explain/deviceFits.js';
import { milliseconds, percentage, short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';
import { INPUT, MODEL, partColumns } from './networkColumns.js';

export function explainSheets(result: Explanation): readonly AnySheet[] {
  const { device, networks, costs, models, findings, distinct } = result;
  return [
    sheet<CostFit>({
      title: `Which cost explains the time of ${distinct} networks${device === null ? '' : ` on ${abbreviate(device)}`}?`,
      columns: COSTS,
      rows: costs,
      notes: [...findings],
    }),
    sheet<DeviceFit>({
      title: 'The device that these times fit',
      columns: MODELS,
      rows: models,
      mark: (row) => (row === models[0] ? 'used below' : undefined),
      notes: [
        'every mode is a sum over ops of compute, traffic by classes of ops, and launches (docs/predicting.md); two-rates has no classes.',
        'rates are what these networks reach, below what a large kernel does: FLOP/s (2 x multiply-adds per second) of long inner products, bytes/s of convolutions.',
        'on unseen families: each family is predicted by a fit to the others; the median over networks, and the 90th percentile.',
      ],
    }),
    sheet<Explained>({
      title: 'Where the time goes, by the first of these',
      columns: NETWORKS,
      rows: networks,
      notes: [
        'ms per inference of the whole batch; the shares are of the predicted time. Measured times stand under ms, predicted ones under predicted.',
      ],
    }),
  ];
}

const UNSEEN: readonly Column<Errors>[] = [
  {
    key: 'unseen',
    title: 'on unseen families',
    align: 'right',
    value: ({ unseen }) => unseen,
    show: ({ unseen }) => percentage(unseen),
  },
  { key: 'p90', title: '90th percentile', align: 'right', value: ({ p90 }) => p90, show: ({ p90 }) => percentage(p90) },
];

const COSTS: readonly Column<CostFit>[] = [
  {
    key: 'cost',
    title: 'cost',
    align: 'left',
    value: ({ cost }) => cost,
    show: ({ words }) => words.replace('the ', ''),
  },
  {
    key: 'spearman',
    title: 'rank correlation',
    align: 'right',
    value: ({ spearman }) => spearman,
    show: ({ spearman }) => spearman?.toFixed(2) ?? '-',
  },
  {
    key: 'interval',
    title: '95 % interval',
    align: 'right',
    value: ({ interval }) => interval?.join(' to ') ?? null,
    show: ({ interval }) => interval?.map((end) => end.toFixed(2)).join(' to ') ?? '-',
  },
  {
    key: 'error',
    title: 'line is off by',
    align: 'right',
    value: ({ error }) => error,
    show: ({ error }) => percentage(error),
  },
  ...UNSEEN,
];

const MODELS: readonly Column<DeviceFit>[] = [
  { key: 'mode', title: 'mode', align: 'left', value: ({ mode }) => mode },
  rate('flopsPerSecond', 'FLOP/s', ({ rates }) => rates.flopsPerSecond),
  rate('bytesPerSecond', 'bytes/s', ({ bytesPerSecond }) => bytesPerSecond),
  {
    key: 'secondsPerLaunch',
    title: 'us per launch',
    align: 'right',
    value: ({ rates }) => rates.secondsPerLaunch,
    show: ({ rates }) => microseconds(rates.secondsPerLaunch),
  },
  {
    key: 'launchInterval',
    title: '95 % interval',
    align: 'right',
    value: ({ launchInterval }) => launchInterval?.join(' to ') ?? null,
    show: ({ launchInterval }) => launchInterval?.map(microseconds).join(' to ') ?? '-',
  },
  {
    key: 'error',
    title: 'off by',
    align: 'right',
    value: ({ error }) => error,
    show: ({ error }) => percentage(error),
  },
  ...UNSEEN,
];

function rate(key: string, title: string, value: (fit: DeviceFit) => number): Column<DeviceFit> {
  return { key, title, align: 'right', value, show: (fit) => short(value(fit)) };
}

const NETWORKS: readonly Column<Explained>[] = [
  MODEL,
  INPUT,
  ms('milliseconds', 'ms', ({ milliseconds }) => milliseconds),
  ms('predicted', 'predicted', ({ predicted }) => predicted),
  {
    key: 'ratio',
    title: 'measured / predicted',
    align: 'right',
    rank: 1,
    value: ({ milliseconds, predicted }) => milliseconds / predicted,
    show: ({ milliseconds, predicted }) => times(milliseconds / predicted),
  },
  ...partColumns<Explained>(({ predicted }) => predicted),
];

function ms(key: string, title: string, value: (row: Explained) => number): Column<Explained> {
  return { key, title, align: 'right', value, show: (row) => milliseconds(value(row)) };
}
