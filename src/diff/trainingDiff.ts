// What a change of a network costs in training, layer by layer or in groups of layers.

import type { Grouping, Layer } from '../profile.js';
import { TRAINING_COUNTS, type TrainingCounts } from '../training/counts.js';
import type { Training } from '../training/training.js';
import type { Change, DiffRow } from './diff.js';
import { groupsOf } from './groups.js';

/** The multiply-adds of the forward pass, and what adds up from layer to layer in training. */
export type TrainingCosts = TrainingCounts<number> & { readonly multAdds: number };

export interface TrainingMoved {
  /** Of a layer; absent of a group. */
  readonly change?: Change;
  /** Its name in each network; null where one lacks it. */
  readonly name: { readonly before: string | null; readonly after: string | null };
  readonly before: TrainingCosts;
  readonly after: TrainingCosts;
  /** After less before. */
  readonly moved: TrainingCosts;
}

const COSTS = ['multAdds', ...TRAINING_COUNTS] as const;

/**
 * Layers, or groups of layers, whose cost in training differs. A layer that is the same in both may
 * be among them: an earlier one may have come to keep what it kept.
 * @param rows every pair of layers and every layer without one, as `diff` matches them
 */
export function trainingMoved(
  rows: readonly DiffRow[],
  before: Training,
  after: Training,
  by: Grouping | 'layer' = 'layer',
): readonly TrainingMoved[] {
  const [first, second] = [costsByLayer(before), costsByLayer(after)];
  const moved = (
    name: TrainingMoved['name'],
    layers: { readonly before: readonly Layer[]; readonly after: readonly Layer[] },
    change?: Change,
  ): TrainingMoved => {
    const sides = { before: sumOver(layers.before, first), after: sumOver(layers.after, second) };
    const difference = made((cost) => sides.after[cost] - sides.before[cost]);
    return { ...(change ? { change } : {}), name, ...sides, moved: difference };
  };
  const all =
    by === 'layer'
      ? rows.map(({ change, before: a, after: b }) =>
          moved(
            { before: a?.name ?? null, after: b?.name ?? null },
            { before: a ? [a] : [], after: b ? [b] : [] },
            change,
          ),
        )
      : groupsOf(rows, by).map((group) => moved(group.name, group));
  return all.filter((one) => COSTS.some((cost) => one.moved[cost] !== 0));
}

const made = (of: (cost: (typeof COSTS)[number]) => number): TrainingCosts =>
  Object.fromEntries(COSTS.map((cost) => [cost, of(cost)])) as unknown as TrainingCosts;

const sumOver = (layers: readonly Layer[], costs: ReadonlyMap<string, TrainingCosts>): TrainingCosts =>
  made((cost) => layers.reduce((sum, { name }) => sum + (costs.get(name)?.[cost] ?? 0), 0));

/** A dropout is counted with the layer that it stands at. */
function costsByLayer({ layers }: Training): ReadonlyMap<string, TrainingCosts> {
  const found = new Map<string, TrainingCosts>();
  for (const layer of layers) {
    const known = found.get(layer.node);
    found.set(
      layer.node,
      made((cost) => (known?.[cost] ?? 0) + layer[cost]),
    );
  }
  return found;
}
