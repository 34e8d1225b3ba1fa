// The terms of a predicted time: each a sum of counts over a network, with a rate of its own.

/** What a term stands for in a breakdown. */
export type TimePart = 'compute' | 'traffic' | 'launches';

export interface TermFacts {
  readonly part: TimePart;
  /** Its name in a sentence. */
  readonly words: string;
  /** What is summed. */
  readonly unit: 'FLOPs' | 'elements' | 'kernels';
}

/**
 * FLOPs are 2 per multiply-add and 1 per element of other ops. Traffic is of activations: elements
 * read and written, at the batch. Weights have a term of their own, since they move once whatever
 * the batch.
 */
export const TERMS = {
  compute: { part: 'compute', words: 'convolutions and elementwise operations', unit: 'FLOPs' },
  linearCompute: { part: 'compute', words: 'matrix products', unit: 'FLOPs' },
  /**
   * FLOPs of each product over its inner length K. Times halfLength over the rate, this is the time
   * that short products lose.
   */
  shortProducts: { part: 'compute', words: 'short inner products', unit: 'FLOPs' },
  conv: { part: 'traffic', words: 'convolutions', unit: 'elements' },
  depthwise: { part: 'traffic', words: 'depthwise convolutions', unit: 'elements' },
  linear: { part: 'traffic', words: 'matrix products', unit: 'elements' },
  elementwise: { part: 'traffic', words: 'batch norms, activations and sums', unit: 'elements' },
  rearranging: { part: 'traffic', words: 'pools, concats and copies', unit: 'elements' },
  softmax: { part: 'traffic', words: 'softmaxes', unit: 'elements' },
  transpose: { part: 'traffic', words: 'transposes', unit: 'elements' },
  norm: { part: 'traffic', words: 'layer norms and group norms', unit: 'elements' },
  learnt: { part: 'traffic', words: 'learnt factors and shifts', unit: 'elements' },
  weights: { part: 'traffic', words: 'weights', unit: 'elements' },
  launches: { part: 'launches', words: 'launches', unit: 'kernels' },
} as const satisfies Record<string, TermFacts>;

export type Term = keyof typeof TERMS;
export const TERM_NAMES = Object.keys(TERMS) as readonly Term[];

/** The sums of a network, or of a layer, at one batch. */
export type Work = Readonly<Record<Term, number>>;

export const NO_WORK: Work = Object.fromEntries(TERM_NAMES.map((term) => [term, 0])) as Work;

export const addWork = (a: Work, b: Work): Work =>
  Object.fromEntries(TERM_NAMES.map((term) => [term, a[term] + b[term]])) as Work;
