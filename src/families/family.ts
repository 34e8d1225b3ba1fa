// A family: a table of variants, and one function that builds any of them.

import type { Builder } from '../builder.js';
import type { Fields, Given, Values } from '../fields.js';
import type { Value } from '../graph.js';

/** [channels, height, width] that a variant is published for. */
export type ImageSize = readonly [number, number, number];

export const IMAGENET: ImageSize = [3, 224, 224];
export const CIFAR: ImageSize = [3, 32, 32];

/** The bounds include all published width multipliers. */
export const WIDTHS = { least: 0.01, most: 100 };

export interface Family<F extends Fields = Fields> {
  /** Its name in a config file. */
  readonly name: string;
  readonly about: string;
  /** Where it was published, and the implementation that its names follow. */
  readonly links: readonly string[];
  readonly input: ImageSize;
  readonly fields: F;
  readonly variants: Readonly<Record<string, Given<F>>>;
  /** @returns the network's outputs */
  build(net: Builder, x: Value, config: Values<F>): Value | readonly Value[];
}

/** Checks the types of the fields in the literal. */
export const family = <F extends Fields>(definition: Family<F>): Family<F> => definition;
