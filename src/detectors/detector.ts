// A detector: a neck and heads on the feature maps of any backbone.

import type { Builder } from '../builder.js';
import type { ImageSize } from '../families/family.js';
import type { Fields, Values } from '../fields.js';
import type { Value } from '../graph.js';

/**
 * The backbone's feature maps by their stride: input pixels from one position to the next, a power
 * of two.
 */
export type Features = ReadonlyMap<number, Value>;

export interface Detector<F extends Fields = Fields> {
  readonly name: string;
  readonly about: string;
  /** The paper, and the implementation that it follows. */
  readonly links: readonly string[];
  /** The image size that it was published with. */
  readonly input: ImageSize;
  /** Strides at which the backbone must have a feature map. */
  readonly needs: readonly number[];
  /** Strides at which it reads a feature map if there is one. */
  readonly takes?: readonly number[];
  readonly fields: F;
  /** @returns the outputs of the heads, without box decoding and NMS, which depend on data */
  build(net: Builder, features: Features, config: Values<F>): readonly Value[];
}

/** Checks the types of the fields in the literal. */
export const detector = <F extends Fields>(definition: Detector<F>): Detector<F> => definition;

/** The stages of a detector: `--by stage` sums over them, `--by block` over the blocks in them. */
export const part = (net: Builder, stage: 'neck' | 'heads', block: string): Builder => net.at(block, { stage, block });
