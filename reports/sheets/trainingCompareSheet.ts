// The sheet of training steps side by side, with ratios to the first.

import { counted } from '../../src/plural.js';
import { foldedNormsText } from '../../src/training/foldedNorms.js';
import type { Training } from '../../src/training/training.js';
import { abbreviate } from '../../src/visible.js';
import { bytes, short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

interface Row {
  readonly training: Training;
  readonly first: Training;
}

export function trainingCompareSheet(all: readonly Training[]): AnySheet {
  const first = all[0]!;
  return sheet<Row>({
    title: `A training step, ratios to ${abbreviate(first.model)}`,
    columns: COLUMNS,
    rows: all.map((training) => ({ training, first })),
    mark: ({ training }) => (training.lowerBound ? 'lower bound' : undefined),
    notes: [
      ...all.flatMap(({ model, foldedNorms }) =>
        foldedNorms ? [`${abbreviate(model)}: ${foldedNormsText(foldedNorms)}`] : [],
      ),
      ...all.flatMap(({ model, segments }) =>
        segments.length > 0 ? [`${abbreviate(model)}: ${counted(segments.length, 'segment')} under a checkpoint.`] : [],
      ),
      'kept: bytes that autograd keeps between forward and backward, images and parameters apart; peak: activations and their gradients; in all: with images, parameters, their gradients and the optimiser.',
      `As eager PyTorch 2.13 keeps it${first.options.amp ? ', with autocast on CUDA' : ', on a CPU, in single precision'}; optimiser: ${first.options.optimizer}.`,
    ],
  });
}

const figure = (
  key: string,
  title: string,
  pick: (training: Training) => number,
  show: (value: number) => string,
  rank = 0,
): readonly Column<Row>[] => [
  {
    ...{ key, title, align: 'right' as const, rank },
    value: ({ training }) => pick(training),
    show: ({ training }) => show(pick(training)),
  },
  {
    ...{ key: `${key}Ratio`, title: '', align: 'right' as const, rank },
    value: ({ training, first }) => (pick(first) === 0 ? null : pick(training) / pick(first)),
    show: ({ training, first }) => times(pick(first) === 0 ? null : pick(training) / pick(first)),
  },
];

const COLUMNS: readonly Column<Row>[] = [
  {
    ...{ key: 'model', title: 'model', align: 'left' as const },
    value: ({ training }) => training.model,
    show: ({ training }) => abbreviate(training.model),
  },
  {
    ...{ key: 'input', title: 'input', align: 'left' as const, rank: 4 },
    value: ({ training: { input } }) => `${input.n}x${input.c}x${input.h}x${input.w}`,
  },
  ...figure('stepMultAdds', 'multiply-adds of a step', ({ totals }) => totals.stepMultAdds, short),
  ...figure('memoryAccess', 'backward memory access', ({ totals }) => totals.memoryAccess, short, 2),
  ...figure('keptBytes', 'kept', ({ totals }) => totals.keptBytes, bytes),
  ...figure('peakBytes', 'peak', ({ totals }) => totals.peak.bytes, bytes, 1),
  ...figure('totalBytes', 'in all', ({ totals }) => totals.totalBytes, bytes, 1),
];
