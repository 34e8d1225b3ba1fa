// The sheet of other tools' counts of a training step, and of what is mistaken in them.

import type { TrainingCounted } from '../../src/training/counters.js';
import { fileNoteTexts, type FileNotes } from '../../src/training/fileNotes.js';
import { grouped } from '../text/number.js';
import { signed } from './reconcileSheet.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

export const trainingCountersSheet = (counted: readonly TrainingCounted[], fileNotes: FileNotes): AnySheet =>
  sheet<TrainingCounted>({
    title: 'Forward and backward together',
    columns: COLUMNS,
    rows: counted,
    notes: [
      ...fileNoteTexts(fileNotes),
      ...counted.map(
        ({ title, rule, mistake, difference }) =>
          `${title}: ${rule}${mistake !== undefined && difference !== 0 ? ` ${mistake}` : ''}`,
      ),
    ],
  });

const count = (key: 'forward' | 'backward' | 'total', title: string): Column<TrainingCounted> => ({
  ...{ key, title, align: 'right' as const },
  value: (row) => row[key],
  show: (row) => grouped(row[key]),
});

const COLUMNS: readonly Column<TrainingCounted>[] = [
  { key: 'counter', title: 'counter', align: 'left', value: ({ counter }) => counter, show: ({ title }) => title },
  count('forward', 'forward'),
  count('backward', 'backward'),
  {
    ...{ key: 'difference', title: 'beyond what backward takes', align: 'right' as const },
    value: ({ difference }) => difference,
    show: ({ difference }) => (difference === 0 ? '' : signed(difference)),
  },
  count('total', 'total'),
  { key: 'printed', title: 'printed as', align: 'left', value: ({ printed }) => printed },
  { key: 'source', title: 'source', align: 'left', value: ({ source }) => source, hidden: true },
];
