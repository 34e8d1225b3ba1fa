// The items of a free config: one op or block each, with sizes that may be symbols.

import { addBlock } from '../blocks/block.js';
import { BLOCKS } from '../blocks/table.js';
import type { Builder } from '../builder.js';
import type { Fields, Given } from '../fields.js';
import type { Value } from '../graph.js';
import { isOpName } from '../ops/table.js';

/** What a config file may say of one layer, with every name and source written out. */
export interface Item {
  /** An op or a block. */
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly from: readonly string[];
}

/** Builds items in order. @returns the output of the last */
export function buildItems(net: Builder, items: readonly Item[], known: Map<string, Value>): Value {
  let last: Value | undefined;
  for (const { kind, fields, name, from } of items) {
    const inputs = from.map((source) => known.get(source)!);
    last = isOpName(kind)
      ? net.apply(kind, name, inputs, fields)
      : addBlock(BLOCKS[kind]!, net.at(name, { block: name }), inputs[0]!, fields as Given<Fields>);
    known.set(name, last);
  }
  return last!;
}
