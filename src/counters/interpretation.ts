// The counts that a figure could be: a counter's total, doubled or halved, per batch or input.

import type { ImageSize } from '../families/family.js';
import type { Folding, Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { graphOf, type Model } from '../model.js';
import { totalOf } from './count.js';
import type { Counter } from './counter.js';
import type { PrintedFigure } from './figure.js';
import { inGiga, inMega } from './printed.js';
import { implementationOf } from './implementation.js';
import { networkIn } from './reconcile.js';
import { COUNTERS } from './table.js';
import { unfolded } from './unfolded.js';

export interface Interpretation {
  readonly count: number;
  /** "timm gmacs", "params". */
  readonly who: string;
  /** As the tool would write it, undefined for what no tool prints so. */
  readonly printed: string | undefined;
  readonly counts: NonNullable<PrintedFigure['word']>;
  /**
   * 2 for a count of multiply-adds that someone doubled, 0.5 for operations that someone halved.
   */
  readonly factor: number;
  readonly images: number;
  readonly input: ImageSize;
  /**
   * Of the network before norms were folded into so many convolutions; undefined for the network as
   * it is.
   */
  readonly unfolded: Unfolded | undefined;
  /** The cost of its assumptions: 0 for a tool's print of one image at the model's own input. */
  readonly assumed: number;
}

export interface Unfolded {
  readonly convolutions: number;
  readonly evidence: Folding['evidence'];
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
/** How it is known that norms were folded: names of weights show it, or it is assumed. */
const ASSUMED_FOLDING: Readonly<Record<Folding['evidence'], number>> = { named: 0, possible: 2 };

/** A network at one input, with the total of each counter. */
interface Read {
  readonly input: ImageSize;
  readonly params: number;
  readonly flops: number;
  readonly totals: readonly (readonly [Counter, total: number])[];
  readonly unfolded: Unfolded | undefined;
  /** What has to be assumed for it to be the network at all. */
  readonly assumed: number;
}

/**
 * Every interpretation of a model; inputs that it does not admit have none.
 * @throws InputError when it does not admit `input`
 */
export function* interpretations(model: Model, input: ImageSize): Iterable<Interpretation> {
  for (const own of read(model, input)) {
    yield* plain(own);
    yield* constants(own);
    yield* rescaled(own);
    for (const images of BATCHES) yield* batched(own, images);
  }
  for (const [sides, assumed] of [
    [USUAL, ASSUMED.usualInput],
    [RARE, ASSUMED.rareInput],
  ] as const)
    for (const [h, w] of sides)
      for (const there of h === input[1] && w === input[2] ? [] : admitted(model, [input[0], h, w])) {
        const further = { ...there, assumed: there.assumed + assumed };
        yield* plain(further);
        yield* rescaled(further);
      }
}

/** The network as it is, and as it was before its norms were folded. */
function read(model: Model, input: ImageSize): readonly Read[] {
  const graph = graphOf(model, 1, input);
  const { folding } = graph;
  const as = (graph: Graph, unfolded: Unfolded | undefined, assumed: number): Read => {
    const { own, nodes } = networkIn(graph, implementationOf(model));
    const totals = COUNTERS.map((counter) => [counter, totalOf(counter, nodes)] as const);
    return { input, ...own, totals, unfolded, assumed };
  };
  if (!folding) return [as(graph, undefined, 0)];
  const { convolutions, evidence } = folding;
  const before = { convolutions: convolutions.length, evidence };
  return [as(graph, undefined, 0), as(unfolded(graph), before, ASSUMED_FOLDING[evidence])];
}

function admitted(model: Model, input: ImageSize): readonly Read[] {
  try {
    return read(model, input);
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

const shared = { factor: 1, images: 1 };

function* plain({ totals, input, unfolded, assumed }: Read): Iterable<Interpretation> {
  for (const [{ title, print, measures }, count] of totals)
    if (measures !== 'params')
      yield { ...shared, count, who: title, printed: print(count), counts: measures, input, unfolded, assumed };
}

/** What no counter is needed for; parameters are the same at every input. */
function* constants({ params, flops, totals, input, unfolded, assumed }: Read): Iterable<Interpretation> {
  const own = { ...shared, input, unfolded, assumed };
  yield { ...own, count: params, who: 'params', printed: inMega(2)(params), counts: 'params' };
  yield { ...own, count: flops, who: 'flopscope FLOPs', printed: inGiga(2)(flops), counts: 'operations' };
  for (const [{ title, print, measures }, count] of totals)
    if (measures === 'params') yield { ...own, count, who: title, printed: print(count), counts: measures };
}

function* rescaled({ totals, input, unfolded, assumed }: Read): Iterable<Interpretation> {
  for (const [{ title, measures }, total] of totals) {
    if (measures === 'activations' || measures === 'params') continue;
    const [factor, counts] = measures === 'multAdds' ? [2, 'operations' as const] : [0.5, 'multAdds' as const];
    yield {
      ...{ count: factor * total, who: title, printed: undefined, counts, factor, images: 1, input, unfolded },
      assumed: assumed + ASSUMED.factor,
    };
  }
}

/** Counters that make their own input never see a batch. */
function* batched({ totals, input, unfolded, assumed }: Read, images: number): Iterable<Interpretation> {
  for (const [{ title, measures, oneImage }, total] of totals)
    if (!oneImage)
      yield {
        ...{ count: images * total, who: title, printed: undefined, counts: measures, factor: 1, images, input },
        unfolded,
        assumed: assumed + ASSUMED.batch,
      };
}
