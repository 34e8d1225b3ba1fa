// What is a known answer? One op, why it is asked, and what a loop counts.

import type { OpGiven } from '../../src/builder.js';
import type { OpName } from '../../src/ops/table.js';
import type { Shape } from '../../src/shape.js';
import type { Counted } from './counting.js';

export interface Case {
  readonly op: OpName;
  readonly reason: string;
  readonly inputs: readonly Shape[];
  readonly given: object;
  readonly counted: Counted;
}

export const of = <K extends OpName>(
  op: K,
  reason: string,
  inputs: readonly Shape[],
  given: OpGiven<K>,
  counted: Counted,
): Case => ({ op, reason, inputs, given, counted });
