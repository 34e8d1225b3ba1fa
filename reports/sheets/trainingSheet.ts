// The sheet of a training step: a row per layer, stage, block or op.

import { allSides } from '../../src/inputSize.js';
import type { Finding } from '../../src/diagnosis/finding.js';
import { counted } from '../../src/plural.js';
import { TRAINING_COUNTS, type TrainingCounts } from '../../src/training/counts.js';
import { fileNoteTexts } from '../../src/training/fileNotes.js';
import type { Training, TrainingLayer, TrainingTotals } from '../../src/training/training.js';
import { abbreviate, visible } from '../../src/visible.js';
import { findingText } from '../text/findingText.js';
import { bytes, grouped, percent, shape, short } from '../text/number.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import type { ProfileView, TrainingSortKey } from './profileView.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { groupName, groupOf } from '../../src/groupName.js';
import { keptAtLeastText } from '../text/keptAtLeast.js';
import { notTrainedTexts } from '../text/notTrained.js';
import { searchTexts } from '../text/searchText.js';

export interface TrainingRow extends TrainingCounts<number> {
  readonly name: string;
  readonly multAdds: number;
  readonly layer?: TrainingLayer;
}

/** @param findings what audits found in this training step */
export function trainingSheet(
  training: Training,
  { by, top, sort }: Pick<ProfileView, 'by' | 'top'> & { readonly sort?: TrainingSortKey | undefined },
  findings: readonly Finding[] = [],
): AnySheet {
  const { model, input, totals, lowerBound, keptAtLeast } = training;
  const atLeast = keptAtLeast === undefined ? '' : 'at least ';
  const inOrder = trainingRows(training, by);
  const all = sort === undefined ? inOrder : [...inOrder].sort((a, b) => b[sort] - a[sort]);
  const rows = all.slice(0, top ?? all.length);
  const columns = columnsOf(totals, by, keptAtLeast);
  return sheet<TrainingRow>({
    title: `${abbreviate(model)}, input ${shape(allSides(input))}: a training step of ${lowerBound ? 'at least ' : ''}${short(totals.stepMultAdds)} multiply-adds, ${atLeast}${bytes(totals.keptBytes)} kept for backward, ${atLeast}${bytes(totals.totalBytes)} in all`,
    columns: lowerBound ? [...columns, lowerBoundColumn<TrainingRow>(() => lowerBound)] : columns,
    rows,
    total: { ...totals, name: 'total' },
    ...(by === 'layer' && top === undefined && sort === undefined
      ? { part: (row: TrainingRow) => groupName(row.layer!.stage, 'stage') }
      : {}),
    notes: [
      ...(lowerBound ? [lowerBoundNote(lowerBound)] : []),
      ...(rows.length < all.length
        ? [`${rows.length} of ${counted(all.length, 'row')} shown; totals are of all.`]
        : []),
      ...(keptAtLeast === undefined ? [] : [keptAtLeastText(keptAtLeast)]),
      ...trainingNotes(training),
      ...findings.map((finding) => visible(findingText(finding))),
    ],
  });
}

/** One row for each layer, or the sums of those with the same part. */
export function trainingRows({ layers }: Training, by: ProfileView['by']): readonly TrainingRow[] {
  if (by === 'layer') return layers.map((layer) => ({ ...layer, layer }));
  const nameOf = groupOf(layers, by);
  const groups = new Map<string, TrainingRow>();
  for (const layer of layers) {
    const name = nameOf(layer);
    const known = groups.get(name);
    const sum = (name: (typeof TRAINING_COUNTS)[number]): readonly [string, number] => [
      name,
      (known?.[name] ?? 0) + layer[name],
    ];
    const counts = Object.fromEntries(TRAINING_COUNTS.map(sum)) as unknown as TrainingCounts<number>;
    groups.set(name, {
      name: groupName(name, by),
      multAdds: (known?.multAdds ?? 0) + layer.multAdds,
      ...counts,
    });
  }
  return [...groups.values()];
}

function columnsOf(
  totals: TrainingTotals,
  by: ProfileView['by'],
  keptAtLeast: string | undefined,
): readonly Column<TrainingRow>[] {
  type Key = 'multAdds' | (typeof TRAINING_COUNTS)[number];
  const count = (key: Key, title: string, more: Partial<Column<TrainingRow>> = {}): Column<TrainingRow> => ({
    ...{ key, title, align: 'right' as const },
    value: (row) => row[key],
    show: (row) => (row[key] ? grouped(row[key]) : ''),
    ...more,
  });
  const paid = totals.recomputedMultAdds > 0 || totals.recomputedMemoryAccess > 0;
  return [
    {
      key: by === 'layer' ? 'name' : by,
      title: by,
      align: 'left',
      value: (row) => row.name,
      show: (row) => abbreviate(row.name),
    },
    ...(by === 'layer' ? LAYER_COLUMNS : []),
    count('multAdds', 'forward multiply-adds', { rank: 3 }),
    count('inputMultAdds', 'of input gradients', { rank: 1 }),
    count('weightMultAdds', 'of weight gradients', { rank: 1 }),
    count('recomputedMultAdds', 'paid again', { hidden: !paid, rank: 2 }),
    count('memoryAccess', 'backward memory access', { rank: 2 }),
    count('recomputedMemoryAccess', 'memory access again', { hidden: true }),
    count('keptBytes', keptAtLeast === undefined ? 'bytes kept' : 'bytes kept, at least'),
    {
      ...{ key: 'keptShare', title: 'share', align: 'right' as const, rank: 1 },
      value: (row) => (totals.keptBytes === 0 ? null : row.keptBytes / totals.keptBytes),
      show: (row) => percent(row.keptBytes, totals.keptBytes),
    },
    count('weightCopyBytes', 'weight copies', { hidden: totals.weightCopyBytes === 0, rank: 4 }),
    count('trainedParams', 'trained params', { hidden: true }),
    count('gradientBytes', 'gradient bytes', { hidden: true }),
    count('optimizerBytes', 'optimiser bytes', { hidden: true }),
  ];
}

const LAYER_COLUMNS: readonly Column<TrainingRow>[] = [
  { key: 'stage', title: 'stage', align: 'left', value: ({ layer }) => layer?.stage ?? null, hidden: true },
  { key: 'block', title: 'block', align: 'left', value: ({ layer }) => layer?.block ?? null, hidden: true },
  { key: 'op', title: 'op', align: 'left', rank: 2, value: ({ layer }) => layer?.op ?? null },
  { key: 'keeps', title: 'keeps', align: 'left', rank: 2, value: ({ layer }) => layer?.keeps.join(', ') ?? null },
];

/** The memory at the peak, the kept activations, and the training settings. */
export function trainingNotes({
  totals,
  options,
  segments,
  search,
  implementation,
  notTrained,
  ...training
}: Training): readonly string[] {
  const { peak, keptBytesOf } = totals;
  const memory = [
    ['images', totals.imageBytes],
    ['parameters', totals.parameterBytes],
    ['their gradients', totals.gradientBytes],
    [`state of ${options.optimizer}`, totals.optimizerBytes],
    ['half-precision copies of weights', totals.weightCopyBytes],
    ['activations and their gradients at the peak', peak.bytes],
  ] as const;
  const kept = Object.entries(keptBytesOf).filter(([, size]) => size > 0);
  return [
    ...fileNoteTexts(training),
    `In memory: ${memory.flatMap(([what, size]) => (size > 0 ? [`${what} ${bytes(size)}`] : [])).join(', ')}. The peak is in the ${peak.pass} pass, at ${abbreviate(peak.at)}.`,
    `Kept for backward: ${kept.map(([what, size]) => `${what} ${grouped(size)} bytes`).join(', ') || 'nothing'}; images and parameters are not counted, and a storage counts where it is kept first.`,
    `Backward: ${grouped(totals.backwardMultAdds)} multiply-adds, ${grouped(totals.memoryAccess)} elements of memory access.`,
    ...notTrainedTexts({ options, ...(notTrained === undefined ? {} : { notTrained }) }),
    ...(segments.length > 0
      ? [
          `Under a checkpoint: ${segments.length > 8 ? `${segments.length} segments` : segments.map((name) => abbreviate(name)).join(', ')}; ${grouped(totals.recomputedMultAdds)} multiply-adds and ${grouped(totals.recomputedMemoryAccess)} elements of memory access are paid again.`,
          ...(search ? searchTexts(search) : []),
        ]
      : options.checkpoint.length > 0 && search === undefined
        ? [`Under a checkpoint: nothing, since the network has no ${options.checkpoint.join(' and no ')} to run again.`]
        : search
          ? [`Without a checkpoint the peak fits in ${grouped(search.budget)} bytes.`]
          : []),
    ...(segments.length === 0 && totals.recomputedMultAdds > 0
      ? [
          `Attention in one kernel keeps no scores: its backward pass computes q k^T again, ${grouped(totals.recomputedMultAdds)} multiply-adds.`,
        ]
      : []),
    `As eager PyTorch 2.13 keeps it${options.amp ? ', with autocast on CUDA' : ', on a CPU, in single precision'}; code: ${implementation.name}.`,
  ];
}
