// Networks side by side: a row per network, each count with its ratio to the first.

import { allSides } from '../../src/inputSize.js';
import type { Compared, Comparison, Ratios } from '../../src/compare.js';
import { atCount, countsAfter, flatKey, type CountName } from '../../src/metrics/countNames.js';
import { METRICS } from '../../src/metrics/table.js';
import { counted } from '../../src/plural.js';
import { foldedNormsNote, lowerBoundColumn, lowerBoundNote, unreadNote } from './lowerBound.js';
import { by, short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

interface Row {
  readonly compared: Compared;
  readonly ratios: Ratios;
}

export function compareSheet({ models, ratios, findings }: Comparison): AnySheet {
  const bounds = models.flatMap(({ model, lowerBound }) => (lowerBound ? [lowerBoundNote(lowerBound, model)] : []));
  return sheet<Row>({
    title: `${counted(models.length, 'model')}, ratios to ${models[0]!.model}`,
    columns: bounds.length === 0 ? COLUMNS : [...COLUMNS, BOUND],
    rows: models.map((compared, i) => ({ compared, ratios: ratios[i]! })),
    mark: ({ compared }) => (compared.lowerBound ? 'lower bound' : undefined),
    notes: [
      ...bounds,
      ...models.flatMap(({ model, unread, lowerBound }) => (unread ? [unreadNote(unread, model, lowerBound)] : [])),
      ...models.flatMap(({ model, beforeFolding }) => (beforeFolding ? [foldedNormsNote(beforeFolding, model)] : [])),
      ...findings,
      `memory access in ${elementsOf(models)}; ops are all layers but views.`,
    ],
  });
}

/** "elements of 4 bytes"; where they differ, each network with its own. */
function elementsOf(models: readonly Compared[]): string {
  const sizes = [...new Set(models.map(({ bytesPerElement }) => bytesPerElement))];
  const named = sizes.map((size) => {
    const own = models.flatMap(({ model, bytesPerElement }) => (bytesPerElement === size ? [abbreviate(model)] : []));
    return `${counted(size, 'byte')} in ${own.join(', ')}`;
  });
  return sizes.length === 1 ? `elements of ${counted(sizes[0]!, 'byte')}` : `elements: of ${named.join('; of ')}`;
}

/**
 * The first that are left out where there is no room have the highest rank; other counts are in CSV
 * alone.
 */
const RANKS: Readonly<Partial<Record<CountName, number>>> = {
  params: 0,
  multAdds: 0,
  'memoryAccess.conv': 2,
  'memoryAccess.unfused': 0,
  'memoryAccess.fused': 3,
  ops: 1,
};

const PLACED: readonly CountName[] = [
  ...(Object.keys(RANKS) as CountName[]),
  ...(['flops', 'activations', 'memoryAccess.linear'] as const),
];

/** A count, and its ratio to the first network's. */
function count(name: CountName, rank: number | undefined): readonly Column<Row>[] {
  const key = flatKey(name);
  const own = ({ compared }: Row): number | null => METRICS[name].read({ totals: compared });
  const ratio = ({ ratios }: Row): number | null => atCount(ratios, name);
  const place = rank === undefined ? { hidden: true } : { rank };
  return [
    {
      key,
      title: METRICS[name].short,
      align: 'right',
      ...place,
      value: own,
      show: (row) => atLeast(row, shortOrNothing(own(row))),
    },
    { key: `${key}Ratio`, title: '', align: 'right', ...place, value: ratio, show: (row) => times(ratio(row)) },
  ];
}

const atLeast = ({ compared }: Row, text: string): string =>
  compared.lowerBound && text !== '' ? `at least ${text}` : text;

const shortOrNothing = (value: number | null): string => (value === null ? '' : short(value));

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
    value: ({ compared: { input } }) => by(allSides(input)),
  },
  ...[...PLACED, ...countsAfter(PLACED)].flatMap((name) => count(name, RANKS[name])),
];
