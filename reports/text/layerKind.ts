// How is a layer named in two words? "conv 3x3 /2 g32": what a reader needs to tell layers apart.

import type { Layer } from '../../src/profile.js';
import { by } from './number.js';

export function kindOf({ op, kernel, stride, groups, dilation }: Layer): string {
  const strided =
    stride && (stride[0] !== 1 || stride[1] !== 1) ? ` /${stride[0] === stride[1] ? stride[0] : by(stride)}` : '';
  const dilated = dilation && dilation[0] * dilation[1] !== 1 ? ` d${by(dilation)}` : '';
  return `${op}${kernel ? ` ${by(kernel)}` : ''}${strided}${dilated}${groups !== null && groups > 1 ? ` g${groups}` : ''}`;
}
