// A design: one level for each resolution of the template. It has a price and a config.

import type { Graph } from '../graph.js';
import { Builder } from '../builder.js';
import { headForm, levelForm, noPrice, stemPrice, type Price, type PriceForm } from './forms.js';
import { buildItems, type Item } from './item.js';
import { canRead, levelItems, type Level, type Structure } from './level.js';
import { BODY, type Template } from './template.js';

export type Design = readonly Level[];

/** Prices designs of one template. The form of a structure is computed when it first occurs. */
export class PriceList {
  private readonly forms: Map<string, PriceForm>[];
  private readonly head: PriceForm;
  private readonly stem: Price;

  constructor(private readonly template: Template) {
    this.forms = template.levels.map(() => new Map<string, PriceForm>());
    this.head = headForm(template);
    this.stem = stemPrice(template);
  }

  /** The exact price of the network that `graphOf` would build; the design must be buildable. */
  price(design: Design): Price {
    const sum = { ...this.stem };
    let [input] = this.template.stemOut;
    for (const [i, level] of design.entries()) {
      this.form(i, level)(sum, input, level.growth, level.channels, level.layers);
      input = level.channels;
    }
    this.head(sum, input, 0, 0, 0);
    return sum;
  }

  /** The price of one level that reads `input` channels. */
  levelPrice(index: number, level: Level, input: number): Price {
    const sum = noPrice();
    this.form(index, level)(sum, input, level.growth, level.channels, level.layers);
    return sum;
  }

  private form(index: number, { aggregation, partial, bottleneck, groups }: Structure): PriceForm {
    const key = `${aggregation}${partial ? '/partial' : ''}${bottleneck ? '/bottleneck' : ''}/${groups}`;
    const known = this.forms[index]!.get(key);
    if (known) return known;
    const made = levelForm(this.template, index, { aggregation, partial, bottleneck, groups });
    this.forms[index]!.set(key, made);
    return made;
  }
}

/** Whether each level can read the output of the one before. */
export const isBuildable = ({ stemOut }: Template, design: Design): boolean =>
  design.every((level, i) => canRead(level, design[i - 1]?.channels ?? stemOut[0]));

/**
 * The whole network as items of a free config; the stage that each item begins, if it begins one.
 */
export function itemsOf(template: Template, design: Design): readonly (Item & { readonly stage?: string })[] {
  const staged = (items: readonly Item[], stage: string): readonly (Item & { readonly stage?: string })[] =>
    items.map((item, i) => (i === 0 ? { ...item, stage } : item));
  const stem = staged(template.stem, 'stem');
  let from = stem.at(-1)!.name;
  let [input] = template.stemOut;
  const body = design.flatMap((level, i) => {
    const name = `level${i + 1}`;
    const items = levelItems(
      level,
      { input, growth: level.growth, channels: level.channels },
      template.levels[i]!.halving,
      name,
      from,
    );
    [input, from] = [level.channels, name];
    return staged(items, name);
  });
  const head = template.head.map((item) => ({
    ...item,
    from: item.from.map((source) => (source === BODY ? from : source)),
  }));
  return [...stem, ...body, ...staged(head, 'head')];
}

/** The network itself, to check a price or to profile it. */
export function graphOf(template: Template, design: Design, name: string): Graph {
  const net = Builder.start();
  const known = new Map([['input', net.input(template.input, 'input')]]);
  return net.finish(name, buildItems(net, itemsOf(template, design), known));
}
