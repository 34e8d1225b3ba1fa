// What shape has that which is computed from constants? Its node is run on a graph that is thrown away.

import { Builder, type OpGiven } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { OpName } from '../../ops/table.js';
import { Conversion, resultsOf, type Made, type Target } from './convert/conversion.js';
import { rowOf } from './convert/table.js';
import type { OnnxNode } from './messages.js';
import { isConstant, type Constant, type Operand } from './operand.js';

/** For constants whose numbers are not at hand, such as weights in another order. */
export class Scratch implements Target {
  private readonly net = Builder.start();
  private count = 0;

  run(node: OnnxNode, opset: number, inputs: readonly (Operand | undefined)[]): Made {
    const learnt = inputs.find((input) => input && isConstant(input) && input.learnt !== undefined) as
      Constant | undefined;
    const made = rowOf(node.opType ?? '')!.convert(new Conversion(node, opset, inputs, this));
    return resultsOf(made).map((one): Operand | undefined =>
      one === undefined || isConstant(one)
        ? one
        : {
            constant: true,
            type: learnt?.type ?? 'float',
            shape: one.shape,
            ...(learnt?.learnt === undefined ? {} : { learnt: learnt.learnt }),
          },
    );
  }

  apply<K extends OpName>(op: K, inputs: readonly Value[], given: OpGiven<K>): Value {
    return this.net.apply(op, String(this.count++), inputs, given);
  }

  held(constant: Constant): Value {
    return this.net.input(constant.shape, `held${this.count++}`);
  }

  isRead(): boolean {
    return false;
  }
}
