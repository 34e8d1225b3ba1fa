// The most memory that activations and their gradients take, by a walk through both passes.

import type { Dim } from '../dim/dim.js';
import { PreparedTape } from './preparedTape.js';
import type { Span } from './segment.js';
import type { Tape } from './tape.js';
import { Walk, type Peak } from './walk.js';

export type { Peak } from './walk.js';

/** The peak of a graph with symbols. */
export interface PeakForm {
  readonly form: Dim;
  /** The number of the allocation that reaches it, counted from 1. */
  readonly allocation: number;
}

/**
 * The least peak of eager execution: every tensor is freed as soon as no step and no gradient needs
 * it. Images, parameters, their gradients and an optimiser's state are left out, and so are
 * workspaces of kernels.
 * @throws InputError where a size is not a number, or bytes pass 2^53
 */
export const peakOf = (tape: Tape, segments: readonly Span[]): Peak => peaksOf(tape)(segments);

/** The same of one tape under many sets of segments. */
export function peaksOf(tape: Tape): (segments: readonly Span[]) => Peak {
  const prepared = new PreparedTape(tape, {});
  return (segments) => new Walk(prepared, segments).run();
}

/**
 * Bytes in use at one allocation, with symbols for sizes. At other sizes the peak is that or more.
 * @param values of the symbols, where `allocation` is not given: the one of the peak at these sizes
 */
export function peakForm(
  tape: Tape,
  segments: readonly Span[],
  values: Readonly<Record<string, number>>,
  allocation?: number,
): PeakForm {
  const prepared = new PreparedTape(tape, values);
  const reached = allocation ?? new Walk(prepared, segments).peakAllocation();
  return { form: new Walk(prepared, segments).formAt(reached), allocation: reached };
}
