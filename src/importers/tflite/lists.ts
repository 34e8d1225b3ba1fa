// Lists of tensors (TensorFlow's ops in a TFLite file), which loops of recurrent layers use.

import type { Results } from '../kit/call.js';
import { listRows } from '../kit/tensorLists.js';
import type { TfliteCall } from './network.js';
import { expanded } from './rows/movement.js';
import { fileSides, inFileOrder, plain, regrouped, type Call } from './sides.js';

const LISTS = listRows<TfliteCall>({
  of: (_, x) => fileSides(x),
  stacked(call, values) {
    const parts = values.map((one, i) => {
      const value = plain(call, one, `part${i}`);
      return inFileOrder(regrouped(call, value, expanded(fileSides(value), 0), `side${i}`));
    });
    return parts.length === 1 ? parts[0]! : inFileOrder(call.apply('concat', parts, { axis: 0 }));
  },
  part(call, given, i) {
    const x = plain(call, given);
    const size = x.shape.with(0, 1);
    const begin = size.map((_, side) => (side === 0 ? i : 0));
    const part = inFileOrder(call.apply('slice', x, { begin, size, step: size.map(() => 1) }, {}, `part${i}`));
    return inFileOrder(call.apply('view', part, { shape: x.shape.slice(1) }, {}, `item${i}`));
  },
});

/** The converter keeps TensorFlow's own ops, with this before their names. */
const FLEX = 'Flex';

const nameOf = (op: string): string => (op.startsWith(FLEX) ? op.slice(FLEX.length) : '');

export const isListOp = (op: string): boolean => Object.hasOwn(LISTS, nameOf(op));

/** Undefined for any other operator. */
export const listed = (call: Call): Results | undefined =>
  call.file.custom && isListOp(call.op) ? LISTS[nameOf(call.op)]!(call) : undefined;
