// A head that several levels share. Each level has layers of its own; all use the first's
// parameters.

import type { Builder, OpGiven } from '../builder.js';
import type { Value } from '../graph.js';
import type { OpName } from '../ops/table.js';

/** Adds a node on one level. The first node of a name owns the parameters of all with that name. */
export class SharedHead {
  private readonly owners = new Map<string, Value>();

  /**
   * @param net the path of the level
   * @param name of the layer in the head
   */
  apply<K extends OpName>(net: Builder, op: K, name: string, x: Value, given?: OpGiven<K>): Value {
    const owner = this.owners.get(name);
    const made = net.apply(op, name, x, given, owner);
    if (owner === undefined) this.owners.set(name, made);
    return made;
  }
}
