// The first recipe: OSA at every level, with a growth that fits the budget (VoVNet).

import { isBuildable, PriceList, type Design } from './design.js';
import type { Price } from './forms.js';
import type { Level } from './level.js';
import { filled, fit, GROWTH, missOf, MOST_GROWTH, type Candidate, type Space } from './search.js';

/** Layers of VoVNet's modules. */
const VOVNET_LAYERS = 5;

export interface Recipe extends Candidate {
  readonly about: string;
}

/**
 * The growth at which a level has as many multiply-adds as the original's. It divides the budget.
 */
function ownGrowth({ template }: Space, list: PriceList, design: Design, level: Level, i: number): number {
  const input = design[i - 1]?.channels ?? template.stemOut[0];
  const { multAdds } = template.levels[i]!;
  let growth = GROWTH;
  while (growth < MOST_GROWTH && list.levelPrice(i, { ...level, growth: growth + GROWTH }, input).multAdds <= multAdds)
    growth += GROWTH;
  return growth;
}

/**
 * Output channels are the original's, rounded to a multiple of 16; only those that keep the rules
 * of the search and its palette.
 */
export function recipes(space: Space): readonly Recipe[] {
  const { template, budget, palette } = space;
  if (!palette.aggregations.includes('osa') || !palette.groups.includes(1)) return [];
  const list = new PriceList(template);
  const recipesOf = (about: string, layers: (original: number) => number): readonly Recipe[] => {
    if (template.levels.some((level) => palette.layers?.includes(layers(level.layers)) === false)) return [];
    const plain = template.levels.map(({ channels, layers: original }): Level => ({
      ...{ aggregation: 'osa', partial: false, bottleneck: false, groups: 1, growth: GROWTH },
      layers: layers(original),
      channels: Math.max(16, 16 * Math.round(channels / 16)),
    }));
    if (!isBuildable(template, plain)) return [];
    const growths = plain.map((level, i) => ownGrowth(space, list, plain, level, i));
    const widest = Math.max(...growths);
    const design = plain.map((level, i) => ({ ...level, growth: growths[i]! / widest }));
    const price = (one: Design): Price => list.price(one);
    const fitted = fit(design, budget, price);
    const wide = fitted && filled(fitted, budget, price);
    return wide && missOf(space, list, wide) === undefined ? [{ ...wide, about }] : [];
  };
  return [
    ...recipesOf(`one OSA module of ${VOVNET_LAYERS} layers at each resolution`, () => VOVNET_LAYERS),
    ...recipesOf('one OSA module at each resolution, with as many layers as there were', (original) =>
      Math.max(1, original),
    ),
  ];
}
