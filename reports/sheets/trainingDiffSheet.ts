// The table of what a change costs in training: a row per layer or group whose cost moved.

import type { TrainingCosts, TrainingMoved } from '../../src/diff/trainingDiff.js';
import type { Training } from '../../src/training/training.js';
import { abbreviate } from '../../src/visible.js';
import { groupName } from '../../src/groupName.js';
import { bytes, grouped } from '../text/number.js';
import type { DiffView } from './diffView.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

/** @param rows as `trainingMoved` gives them */
export function trainingDiffSheet(
  rows: readonly TrainingMoved[],
  before: Training,
  after: Training,
  { by, top }: DiffView,
): AnySheet {
  const largest = [...rows].sort((a, b) => Math.abs(b.moved.keptBytes) - Math.abs(a.moved.keptBytes));
  const shown = top === undefined ? rows : largest.slice(0, top);
  const kept = rows.reduce((sum, { moved }) => sum + moved.keptBytes, 0);
  const peak = after.totals.peak.bytes - before.totals.peak.bytes;
  return sheet<TrainingMoved>({
    title: `What it costs in training, by ${by}`,
    columns: columnsOf(by),
    rows: shown,
    notes: [
      ...(shown.length < rows.length
        ? [`${shown.length} of ${rows.length} rows shown, the largest in bytes kept.`]
        : []),
      rows.length === 0
        ? `No ${by} costs another amount in training.`
        : `bytes kept ${signedBytes(kept)}, peak ${signedBytes(peak)}; each figure is after minus before; memory access in elements.`,
      ...(before.keptAtLeast === undefined && after.keptAtLeast === undefined
        ? []
        : ['Bytes kept are lower bounds, so their difference is not exact.']),
    ],
  });
}

const signed = (value: number): string => (value === 0 ? '' : `${value > 0 ? '+' : ''}${grouped(value)}`);
const signedBytes = (value: number): string => (value < 0 ? `-${bytes(-value)}` : `+${bytes(value)}`);

const SIGNS = { added: '+', removed: '-', changed: '~', renamed: '=', unchanged: '' } as const;

function columnsOf(by: DiffView['by']): readonly Column<TrainingMoved>[] {
  const figure = (
    key: string,
    title: string,
    pick: (costs: TrainingCosts) => number,
    rank = 0,
  ): Column<TrainingMoved> => ({
    ...{ key, title, align: 'right' as const, rank },
    value: ({ moved }) => pick(moved),
    show: ({ moved }) => signed(pick(moved)),
  });
  const nameOf = ({ name }: TrainingMoved): string => {
    const [old, now] = [name.before, name.after].map((one) =>
      one === null ? undefined : abbreviate(by === 'layer' ? one : groupName(one, by), 40),
    );
    return old === undefined || now === undefined || old === now ? (now ?? old ?? '') : `${old} -> ${now}`;
  };
  return [
    ...(by === 'layer'
      ? [
          {
            ...{ key: 'change', title: '', align: 'left' as const },
            value: (row: TrainingMoved) => row.change ?? null,
            show: (row: TrainingMoved) => SIGNS[row.change ?? 'unchanged'],
          },
        ]
      : []),
    { key: by, title: by, align: 'left', value: nameOf },
    figure('backwardMultAdds', 'backward multiply-adds', (costs) => costs.inputMultAdds + costs.weightMultAdds),
    figure('recomputedMultAdds', 'paid again', (costs) => costs.recomputedMultAdds, 4),
    figure('memoryAccess', 'backward memory access', (costs) => costs.memoryAccess, 2),
    figure('keptBytes', 'bytes kept', (costs) => costs.keptBytes),
    figure('trainedParams', 'trained parameters', (costs) => costs.trainedParams, 3),
  ];
}
