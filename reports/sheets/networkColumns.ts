// The columns that tables of predicted times share: network, input, and parts of the time.

import { allSides } from '../../src/inputSize.js';
import type { Prediction } from '../../src/devices/predict.js';
import { abbreviate } from '../../src/visible.js';
import { by, percent } from '../text/number.js';
import type { Column } from './sheet.js';

export const MODEL: Column<{ readonly model: string }> = {
  ...{ key: 'model', title: 'model', align: 'left' },
  value: ({ model }) => model,
  show: ({ model }) => abbreviate(model),
};

export const INPUT: Column<Pick<Prediction, 'input'>> = {
  ...{ key: 'input', title: 'input', align: 'left', rank: 2 },
  value: ({ input }) => by(allSides(input)),
};

/** @param whole the time that a part is shown as a share of */
export const partColumns = <Row extends Pick<Prediction, 'parts'>>(
  whole: (row: Row) => number,
  rank?: number,
): readonly Column<Row>[] =>
  (['compute', 'traffic', 'launches'] as const).map((key) => ({
    ...{ key, title: key, align: 'right', ...(rank === undefined ? {} : { rank }) },
    value: ({ parts }) => parts[key],
    show: (row) => percent(row.parts[key], whole(row)) || '-',
  }));
