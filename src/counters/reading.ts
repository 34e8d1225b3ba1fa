// What could a figure have meant? Each counter's total, as it is, doubled or halved, of a batch, or at another input.

import type { ImageSize } from '../families/family.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import type { Figure } from './figure.js';
import { fixed, inMega } from './printed.js';
import { reconcile, type Reconciliation } from './reconcile.js';

export interface Reading {
  readonly count: number;
  /** "timm gmacs", "params". */
  readonly who: string;
  /** As the tool would write it, undefined for what no tool prints so. */
  readonly printed: string | undefined;
  readonly counts: NonNullable<Figure['word']>;
  /** 2 for a count of multiply-adds that someone doubled, 0.5 for operations that someone halved. */
  readonly factor: number;
  readonly images: number;
  readonly input: ImageSize;
  /** How much has to be assumed: 0 for what a tool prints for one image of the model's own input. */
  readonly assumed: number;
}

const SQUARE = (side: number): readonly [number, number] => [side, side];
/** Inputs that results are published at, and how far each is from the usual. */
const USUAL = [224, 256, 288, 320, 384].map(SQUARE);
const RARE = [
  ...[32, 64, 96, 128, 160, 192, 240, 260, 299, 300, 380, 416, 448, 480, 512, 600, 608, 640, 800, 1024].map(SQUARE),
  ...([
    [800, 1280],
    [800, 1333],
    [512, 1024],
    [1024, 2048],
  ] as const),
];
const BATCHES = [2, 4, 8, 16, 32, 64, 128, 256];

const ASSUMED = { factor: 2, usualInput: 2, rareInput: 3, batch: 3 };

/** Every reading of `model`, the likelier ones first; inputs that it does not admit have none. */
export function* readings(model: Model, input: ImageSize): Iterable<Reading> {
  const own = reconcile(model, 1, input);
  yield* plain(own, input, 0);
  yield* rescaled(own, input, 0);
  for (const [sides, assumed] of [
    [USUAL, ASSUMED.usualInput],
    [RARE, ASSUMED.rareInput],
  ] as const)
    for (const [h, w] of sides) {
      const other: ImageSize = [input[0], h, w];
      const there = h === input[1] && w === input[2] ? undefined : admitted(model, other);
      if (!there) continue;
      // Parameters are the same at every input, or the network is another one.
      yield* [...plain(there, other, assumed)].filter(({ counts }) => counts !== 'params');
      yield* rescaled(there, other, assumed);
    }
  for (const images of BATCHES) yield* batched(own, input, images);
}

function admitted(model: Model, input: ImageSize): Reconciliation | undefined {
  try {
    return reconcile(model, 1, input);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function* plain({ params, flops, counters }: Reconciliation, input: ImageSize, assumed: number): Iterable<Reading> {
  const shared = { factor: 1, images: 1, input, assumed };
  for (const counter of counters)
    yield { ...shared, count: counter.total, who: counter.title, printed: counter.printed, counts: counter.measures };
  yield { ...shared, count: params, who: 'params', printed: inMega(2)(params), counts: 'params' };
  yield { ...shared, count: flops, who: 'flopscope FLOPs', printed: fixed(flops / 1e9, 2), counts: 'operations' };
}

function* rescaled({ counters }: Reconciliation, input: ImageSize, assumed: number): Iterable<Reading> {
  for (const counter of counters) {
    if (counter.measures === 'activations') continue;
    const [factor, now] = counter.measures === 'multAdds' ? [2, 'operations' as const] : [0.5, 'multAdds' as const];
    yield {
      ...{ count: factor * counter.total, who: counter.title, printed: undefined, counts: now },
      ...{ factor, images: 1, input, assumed: assumed + ASSUMED.factor },
    };
  }
}

/** Counters that make their own input never see a batch. */
function* batched({ counters }: Reconciliation, input: ImageSize, images: number): Iterable<Reading> {
  for (const counter of counters.filter(({ oneImage }) => !oneImage))
    yield {
      ...{ count: images * counter.total, who: counter.title, printed: undefined, counts: counter.measures },
      ...{ factor: 1, images, input, assumed: ASSUMED.batch },
    };
}
