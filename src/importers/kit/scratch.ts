// The shapes that a row makes of constants, found on a graph that is thrown away.

import { Builder, type OpGiven } from '../../builder.js';
import type { Value } from '../../graph.js';
import { opOf, type OpName } from '../../ops/table.js';
import type { Shape } from '../../shape.js';
import { Call, resultsOf, type FileCall, type OpRow, type Target } from './call.js';
import type { Constant, Operand } from './operand.js';

export interface Scratched {
  readonly type: Constant['type'];
  /** One for each output of the call. */
  readonly shapes: readonly (Shape | undefined)[];
  /** Whether one of the ops multiplies matrices or convolves. */
  readonly multiplies: boolean;
}

/** Undefined for a row that runs an inner graph, whose calls are folded one by one. */
export function shapesOf<C extends FileCall>(
  call: C,
  inputs: readonly (Operand | undefined)[],
  row: OpRow<C>,
): Scratched | undefined {
  const target = new Scratch<C>();
  let made;
  try {
    made = resultsOf(row(new Call(call, inputs, target)));
  } catch (error) {
    if (error instanceof InnerGraph) return undefined;
    throw error;
  }
  const types = inputs.map((one) => one && 'constant' in one && one.type);
  return {
    type: types.includes('float') || types.length === 0 ? 'float' : 'int',
    shapes: made.map((one) => one?.shape),
    multiplies: target.multiplies,
  };
}

class InnerGraph extends Error {}

class Scratch<C extends FileCall> implements Target<C> {
  multiplies = false;
  private readonly net = Builder.start();
  private count = 0;

  apply<K extends OpName>(_: C, op: K, inputs: readonly Value[], given: OpGiven<K>): Value {
    if (opOf(op).multAdds) this.multiplies = true;
    return this.net.apply(op, String(this.count++), inputs, given);
  }

  asValue(_: C, { shape }: Constant): Value {
    return this.net.input(shape, String(this.count++));
  }

  inline(): never {
    throw new InnerGraph();
  }

  norm(): void {
    // What is thrown away has no mode.
  }

  drop(): void {
    // Shapes stay what they are.
  }

  isRead(): boolean {
    return true;
  }
}
