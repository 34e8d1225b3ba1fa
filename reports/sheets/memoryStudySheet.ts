// The sheet of memory against depth: a row per depth.

import type { MemoryRow, MemoryStudy } from '../../src/lab/memoryStudy.js';
import { bytes, percentage, shape, short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

export const memoryStudySheet = ({ input: { n, c, h, w }, rows }: MemoryStudy): AnySheet =>
  sheet<MemoryRow>({
    title: `Bytes kept for backward against depth, stages that read ${shape([n, c, h, w])}, equal parameters`,
    columns: COLUMNS,
    rows,
    notes: [
      "dense: DenseNet's block, growth 32; recomputing: the same where concats and norms run again (arXiv 1707.06990); OSA: one module with as many layers and the growth whose parameters come closest.",
      'A dense block keeps every concat and its norm. Each is larger than the one before, so the bytes grow with the square of the layers. An OSA module has one concat.',
    ],
  });

const column = (key: keyof MemoryRow, title: string, show: (value: number) => string = String): Column<MemoryRow> => ({
  ...{ key, title, align: 'right' as const },
  value: (row) => row[key],
  show: (row) => show(row[key]),
});

const COLUMNS: readonly Column<MemoryRow>[] = [
  column('layers', 'layers'),
  column('params', 'params', short),
  column('dense', 'dense', bytes),
  column('efficientDense', 'dense, recomputing', bytes),
  column('osa', 'OSA', bytes),
  {
    ...{ key: 'ratio', title: 'dense over OSA', align: 'right' as const },
    value: ({ dense, osa }) => dense / osa,
    show: ({ dense, osa }) => times(dense / osa),
  },
  column('growth', 'OSA growth'),
  column('deviation', 'params off', (value) => percentage(value)),
];
