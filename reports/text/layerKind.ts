// Names a layer in two words: "conv 3x3 /2 g32".

import type { Layer } from '../../src/profile.js';
import { by } from './number.js';

export function kindOf({ op, kernel, stride, groups, dilation }: Layer): string {
  const equalStrides = stride?.every((step) => step === stride[0]) ?? true;
  const strided = stride?.some((step) => step !== 1) ? ` /${equalStrides ? stride[0] : by(stride)}` : '';
  const dilated = dilation?.some((step) => step !== 1) ? ` d${by(dilation)}` : '';
  return `${op}${kernel ? ` ${by(kernel)}` : ''}${strided}${dilated}${groups !== null && groups > 1 ? ` g${groups}` : ''}`;
}
