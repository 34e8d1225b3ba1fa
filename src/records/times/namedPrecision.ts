// The precision and the mode that the name of a file of times states, as timm writes it.

import type { ModeName } from '../../devices/modes.js';

/** "amp" of benchmark-infer-amp-nchw-pt240.csv; undefined where no name is in it. */
export const precisionOfName = (name: string): string | undefined =>
  /(?:^|[^a-z0-9])(amp|fp16|float16|half|bf16|bfloat16|fp32|float32|tf32|int8)(?:[^a-z0-9]|$)/i
    .exec(name)?.[1]
    ?.toLowerCase();

/** Bytes of an element: automatic mixed precision moves halves. */
export function bytesOfName(precision: string): number | undefined {
  if (/amp|16|half/i.test(precision)) return 2;
  if (/int8/i.test(precision)) return 1;
  return /32/.test(precision) ? 4 : undefined;
}

/**
 * "benchmark-infer-amp-nhwc-pt240-rtx4090.csv" is eager-nhwc; undefined where the name says too
 * little.
 */
export function modeOfName(name: string): ModeName | undefined {
  const precision = precisionOfName(name);
  const compiled = /dynamo|compile|inductor/i.test(name);
  if (precision === undefined) return undefined;
  if (/(?:^|[^a-z0-9])cpu(?:[^a-z0-9]|$)/i.test(name) || bytesOfName(precision) !== 2)
    return compiled ? 'compiled-own' : 'eager-own';
  return compiled ? 'compiled' : /nhwc|channels.?last/i.test(name) ? 'eager-nhwc' : 'eager';
}
