// The difference of two networks: matched layers, and the change of each count.

import { layerKindOf } from '../cost.js';
import { atCount, type ColumnKey, type CountName, countOf, countsAfter, flatKey } from '../metrics/countNames.js';
import { totalsOf, type Layer, type Profile, type Totals } from '../profile.js';
import { align } from './align.js';
import { byItself } from './likeness.js';

/**
 * Counts that a reader sees: parameters, multiply-adds, and memory access, unfused and
 * fused.
 */
export const SHOWN_COSTS = ['params', 'multAdds', 'memoryAccess.unfused', 'memoryAccess.fused'] as const;
/** Every count that can change. */
export const COSTS: readonly CountName[] = [...SHOWN_COSTS, ...countsAfter(SHOWN_COSTS)];
export type Cost = ColumnKey;
export type Costs = Readonly<Record<Cost, number>>;

export type Change = 'unchanged' | 'renamed' | 'changed' | 'added' | 'removed';

/** A layer before and after; null where it is added or removed. */
export interface DiffRow {
  readonly change: Change;
  readonly before: Layer | null;
  readonly after: Layer | null;
  /** After minus before. */
  readonly moved: Costs;
}

export interface CostChange {
  readonly before: Costs;
  readonly after: Costs;
  readonly moved: Costs;
  /**
   * After over before; null where there was nothing before, or where either side is a lower bound.
   */
  readonly ratio: Readonly<Record<Cost, number | null>>;
}

type Side = Pick<Profile, 'model' | 'source' | 'input' | 'lowerBound'>;

export interface Diff {
  readonly schema: 'flopscope.diff/2';
  readonly before: Side;
  readonly after: Side;
  /** The number of layers of each kind. A matched pair counts as one. */
  readonly counts: Readonly<Record<Change, number>>;
  readonly totals: CostChange;
  /**
   * All but the unchanged ones, in the order of the network after; what is removed stands where it
   * was.
   */
  readonly layers: readonly DiffRow[];
}

/** Every pair and every layer without one. */
export interface Matched {
  readonly diff: Diff;
  /** With the unchanged ones. */
  readonly rows: readonly DiffRow[];
}

export function diff(before: Profile, after: Profile): Matched {
  const rows = rowsOf(before.layers, after.layers);
  const counts = { unchanged: 0, renamed: 0, changed: 0, added: 0, removed: 0 };
  for (const { change } of rows) counts[change]++;
  return {
    diff: {
      schema: 'flopscope.diff/2',
      before: sideOf(before),
      after: sideOf(after),
      counts,
      totals: movedOf(costsOfTotals(before.totals), costsOfTotals(after.totals), areBounds(before, after)),
      layers: rows.filter(({ change }) => change !== 'unchanged'),
    },
    rows,
  };
}

/**
 * What is left out of either network may stand in any part of it, so no part has a ratio either.
 */
export const areBounds = (before: Pick<Side, 'lowerBound'>, after: Pick<Side, 'lowerBound'>): boolean =>
  (before.lowerBound ?? after.lowerBound) !== undefined;

const sideOf = ({ model, source, input, lowerBound }: Profile): Side => ({
  ...{ model, source, input },
  ...(lowerBound ? { lowerBound } : {}),
});

const each = <T>(value: (cost: Cost, name: CountName) => T): Readonly<Record<Cost, T>> =>
  Object.fromEntries(COSTS.map((name) => [flatKey(name), value(flatKey(name), name)])) as Record<Cost, T>;

const costsOfTotals = (totals: Totals): Costs => each((_, name) => atCount(totals, name));

/** Of one layer; a count that such a layer does not have is 0. */
export const costOf = (layer: Layer, name: CountName): number => countOf(name).part(layer, layerKindOf(layer)) ?? 0;

export const sumOf = (layers: readonly Layer[]): Costs => costsOfTotals(totalsOf(layers));

/** @param bounds whether either side is a lower bound */
export const movedOf = (before: Costs, after: Costs, bounds: boolean): CostChange => ({
  before,
  after,
  moved: each((cost) => after[cost] - before[cost]),
  ratio: each((cost) => (bounds || before[cost] === 0 ? null : after[cost] / before[cost])),
});

/** Pairs and additions in the order after; removals before what follows them. */
function rowsOf(a: readonly Layer[], b: readonly Layer[]): readonly DiffRow[] {
  const partners = align(a, b);
  const beforeOf = new Map<number, number>();
  for (const [i, j] of partners.entries()) if (j >= 0) beforeOf.set(j, i);
  const rows: DiffRow[] = [];
  let next = 0;
  const removeUpTo = (end: number): void => {
    for (; next < end; next++) if (partners[next]! < 0) rows.push(rowOf(a[next]!, null));
  };
  let nearest = a.length;
  const ends = b.map(() => 0);
  for (let j = b.length - 1; j >= 0; j--) ends[j] = nearest = beforeOf.get(j) ?? nearest;
  for (const [j, layer] of b.entries()) {
    removeUpTo(ends[j]!);
    const i = beforeOf.get(j);
    rows.push(rowOf(i === undefined ? null : a[i]!, layer));
  }
  removeUpTo(a.length);
  return rows;
}

function rowOf(before: Layer | null, after: Layer | null): DiffRow {
  const moved = each((_, name) => (after ? costOf(after, name) : 0) - (before ? costOf(before, name) : 0));
  return { change: changeOf(before, after), before, after, moved };
}

function changeOf(before: Layer | null, after: Layer | null): Change {
  if (before === null) return 'added';
  if (after === null) return 'removed';
  if (what(before) !== what(after)) return 'changed';
  return before.name === after.name ? 'unchanged' : 'renamed';
}

/** All properties and own costs of a layer, without its name and position. */
const what = (layer: Layer): string => JSON.stringify({ ...byItself(layer), name: '', stage: '', block: '' });
