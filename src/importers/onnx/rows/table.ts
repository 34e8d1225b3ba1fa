// Which ops of ONNX are read, and what each becomes. An op without a row is reported, never zero.

import { DataDependent } from '../../kit/uncounted.js';
import type { OnnxRow } from '../onnxCall.js';
import { ACTIVATIONS } from './activation.js';
import { ARITHMETIC } from './arithmetic.js';
import { ARRANGEMENTS } from './arrangement.js';
import { ATTENTIONS } from './attention.js';
import { CONVOLUTIONS } from './convolution.js';
import { EARLIEST } from './earliest.js';
import { EINSUMS } from './einsum.js';
import { INDEXING } from './indexing.js';
import { LINEARS } from './linear.js';
import { LOOPS } from './loops.js';
import { MERGED } from './merged.js';
import { NORMS } from './normalization.js';
import { DATA_DEPENDENT, OTHERS } from './others.js';
import { PACKED_ATTENTIONS } from './packedAttention.js';
import { POOLS } from './pooling.js';
import { RECURRENT } from './recurrent.js';
import { RESIZING } from './resizing.js';
import { RUNTIME } from './runtime.js';
import { SEQUENCES } from './sequences.js';
import { SIGNALS } from './signal.js';
import { TEXTS } from './texts.js';
import { lookup } from '../../../lookup.js';

const ROWS: Readonly<Record<string, OnnxRow>> = {
  ...CONVOLUTIONS,
  ...LINEARS,
  ...EINSUMS,
  ...RECURRENT,
  ...NORMS,
  ...POOLS,
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...ARRANGEMENTS,
  ...INDEXING,
  ...RESIZING,
  ...LOOPS,
  ...OTHERS,
  ...ATTENTIONS,
  ...MERGED,
  ...RUNTIME,
  ...PACKED_ATTENTIONS,
  ...SEQUENCES,
  ...SIGNALS,
  ...TEXTS,
  ...EARLIEST,
  ...Object.fromEntries(
    Object.entries(DATA_DEPENDENT).map(([op, why]): [string, OnnxRow] => [
      op,
      {
        convert() {
          throw new DataDependent(why);
        },
      },
    ]),
  ),
};

export const rowOf = (op: string): OnnxRow | undefined => lookup(ROWS, op);
