// The sheet of a search for checkpoints: sets by their peaks, and what they pay again.

import { counted } from '../../src/plural.js';
import type { Training } from '../../src/training/training.js';
import type { TrainingFront } from '../../src/training/within.js';
import { bytes, short } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { sheet, type AnySheet } from './sheet.js';

type Row = TrainingFront['choices'][number];

/** The most sets in a table for people. */
const MOST_ROWS = 12;
/** The most names of segments in a cell. */
const MOST_NAMES = 6;

/** @param training of the set that was chosen */
export function trainingFrontSheet({ of, exact, choices }: TrainingFront, training: Training): AnySheet {
  const { segments, totals, search } = training;
  const chosen: Row = {
    segments,
    keptBytes: totals.keptBytes,
    peakBytes: totals.peak.bytes,
    recomputedMultAdds: search?.recomputedMultAdds ?? totals.recomputedMultAdds,
  };
  const step = Math.max(1, (choices.length - 1) / (MOST_ROWS - 1));
  const shown = choices.filter(
    (row, i) => i === Math.round(Math.round(i / step) * step) && !same(row.segments, segments),
  );
  const rows = [...shown, chosen].sort((a, b) => b.peakBytes - a.peakBytes);
  return sheet<Row>({
    title: `Sets of ${of.join(', ')} checkpoints: the peak against what is paid again`,
    columns: [
      {
        key: 'peakBytes',
        title: 'peak',
        align: 'right',
        value: (row) => row.peakBytes,
        show: (row) => bytes(row.peakBytes),
      },
      {
        key: 'keptBytes',
        title: 'kept',
        align: 'right',
        value: (row) => row.keptBytes,
        show: (row) => bytes(row.keptBytes),
      },
      {
        ...{ key: 'recomputedMultAdds', title: 'paid again', align: 'right' as const },
        value: (row) => row.recomputedMultAdds,
        show: (row) => (row.recomputedMultAdds === 0 ? '0' : short(row.recomputedMultAdds)),
      },
      {
        ...{ key: 'segments', title: 'under a checkpoint', align: 'left' as const },
        value: (row) => row.segments.join(' '),
        show: (row) => segmentsText(row.segments),
      },
    ],
    rows,
    mark: (row) => (row === chosen ? 'taken' : undefined),
    notes: [
      `${exact ? `The front has ${counted(choices.length, 'set')}` : `These are of a sample of the front, ${counted(choices.length, 'set')}`}: no other has a lower peak and pays no more again${shown.length < choices.length - 1 ? '; --format json has all sets' : ''}.`,
    ],
  });
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

const segmentsText = (segments: readonly string[]): string =>
  segments.length === 0
    ? 'nothing'
    : segments.length > MOST_NAMES
      ? counted(segments.length, 'segment')
      : segments.map((name) => abbreviate(name, 32)).join(', ');
