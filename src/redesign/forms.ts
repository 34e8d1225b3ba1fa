// Prices a design in a microsecond, by each structure's closed form, compiled once.

import { Builder } from '../builder.js';
import { countsOf, flopsOf, shapedNodes } from '../cost.js';
import { compile } from '../dim/compile.js';
import { add, symbol, type Dim } from '../dim/dim.js';
import { interpolate } from '../dim/interpolate.js';
import { opOf } from '../ops/table.js';
import type { Value } from '../graph.js';
import { buildItems, type Item } from './item.js';
import { levelItems, type Structure } from './level.js';
import { BODY, type Template } from './template.js';

/** The counts that a design is judged by, of one part or of the whole network. */
export interface Price {
  params: number;
  multAdds: number;
  flops: number;
  /** As an eager framework moves data: every op. */
  unfused: number;
  fused: number;
  launches: number;
}

export const PRICES = ['params', 'multAdds', 'flops', 'unfused', 'fused', 'launches'] as const;

/** Adds the price of a part at these widths and this depth to a sum. */
export type PriceForm = (sum: Price, input: number, growth: number, channels: number, layers: number) => void;

const SYMBOLS = ['i', 'g', 'c', 'l'] as const;

/** The greatest depth that is drawn. Designs that are shown are also counted at their own depth. */
const FAR = [24];

/** One form holds for any depth and any widths of a structure. */
export type Shape = Omit<Structure, 'layers'>;

/**
 * Prices one level. The form is exact: it is the graph's own cost, built with symbols for the
 * widths at several depths and interpolated between them. `input` and `channels` must be multiples
 * of 16, `growth` of 8.
 */
export function levelForm(template: Template, index: number, shape: Shape): PriceForm {
  const level = template.levels[index]!;
  const before = template.levels[index - 1];
  const [, height, width] = before ? [0, before.height, before.width] : template.stemOut;
  const widths = { input: symbol('i', 16), growth: symbol('g', 8), channels: symbol('c', 16) };
  const known = new Map<number, DimPrice>();
  const at = (layers: number): DimPrice => {
    const price =
      known.get(layers) ??
      priceOf(
        template.input[0],
        widths.input,
        height,
        width,
        levelItems({ ...shape, layers }, widths, level.halving, 'level', BODY),
      );
    known.set(layers, price);
    return price;
  };
  return compiled((key) => interpolate('l', (layers) => at(layers)[key], undefined, FAR));
}

/** Prices what follows the last level, whose channels are `input`. */
export function headForm(template: Template): PriceForm {
  const last = template.levels.at(-1)!;
  const price = priceOf(template.input[0], symbol('i', 16), last.height, last.width, template.head);
  return compiled((key) => price[key]);
}

/** The stem at its own sizes: it does not change. */
export function stemPrice(template: Template): Price {
  const [n, c, h, w] = template.input;
  return priceOf(n, c, h, w, template.stem, 'input') as Price;
}

export const noPrice = (): Price => ({ params: 0, multAdds: 0, flops: 0, unfused: 0, fused: 0, launches: 0 });

type DimPrice = Readonly<Record<keyof Price, Dim>>;

function compiled(dim: (key: keyof Price) => Dim): PriceForm {
  const forms = PRICES.map((key) => [key, compile(dim(key), SYMBOLS)] as const);
  return (sum, input, growth, channels, layers) => {
    for (const [key, form] of forms) sum[key] += form(input, growth, channels, layers);
  };
}

function priceOf(
  n: number,
  channels: Dim,
  height: number,
  width: number,
  items: readonly Item[],
  name = BODY,
): DimPrice {
  const total: Record<keyof Price, Dim> = noPrice();
  if (items.length === 0) return total;
  const net = Builder.start();
  const input = net.input([n, channels, height, width], name);
  const output = buildItems(net, items, new Map<string, Value>([[name, input]]));
  for (const shaped of shapedNodes(net.finish('part', output))) {
    const { params, multAdds, memoryAccess } = countsOf(shaped);
    const more = {
      params,
      multAdds,
      flops: flopsOf(shaped, multAdds),
      unfused: memoryAccess.unfused,
      fused: memoryAccess.fused,
    };
    for (const [key, value] of Object.entries(more)) total[key as keyof Price] = add(total[key as keyof Price], value);
    if (opOf(shaped.node.op).traffic !== 'view') total.launches = add(total.launches, 1);
  }
  return total;
}
