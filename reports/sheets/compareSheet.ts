// How are networks laid out side by side? A row per network, each count with its ratio to the first.

import type { Compared, Comparison, Ratios } from '../../src/compare.js';
import { counted } from '../../src/plural.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

interface Row {
  readonly compared: Compared;
  readonly ratios: Ratios;
}

export function compareSheet({ models, ratios, findings, bytesPerElement }: Comparison): AnySheet {
  const bounds = models.flatMap(({ model, lowerBound }) => (lowerBound ? [lowerBoundNote(lowerBound, model)] : []));
  return sheet<Row>({
    title: `${counted(models.length, 'model')}, ratios to ${models[0]!.model}`,
    columns: bounds.length === 0 ? COLUMNS : [...COLUMNS, BOUND],
    rows: models.map((compared, i) => ({ compared, ratios: ratios[i]! })),
    mark: ({ compared }) => (compared.lowerBound ? 'lower bound' : undefined),
    notes: [
      ...bounds,
      ...findings,
      `memory access in elements of ${counted(bytesPerElement, 'byte')}; ops are all layers but views.`,
    ],
  });
}

const count = (
  key: string,
  title: string,
  pick: (compared: Compared) => number,
  ratio: (ratios: Ratios) => number | null,
  rank = 0,
): readonly Column<Row>[] => [
  {
    key,
    title,
    align: 'right',
    rank,
    value: ({ compared }) => pick(compared),
    show: ({ compared }) => short(pick(compared)),
  },
  {
    key: `${key}Ratio`,
    title: '',
    align: 'right',
    rank,
    value: ({ ratios }) => ratio(ratios),
    show: ({ ratios }) => times(ratio(ratios)),
  },
];

const BOUND = lowerBoundColumn<Row>(({ compared }) => compared.lowerBound);

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'model',
    title: 'model',
    align: 'left',
    value: ({ compared }) => compared.model,
    show: ({ compared }) => abbreviate(compared.model),
  },
  {
    key: 'input',
    title: 'input',
    align: 'left',
    rank: 4,
    value: ({ compared: { input } }) => `${input.n}x${input.c}x${input.h}x${input.w}`,
  },
  ...count(
    'params',
    'params',
    (m) => m.params,
    (r) => r.params,
  ),
  ...count(
    'multAdds',
    'mult-adds',
    (m) => m.multAdds,
    (r) => r.multAdds,
  ),
  ...count(
    'memoryAccessConv',
    'memory access, conv',
    (m) => m.memoryAccess.conv,
    (r) => r.memoryAccess.conv,
    2,
  ),
  ...count(
    'memoryAccessUnfused',
    'every op',
    (m) => m.memoryAccess.unfused,
    (r) => r.memoryAccess.unfused,
  ),
  ...count(
    'memoryAccessFused',
    'fused',
    (m) => m.memoryAccess.fused,
    (r) => r.memoryAccess.fused,
    3,
  ),
  ...count(
    'ops',
    'ops',
    (m) => m.ops,
    (r) => r.ops,
    1,
  ),
];
