// Lists of tensors in graphs of TensorFlow, which loops of recurrent layers read and write.

import type { Results } from '../kit/call.js';
import { isConstant } from '../kit/operand.js';
import { listRows } from '../kit/tensorLists.js';
import { partOf, reshaped, withoutSides } from './reshaping.js';
import { layoutOf, type Call, type TfCall } from './tfCall.js';

const LISTS = listRows<TfCall>({
  of: (call, x) => (isConstant(x) ? x.shape : layoutOf(call).theirs(x.shape)),
  stacked(call, values) {
    const { layout } = call.file;
    const wide = values.map((x, i) => reshaped(call, x, [1, ...layout.theirs(x.shape)], `side${i}`, layout));
    const axis = layout.side(0, wide[0]!.shape.length);
    return wide.length === 1 ? wide[0]! : call.apply('concat', wide, { axis });
  },
  part: (call, x, i) => withoutSides(call, partOf(call, x, 0, i, 1, `part${i}`), [0]),
});

export const isListOp = (op: string): boolean => Object.hasOwn(LISTS, op);

/** Undefined for any other op. */
export const listed = (call: Call): Results | undefined => (isListOp(call.op) ? LISTS[call.op]!(call) : undefined);
