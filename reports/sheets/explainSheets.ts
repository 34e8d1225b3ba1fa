// The tables of explain: costs by correlation, fitted devices, and the parts of each time.

import type { CostFit } from '../../src/explain/costs.js';
import type { Explained, Explanation } from '../../src/explain/explanation.js';
import type { PhysicalFit } from '../../src/explain/physical.js';
import { milliseconds, percent, short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

export function explainSheets(result: Explanation): readonly AnySheet[] {
  const { device, networks, costs, models, findings } = result;
  return [
    sheet<CostFit>({
      title: `Which cost explains the time of ${networks.length} networks${device === null ? '' : ` on ${abbreviate(device)}`}?`,
      columns: COSTS,
      rows: costs,
      notes: [...findings],
    }),
    sheet<PhysicalFit>({
      title: 'The device that these times fit',
      columns: MODELS,
      rows: models,
      mark: (row) => (row === models[0] ? 'used below' : undefined),
      notes: [
        'sum: all operations, then all bytes, then the launches; roofline: in each op the slower of the two, then the launches.',
        'rates are what these networks reach, below what a large kernel does; - where a term explains none of the time.',
        '95 % interval: of the cost per launch, over 200 draws of as many networks from these (bootstrap).',
      ],
    }),
    sheet<Explained>({
      title: 'Where the time goes, by the first of these',
      columns: NETWORKS,
      rows: networks,
      notes: ['ms per inference of the whole batch; the shares are of the predicted time.'],
    }),
  ];
}

const off = (error: number): string => `${(100 * error).toFixed(1)} %`;

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
    show: ({ error }) => off(error),
  },
  {
    key: 'leaveOneOut',
    title: 'on unseen networks',
    align: 'right',
    value: ({ leaveOneOut }) => leaveOneOut,
    show: ({ leaveOneOut }) => off(leaveOneOut),
  },
];

const MODELS: readonly Column<PhysicalFit>[] = [
  { key: 'overlap', title: 'model', align: 'left', value: ({ overlap }) => overlap },
  { key: 'reading', title: 'memory access', align: 'left', value: ({ reading }) => reading },
  rate('flopsPerSecond', 'FLOP/s', ({ flopsPerSecond }) => flopsPerSecond),
  rate('bytesPerSecond', 'bytes/s', ({ bytesPerSecond }) => bytesPerSecond),
  {
    key: 'secondsPerLaunch',
    title: 'us per launch',
    align: 'right',
    value: ({ secondsPerLaunch }) => secondsPerLaunch,
    show: ({ secondsPerLaunch }) => (secondsPerLaunch === 0 ? '-' : microseconds(secondsPerLaunch)),
  },
  {
    key: 'launchInterval',
    title: '95 % interval',
    align: 'right',
    value: ({ launchInterval }) => launchInterval?.join(' to ') ?? null,
    show: ({ launchInterval }) => launchInterval?.map(microseconds).join(' to ') ?? '-',
  },
  { key: 'error', title: 'off by', align: 'right', value: ({ error }) => error, show: ({ error }) => off(error) },
  {
    key: 'leaveOneOut',
    title: 'on unseen networks',
    align: 'right',
    value: ({ leaveOneOut }) => leaveOneOut,
    show: ({ leaveOneOut }) => off(leaveOneOut),
  },
];

/** A fit over networks knows two digits of it at best. */
const microseconds = (seconds: number): string => String(Number((1e6 * seconds).toPrecision(2)));

function rate(key: string, title: string, value: (fit: PhysicalFit) => number | null): Column<PhysicalFit> {
  return { key, title, align: 'right', value, show: (fit) => mapped(value(fit), short) };
}

const mapped = (value: number | null, show: (value: number) => string): string => (value === null ? '-' : show(value));

const NETWORKS: readonly Column<Explained>[] = [
  { key: 'model', title: 'model', align: 'left', value: ({ model }) => model, show: ({ model }) => abbreviate(model) },
  {
    key: 'input',
    title: 'input',
    align: 'left',
    rank: 2,
    value: ({ input: { n, c, h, w } }) => `${n}x${c}x${h}x${w}`,
  },
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
  ...part('compute'),
  ...part('traffic'),
  ...part('launches'),
];

function ms(key: string, title: string, value: (row: Explained) => number): Column<Explained> {
  return { key, title, align: 'right', value, show: (row) => milliseconds(value(row)) };
}

function part(key: keyof Explained['parts']): readonly Column<Explained>[] {
  return [
    {
      key,
      title: key,
      align: 'right',
      value: ({ parts }) => parts[key],
      show: ({ parts, predicted }) => percent(parts[key], predicted) || '-',
    },
  ];
}
