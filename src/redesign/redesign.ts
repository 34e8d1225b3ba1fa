// Searches for networks of equal work and less memory access, and counts each proposal.

import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { profile, type Profile, type Totals } from '../profile.js';
import { adviceFor } from './advice.js';
import { graphOf, itemsOf, type Design } from './design.js';
import type { Price } from './forms.js';
import type { Item } from './item.js';
import { levelWords } from './level.js';
import type { Palette } from './palette.js';
import { recipes } from './recipe.js';
import { spread, type Proposal, type Redesign } from './result.js';
import { amountOf, mergedFront, noMisses, type Candidate, type SearchResult, type Space } from './search.js';
import { templateOf, type Template } from './template.js';

export interface RedesignSettings {
  readonly budget: 'multAdds' | 'params' | 'time';
  /** The time model of the budget; only with `budget: 'time'`. */
  readonly time?: TimeModel;
  /** Per cent by which the budget may be missed. */
  readonly slack: number;
  readonly reading: 'unfused' | 'fused';
  readonly seed: number;
  /** Designs of the front that are kept. */
  readonly keep: number;
  readonly palette: Palette;
}

export interface TimeModel {
  /** Milliseconds per operation, per element moved and per launch. */
  readonly weights: Partial<Price>;
  /** The fit in words: its device and its error. */
  readonly words: string;
}

/** A redesign with the config of each proposal, by its name. */
export interface Redesigned {
  readonly result: Redesign;
  readonly configs: ReadonlyMap<string, ProposedConfig>;
}

/** What a config file of a proposal says. */
export interface ProposedConfig {
  readonly items: readonly Item[];
  readonly about: string;
  readonly levels: readonly string[];
  /** [C, H, W]. */
  readonly input: readonly [number, number, number];
}

/**
 * @param graph concrete, at the batch that is counted
 * @param counted the profile of the same graph
 * @param search the front of many candidates: searchInThreads in Node, searchShare in one thread
 * elsewhere
 */
export async function redesign(
  graph: Graph,
  counted: Profile,
  settings: RedesignSettings,
  search: (space: Space) => Promise<SearchResult>,
): Promise<Redesigned> {
  const { budget, time, reading, seed } = settings;
  const template = rebuildable(() => templateOf(graph));
  const weights = time?.weights ?? { [budget]: 1 };
  const amount = amountOf(weights, priceOf(counted.totals));
  const base = {
    ...({ schema: 'flopscope.redesign/1', model: counted.model, input: counted.input, budget, reading, seed } as const),
    original: counted.totals,
    originalMilliseconds: time ? amount : null,
    timeModel: time?.words ?? null,
    advice: adviceFor(counted, graph),
  };
  if (typeof template === 'string') {
    const nothing = { priced: 0, misses: noMisses(), resolutions: [], recipes: [], front: [] };
    return { result: { ...base, ...nothing, refused: template }, configs: new Map() };
  }
  // A time budget also limits multiply-adds, so that a faster design does comparable work.
  const limits = [
    { weights, amount },
    ...(time ? [{ weights: { multAdds: 1 }, amount: counted.totals.multAdds }] : []),
  ];
  const space: Space = {
    ...{ template, reading, seed, budget: { limits, slack: settings.slack / 100 } },
    access: counted.totals.memoryAccess[reading],
    palette: settings.palette,
  };
  const { front, priced, misses } = await search(space);
  const configs = new Map<string, ProposedConfig>();
  const propose = ({ design, price }: Candidate, name: string, about: string): Proposal => {
    const [, c, h, w] = template.input;
    const levels = design.map((level, i) => `level${i + 1}: ${levelWords(level)}`);
    configs.set(name, { items: itemsOf(template, design), about, levels, input: [c, h, w] });
    return {
      ...{ name, about, levels: design, price: checked(template, design, price) },
      ratios: ratiosOf(price, counted.totals),
      milliseconds: time ? amountOf(weights, price) : null,
      file: null,
    };
  };
  const made = recipes(space);
  const whole = mergedFront([made, front], reading).filter((one) => front.includes(one));
  const result: Redesign = {
    ...{ ...base, priced, misses, refused: null },
    resolutions: template.levels.map(({ height, width }) => [height, width] as const),
    recipes: made.map((recipe, i) => propose(recipe, `recipe-${i + 1}`, recipe.about)),
    front: spread(whole, settings.keep).map((one, i) =>
      propose(one, `design-${i + 1}`, `found by search, seed ${seed}`),
    ),
  };
  return { result, configs };
}

/** The template, or the reason why there is none. Advice needs no template. */
function rebuildable(make: () => Template): Template | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

const priceOf = ({ params, multAdds, flops, memoryAccess: { unfused, fused }, ops }: Totals): Price => ({
  ...{ params, multAdds, flops, unfused, fused, launches: ops },
});

function ratiosOf(price: Price, original: Totals): Proposal['ratios'] {
  const of = priceOf(original);
  const over = (key: keyof Price): number => price[key] / of[key];
  return {
    params: over('params'),
    multAdds: over('multAdds'),
    unfused: over('unfused'),
    fused: over('fused'),
    launches: over('launches'),
  };
}

/** Checks the closed form against the counted network. */
function checked(template: Template, design: Design, price: Price): Price {
  const counted = priceOf(profile(graphOf(template, design, template.name)).totals);
  for (const key of Object.keys(price) as (keyof Price)[])
    if (price[key] !== counted[key])
      throw new Error(
        `the closed form gives ${price[key]} ${key} for ${design.map(levelWords).join('; ')}, its graph has ${counted[key]}`,
      );
  return price;
}
