// What is the first recipe to try? Every level as a one-shot aggregation, its growth fitted to the budget (VoVNet, arXiv 1904.09730).

import { isBuildable, PriceList } from './design.js';
import type { Level } from './level.js';
import { fit, type Candidate, type Space } from './search.js';

/** Layers of VoVNet's modules. */
const VOVNET_LAYERS = 5;

export interface Recipe extends Candidate {
  readonly about: string;
}

/** Output channels are the original's, rounded to a multiple of 16; none where no growth meets the budget. */
export function recipes({ template, budget }: Space): readonly Recipe[] {
  const list = new PriceList(template);
  const made = (about: string, layers: (original: number) => number): readonly Recipe[] => {
    const design = template.levels.map(({ channels, layers: original }): Level => ({
      ...{ aggregation: 'osa', partial: false, bottleneck: false, groups: 1, growth: 1 },
      layers: layers(original),
      channels: Math.max(16, 16 * Math.round(channels / 16)),
    }));
    if (!isBuildable(template, design)) return [];
    const fitted = fit(design, { ...budget, slack: 1 }, (one) => list.price(one));
    return fitted ? [{ ...fitted, about }] : [];
  };
  return [
    ...made(`one OSA module of ${VOVNET_LAYERS} layers at each resolution`, () => VOVNET_LAYERS),
    ...made('one OSA module at each resolution, with as many layers as there were', (original) =>
      Math.max(1, original),
    ),
  ];
}
