// A level of a design: a dense block or an OSA module, whole or cross-stage partial.

import { div, sub, type Dim } from '../dim/dim.js';
import type { Item } from './item.js';

export interface Structure {
  /** DenseNet (arXiv 1608.06993) or VoVNet (arXiv 1904.09730). */
  readonly aggregation: 'dense' | 'osa';
  /** Half of the channels skip the layers and join at the end (CSPNet, arXiv 1911.11929). */
  readonly partial: boolean;
  readonly layers: number;
  /** A 1x1 before each 3x3. */
  readonly bottleneck: boolean;
  /** Groups of the 3x3 convolutions. */
  readonly groups: number;
}

export interface Level extends Structure {
  /** Channels of each layer. */
  readonly growth: number;
  /** Output channels. */
  readonly channels: number;
}

/** Whether a level can read this width: halves are integers, groups divide, OSA has output left. */
export function canRead({ aggregation, partial, bottleneck, groups, channels }: Level, input: number): boolean {
  const source = partial ? input / 2 : input;
  const first = bottleneck && aggregation === 'osa' ? Math.floor(source / 2) : source;
  if (!Number.isInteger(source) || first < 1) return false;
  // With a bottleneck the 3x3 reads growths only, and those are multiples of 8.
  const divides = (aggregation === 'dense' && bottleneck) || first % groups === 0;
  return divides && !(partial && aggregation === 'osa' && channels <= source);
}

/** The change of resolution before a level: none, or half, rounded up or down. */
export type Halving = 'none' | 'up' | 'down';

const POOLS: Readonly<Record<Exclude<Halving, 'none'>, Item['fields']>> = {
  up: { kernel: 3, stride: 2, padding: 1 },
  down: { kernel: 2, stride: 2 },
};

/** Widths that a level is built with: numbers, or symbols for a closed form. */
export interface Widths {
  /** Channels of its input: a multiple of 16, so that halves stay multiples of 8. */
  readonly input: Dim;
  readonly growth: Dim;
  readonly channels: Dim;
}

/** The level's layers; the last is called `name` and has `channels` channels. */
export function levelItems(
  structure: Structure,
  { input, growth, channels }: Widths,
  halving: Halving,
  name: string,
  from: string,
): readonly Item[] {
  const { partial } = structure;
  const items: Item[] = [];
  const add = (kind: string, suffix: string, fields: Item['fields'], ...sources: readonly string[]): string => {
    items.push({ kind, fields, name: name + suffix, from: sources });
    return name + suffix;
  };
  const whole = halving === 'none' ? from : add('maxPool', '_pool', POOLS[halving], from);
  const half = div(input, 2);
  const part = (i: number): Item['fields'] => ({ sizes: [half, half], part: i });
  const skipped = partial ? add('split', '_skip', part(0), whole) : undefined;
  const source = partial ? add('split', '_work', part(1), whole) : whole;
  // OSA ends in its own 1x1. Where half of the channels skip the level, this 1x1 computes the other
  // outputs.
  const own = skipped === undefined ? channels : sub(channels, half);
  const aggregated = AGGREGATIONS[structure.aggregation](structure, growth, own);
  if (structure.aggregation === 'osa') {
    const made = add('osa', skipped === undefined ? '' : '_osa', aggregated, source);
    if (skipped !== undefined) add('concat', '', {}, skipped, made);
    return items;
  }
  const made = add('dense', '_dense', aggregated, source);
  const joined = skipped === undefined ? made : add('concat', '_concat', {}, skipped, made);
  add('convNorm', '', { channels, kernel: 1 }, joined);
  return items;
}

const AGGREGATIONS: Readonly<
  Record<Structure['aggregation'], (structure: Structure, growth: Dim, channels: Dim) => Item['fields']>
> = {
  dense: ({ layers, bottleneck, groups }, growth) => ({ layers, growth, bottleneck, groups }),
  osa: ({ layers, bottleneck, groups }, growth, channels) => ({ layers, growth, channels, bottleneck, groups }),
};

/** "osa 5 x 128, bottleneck, 2 groups -> 256" */
export const levelWords = ({ aggregation, partial, layers, growth, bottleneck, groups, channels }: Level): string =>
  `${partial ? 'partial ' : ''}${aggregation} ${layers} x ${growth}${bottleneck ? ', bottleneck' : ''}${groups > 1 ? `, ${groups} groups` : ''} -> ${channels}`;
