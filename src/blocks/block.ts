// A block: a few ops with fields of their own. Its cost is the sum of its nodes' costs.

import type { Builder } from '../builder.js';
import type { Fields, Given, Values } from '../fields.js';
import { complete } from '../fields.js';
import { div, type Dim } from '../dim/dim.js';
import type { Value } from '../graph.js';
import { locate } from '../inputError.js';

export interface Block<F extends Fields = Fields> {
  /** One line of documentation. */
  readonly about: string;
  /** Where it was published. */
  readonly paper?: string;
  readonly fields: F;
  /** Adds its nodes below a path and returns its output. */
  build(net: Builder, x: Value, values: Values<F>): Value;
}

/** Checks the types of the fields in the literal. */
export const block = <F extends Fields>(definition: Block<F>): Block<F> => definition;

/** Builds a block with its defaults filled in. */
export const addBlock = <F extends Fields>(definition: Block<F>, net: Builder, x: Value, given: Given<F>): Value =>
  definition.build(net, x, complete(definition.fields, given));

/**
 * An equal share of some channels.
 * @param what the error's words for what is divided, and why
 * @param field that holds the channels
 */
export function share(channels: Dim, parts: number, what: string, field?: string): Dim {
  try {
    return div(channels, parts);
  } catch (error) {
    throw locate(error, what, field);
  }
}
