// The search: draws designs at random, fits them to the budget, keeps the best trade-offs.

import { mulberry32, streamSeed } from '../weights/random.js';
import { isBuildable, type Design, type PriceList } from './design.js';
import type { Price } from './forms.js';
import type { Level } from './level.js';
import type { Palette } from './palette.js';
import type { Template } from './template.js';

/** A quantity limited to the original's: multiply-adds, params or predicted milliseconds. */
export interface Limit {
  /** 1 for a count alone, or milliseconds per operation, element and launch. */
  readonly weights: Readonly<Partial<Price>>;
  /** The original's. */
  readonly amount: number;
}

/** A design fits where no limit is exceeded, and the nearest limit is used up to the slack. */
export interface Budget {
  readonly limits: readonly Limit[];
  /** How far below its limits a design may stay, as a share. */
  readonly slack: number;
}

export interface Space {
  readonly template: Template;
  readonly budget: Budget;
  /** The reading of memory access that is minimised. */
  readonly reading: 'unfused' | 'fused';
  /** The original's memory access in that reading. Designs with as much or more are dropped. */
  readonly access: number;
  /** What its levels may be. */
  readonly palette: Palette;
  readonly seed: number;
}

export interface Candidate {
  readonly design: Design;
  readonly price: Price;
}

export const amountOf = (weights: Limit['weights'], price: Price): number =>
  Object.entries(weights).reduce((sum, [key, weight]) => sum + weight * price[key as keyof Price], 0);

/** The largest share of a limit that a price uses: at most 1 within the budget. */
export const usage = ({ limits }: Budget, price: Price): number =>
  Math.max(...limits.map(({ weights, amount }) => amountOf(weights, price) / amount));

/** Why a design is dropped: over budget, no less memory access, or badly split work. */
export const MISSES = ['budget', 'traffic', 'place'] as const;
export type Miss = (typeof MISSES)[number];
export const noMisses = (): Record<Miss, number> => ({ budget: 0, traffic: 0, place: 0 });

/** The reason to drop a design; undefined where it may enter the front. */
export function missOf(
  { budget, reading, access, template }: Space,
  list: PriceList,
  { design, price }: Candidate,
): Miss | undefined {
  const used = usage(budget, price);
  if (used > 1 || used < 1 - budget.slack) return 'budget';
  if (!keepsPlace(design, list, template)) return 'place';
  return price[reading] < access ? undefined : 'traffic';
}

/** Widths are multiples of these. */
export const GROWTH = 8;
const CHANNELS = 16;
export const MOST_GROWTH = 1024;
const MOST_LAYERS = 24;
/** Output channels of a level over the original's. */
const CHANNEL_SHARES = [0.75, 1, 1, 1, 1.25];
/** A level's multiply-adds stay within these shares of the original's. */
const [LEAST_SHARE, MOST_SHARE] = [0.4, 2];
/** Levels without groups are drawn more often. */
const PLAIN_TIMES = 3;
/** Steps of the bisection; widths are whole multiples, so more would change nothing. */
const STEPS = 9;

export interface SearchResult {
  readonly front: readonly Candidate[];
  /** Designs that were priced. */
  readonly priced: number;
  /** Numbers of fitted designs that are not proposed, by the first condition that they miss. */
  readonly misses: Readonly<Record<Miss, number>>;
}

/**
 * One share of the search: the same share and seed give the same designs, on any number of threads.
 * @param list prices of the space's template; it grows with every structure that is met
 */
export function searchShare(space: Space, list: PriceList, share: number, designs: number): SearchResult {
  const { template, budget, seed, palette } = space;
  const random = mulberry32(streamSeed(`redesign/${share}`, seed));
  const draw = <T>(choices: readonly T[]): T => choices[Math.floor((random() / 2 ** 32) * choices.length)]!;
  const groups = palette.groups.flatMap((one) => new Array<number>(one === 1 ? PLAIN_TIMES : 1).fill(one));
  let [front, priced]: [readonly Candidate[], number] = [[], 0];
  const misses = noMisses();
  const price = (design: Design): Price => {
    priced++;
    return list.price(design);
  };
  // The number of draws is limited, in case hardly any can be built.
  for (let draws = 0; priced < designs && draws < designs; draws++) {
    const drawn = template.levels.map(({ channels, layers }): Level => {
      const aggregation = draw(palette.aggregations);
      return {
        aggregation,
        partial: draw(palette.partial ? [false, false, true] : [false]),
        layers: draw(palette.layers ?? layerChoices(layers, aggregation)),
        bottleneck: draw(palette.bottleneck ? [false, true] : [false]),
        groups: draw(groups),
        growth: draw([0.5, 0.7, 1, 1.4, 2]),
        channels: rounded(channels * draw(palette.channels ? CHANNEL_SHARES : [1]), CHANNELS),
      };
    });
    if (!isBuildable(template, drawn)) continue;
    const fitted = fit(drawn, budget, price);
    const miss = fitted ? missOf(space, list, fitted) : 'budget';
    if (miss !== undefined) misses[miss]++;
    else front = withCandidate(front, fitted!, space.reading);
  }
  return { front, priced, misses };
}

/** About as many layers as the original has, and at least three. */
function layerChoices(original: number, aggregation: Level['aggregation']): readonly number[] {
  const most = Math.min(MOST_LAYERS, Math.max(6, original + 2), aggregation === 'osa' ? 12 : MOST_LAYERS);
  return Array.from({ length: most - 2 }, (_, i) => i + 3);
}

/**
 * Scales all growths by the largest factor within the budget. Undefined if the narrowest exceeds
 * it.
 * @param drawn growths are shares of an equal growth
 */
export function fit(drawn: Design, budget: Budget, price: (design: Design) => Price): Candidate | undefined {
  const at = (factor: number): Design =>
    drawn.map((level) => ({ ...level, growth: Math.min(MOST_GROWTH, rounded(level.growth * factor, GROWTH)) }));
  let [low, high] = [GROWTH, MOST_GROWTH];
  let best: Candidate | undefined;
  for (let step = 0; step < STEPS; step++) {
    const middle = Math.sqrt(low * high);
    const design = at(middle);
    // Widths are whole multiples: another factor may be the same design, which is priced once.
    const same = best !== undefined && design.every(({ growth }, i) => growth === best!.design[i]!.growth);
    const priced = same ? best!.price : price(design);
    if (usage(budget, priced) <= 1) [best, low] = [{ design, price: priced }, middle];
    else high = middle;
  }
  return best;
}

/** Widens level by level, one step each, to use the budget that one common factor leaves. */
export function filled(start: Candidate, budget: Budget, price: (design: Design) => Price): Candidate {
  let best = start;
  for (let grown = true; grown;) {
    grown = false;
    for (const i of best.design.keys()) {
      const design = best.design.map((level, j) => (j === i ? { ...level, growth: level.growth + GROWTH } : level));
      const candidate = { design, price: price(design) };
      if (usage(budget, candidate.price) > 1) continue;
      [best, grown] = [candidate, true];
    }
  }
  return best;
}

const rounded = (value: number, step: number): number => Math.max(step, step * Math.round(value / step));

/**
 * Whether the split of work over the levels stays near the original's, which is known to be good.
 */
function keepsPlace(design: Design, list: PriceList, { levels, stemOut }: Template): boolean {
  let [input] = stemOut;
  return design.every((level, i) => {
    const share = list.levelPrice(i, level, input).multAdds / levels[i]!.multAdds;
    input = level.channels;
    return share >= LEAST_SHARE && share <= MOST_SHARE;
  });
}

/** What is traded off: memory access, multiply-adds, params; less is better in each. */
const objectives = ({ price }: Candidate, reading: Space['reading']): readonly number[] => [
  price[reading],
  price.multAdds,
  price.params,
];

/** The front with a candidate added, unless a design of the front is as good in everything. */
export function withCandidate(
  front: readonly Candidate[],
  candidate: Candidate,
  reading: Space['reading'],
): readonly Candidate[] {
  const own = objectives(candidate, reading);
  const dominates = (a: readonly number[], b: readonly number[]): boolean => a.every((value, i) => value <= b[i]!);
  if (front.some((other) => dominates(objectives(other, reading), own))) return front;
  return [...front.filter((other) => !dominates(own, objectives(other, reading))), candidate];
}

/** The front of several fronts, the least memory access first. */
export const mergedFront = (
  fronts: readonly (readonly Candidate[])[],
  reading: Space['reading'],
): readonly Candidate[] =>
  [...fronts.flat().reduce<readonly Candidate[]>((front, one) => withCandidate(front, one, reading), [])].sort(
    (a, b) => a.price[reading] - b.price[reading] || a.price.params - b.price.params,
  );
