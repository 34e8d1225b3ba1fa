// The sheet of training steps side by side, with ratios to the first.

import { allSides } from '../../src/inputSize.js';
import { OPTIMIZERS } from '../../src/training/optimizer.js';
import { fileNoteTexts } from '../../src/training/fileNotes.js';
import type { Training } from '../../src/training/training.js';
import { abbreviate } from '../../src/visible.js';
import { by, bytes, short, times } from '../text/number.js';
import { keptAtLeastText } from '../text/keptAtLeast.js';
import { notTrainedTexts } from '../text/notTrained.js';
import { searchTexts, underCheckpointText } from '../text/searchText.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

interface Row {
  readonly training: Training;
  readonly first: Training;
}

export function trainingCompareSheet(all: readonly Training[]): AnySheet {
  const first = all[0]!;
  const { amp: copies, optimizer } = first.options;
  return sheet<Row>({
    title: `A training step, ratios to ${abbreviate(first.model)}`,
    columns: columnsOf(all),
    rows: all.map((training) => ({ training, first })),
    mark: ({ training }) =>
      training.lowerBound ? 'lower bound' : training.keptAtLeast ? 'at least, in bytes' : undefined,
    notes: [
      ...(all.slice(1).some((one) => isBound(one, true) || isBound(first, true))
        ? ['Where a figure is a lower bound, there is no ratio.']
        : []),
      ...all.flatMap((training) => fileNoteTexts(training).map((text) => `${abbreviate(training.model)}: ${text}`)),
      ...all.flatMap(({ model, keptAtLeast }) =>
        keptAtLeast ? [`${abbreviate(model)}: ${keptAtLeastText(keptAtLeast)}`] : [],
      ),
      ...all.flatMap((training) => notTrainedTexts(training).map((text) => `${abbreviate(training.model)}: ${text}`)),
      ...all.flatMap(({ model, segments, search }) =>
        segments.length > 0
          ? [
              `${abbreviate(model)}: ${underCheckpointText(segments)}.${search ? ` ${searchTexts(search).join(' ')}` : ''}`,
            ]
          : [],
      ),
      ...(all.some(({ totals }) => totals.recomputedMultAdds > 0)
        ? [
            'paid again: multiply-adds of the forward pass that run a second time, under checkpoints and inside attention.',
          ]
        : []),
      `kept: bytes that autograd keeps between forward and backward, images and parameters apart; peak: activations and their gradients; in all: the peak, images, parameters, their gradients${copies ? ', copies of weights in half precision' : ''}, and the optimiser's state.`,
      `As eager PyTorch 2.13 keeps it${copies ? ', with autocast on CUDA' : ', on a CPU, in single precision'}; optimiser: ${optimizer}${OPTIMIZERS[optimizer].tensors === 0 ? ', which has no state' : ''}.`,
    ],
  });
}

/** One row for each network: its counts, and its training step behind them. */
export function countsWithTraining(counts: AnySheet, steps: AnySheet): AnySheet {
  const own = steps.columns.filter(({ key }) => counts.columns.every((column) => column.key !== key));
  const at = (columns: AnySheet['columns'], place: 0 | 1): readonly Column<readonly unknown[]>[] =>
    columns.map((column) => ({ ...column, value: (row) => column.value(row[place]) }));
  return sheet<readonly unknown[]>({
    ...{ title: counts.title, columns: [...at(counts.columns, 0), ...at(own, 1)] },
    rows: counts.rows.map((row, i) => [row, steps.rows[i]]),
    notes: [],
  });
}

/** Whether a figure is a lower bound: all are of a network that is not counted whole. */
const isBound = ({ lowerBound, keptAtLeast }: Training, inBytes: boolean): boolean =>
  lowerBound !== undefined || (inBytes && keptAtLeast !== undefined);

const figure = (
  key: string,
  title: string,
  pick: (training: Training) => number,
  show: (value: number) => string,
  rank = 0,
): readonly Column<Row>[] => {
  const inBytes = show === bytes;
  // A lower bound over another one may lie on either side of the ratio.
  const ratio = ({ training, first }: Row): number | null =>
    pick(first) === 0 || (training !== first && (isBound(training, inBytes) || isBound(first, inBytes)))
      ? null
      : pick(training) / pick(first);
  return [
    {
      ...{ key, title, align: 'right' as const, rank },
      value: ({ training }) => pick(training),
      show: ({ training }) => `${isBound(training, inBytes) ? 'at least ' : ''}${show(pick(training))}`,
    },
    {
      ...{ key: `${key}Ratio`, title: '', align: 'right' as const, rank },
      value: ratio,
      show: (row) => times(ratio(row)),
    },
  ];
};

const columnsOf = (all: readonly Training[]): readonly Column<Row>[] => [
  {
    ...{ key: 'model', title: 'model', align: 'left' as const },
    value: ({ training }) => training.model,
    show: ({ training }) => abbreviate(training.model),
  },
  {
    ...{ key: 'input', title: 'input', align: 'left' as const, rank: 4 },
    value: ({ training: { input } }) => by(allSides(input)),
  },
  ...figure('stepMultAdds', 'multiply-adds of a step', ({ totals }) => totals.stepMultAdds, short),
  ...(all.some(({ totals }) => totals.recomputedMultAdds > 0 || totals.recomputedMemoryAccess > 0)
    ? [...figure('recomputedMultAdds', 'paid again', ({ totals }) => totals.recomputedMultAdds, short, 1)]
    : []),
  ...figure('backwardMemoryAccess', 'backward memory access', ({ totals }) => totals.memoryAccess, short, 2),
  ...figure('keptBytes', 'kept', ({ totals }) => totals.keptBytes, bytes),
  ...figure('peakBytes', 'peak', ({ totals }) => totals.peak.bytes, bytes, 1),
  ...figure('totalBytes', 'in all', ({ totals }) => totals.totalBytes, bytes, 1),
];
