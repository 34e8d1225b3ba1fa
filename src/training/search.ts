// Finds the set of checkpoints that recomputes the least among those whose peak fits a budget.

import { InputError } from '../inputError.js';
import { counted } from '../plural.js';
import { candidatesOf, namer, SEARCHED } from './candidates.js';
import { repeatable, rerun, savesAnything, spansMeant, spansOfKind, type Segment } from './checkpoint.js';
import { decisionsOf, type Decisions } from './decisions.js';
import { cheapestOf, frontOf, leastPeak, leastWork, type Front } from './front.js';
import { peaksOf, type Peak } from './peak.js';
import { KINDS, spanKey, type Span } from './segment.js';
import { workOf } from './stepCost.js';
import type { Tape } from './tape.js';

export interface Best {
  readonly segments: readonly Segment[];
  readonly peak: Peak;
  readonly recomputedMultAdds: number;
  /** Whether it is proved that no searched set recomputes less and fits. */
  readonly proved: boolean;
  /** A lower bound of what a fitting set recomputes; undefined where none is known. */
  readonly atLeast: number | undefined;
  /** What is searched: words of `SEARCHED`, or the names that were given. */
  readonly of: readonly string[];
  /** Arguments of `segmentsOf` that give the same segments. */
  readonly names: readonly string[];
  readonly front: Front;
  /** Segments of spans of the front, with names. */
  segmentsOf(spans: readonly Span[]): readonly Segment[];
}

/** By how much a network misses a memory budget. */
export interface Miss {
  /** Bytes that the peak may have. */
  readonly budget: number;
  /** The least peak that was found, in bytes, and how many segments it has under a checkpoint. */
  readonly leastPeakBytes: number;
  readonly segments: number;
  /** What was searched, as `Best.of`. */
  readonly of: readonly string[];
  /** Whether every set was looked at. */
  readonly exact: boolean;
}

/** No set of checkpoints fits in a budget. */
export class NoSetFits extends InputError {
  constructor(
    message: string,
    readonly miss: Miss,
  ) {
    super(message);
  }

  override saying(message: string): NoSetFits {
    return new NoSetFits(message, this.miss);
  }
}

/**
 * The set of least work whose peak fits. Sets may mix stages, blocks, groups of layers and concats,
 * or what is named. Exact up to about a million partial sets. Beyond that it follows an even sample
 * of them, and gives a lower bound for the work of any set.
 * @param wanted names as `candidatesOf` takes them
 * @param budget bytes of activations and their gradients
 * @throws NoSetFits, and InputError as `candidatesOf` does
 */
export function bestWithin(tape: Tape, wanted: readonly string[] | undefined, budget: number): Best {
  const decisions = decisionsOf(tape, candidatesOf(tape, wanted));
  const of = wanted ?? SEARCHED;
  const cheapest = cheapestOf(decisions, budget);
  if (!cheapest) return refuse(decisions, of, budget);
  const { choice, exact } = cheapest;
  const { recomputedMultAdds } = choice;
  const atLeast = exact ? recomputedMultAdds : leastWork(decisions, { budget, below: recomputedMultAdds });
  const named = namer(tape);
  const peakOf = peaksOf(tape);
  const fits = (some: readonly Span[]): boolean => peakOf(some).bytes <= budget;
  const spans = withoutFree(tape, choice.spans, fits, wanted);
  const segments = spans.map(named);
  return {
    ...{ segments, peak: peakOf(spans), recomputedMultAdds },
    ...{ proved: atLeast === recomputedMultAdds, atLeast, of, names: shortNames(tape, segments) },
    front: frontOf(decisions),
    segmentsOf: (some) => some.map(named),
  };
}

function refuse(decisions: Decisions, of: readonly string[], budget: number): never {
  const { peakBytes, spans } = leastPeak(decisions);
  const miss: Miss = { budget, leastPeakBytes: peakBytes, segments: spans.length, of, exact: decisions.whole };
  throw new NoSetFits(`${missText(miss)}; take a smaller batch or input`, miss);
}

/** Which budget is missed, and by how much. */
export const missText = ({ budget, leastPeakBytes, segments, of, exact }: Miss): string =>
  `no set of checkpoints of ${of.join(', ')}${exact ? '' : ' that was looked at'} fits in ${budget} bytes: ` +
  `the least peak${exact ? '' : ' that was found'} is ${leastPeakBytes} bytes, ${leastPeakBytes - budget} too many, ` +
  `with ${counted(segments, 'segment')} under a checkpoint`;

/**
 * The set without segments that recompute no multiply-add, as far as it fits without them. Kinds
 * stay complete.
 */
function withoutFree(
  tape: Tape,
  spans: readonly Span[],
  fits: (spans: readonly Span[]) => boolean,
  wanted: readonly string[] | undefined,
): readonly Span[] {
  const paying = spans.filter((span) => workOf(rerun(tape, span)) > 0);
  if (fits(paying)) return paying;
  return kindsWhole(tape, spans, fits, wanted) ?? leaner(tape, spans, fits);
}

/**
 * The set with its partial kinds completed, where that recomputes no multiply-add and fits: the
 * kind is then one name. Undefined where there is no such kind.
 */
function kindsWhole(
  tape: Tape,
  spans: readonly Span[],
  fits: (spans: readonly Span[]) => boolean,
  wanted: readonly string[] = KINDS,
): readonly Span[] | undefined {
  let found: readonly Span[] | undefined;
  for (const kind of KINDS.filter((one) => wanted.includes(one))) {
    const now = found ?? spans;
    const has = new Set(now.map(spanKey));
    const whole = spansOfKind(tape, kind);
    const own = whole.filter((span) => has.has(spanKey(span)));
    const more = whole.filter((span) => !now.some((one) => overlap(one, span)));
    const usable = more.every((span) => repeatable(tape, span) && savesAnything(tape, span));
    if (own.length === 0 || !usable || [...own, ...more].some((span) => workOf(rerun(tape, span)) > 0)) continue;
    const all = [...now, ...more].sort((a, b) => a.first - b.first);
    if (fits(all)) found = all;
  }
  return found;
}

const overlap = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last;

/** The most segments whose removal is tried. */
const MOST_TRIED = 64;

/** Removes segments that recompute no multiply-add, where the set fits without them. */
function leaner(tape: Tape, spans: readonly Span[], fits: (spans: readonly Span[]) => boolean): readonly Span[] {
  const free = spans.filter((span) => workOf(rerun(tape, span)) === 0).slice(0, MOST_TRIED);
  return free.reduce((found, span) => {
    const without = found.filter((one) => one !== span);
    return fits(without) ? without : found;
  }, spans);
}

/** Names of segments, with a kind in place of several names where it selects them. */
function shortNames(tape: Tape, segments: readonly Segment[]): readonly string[] {
  const keys = segments.map(spanKey).join();
  let names = segments.map(({ name }) => name);
  for (const kind of KINDS) {
    const whole = new Set(spansOfKind(tape, kind).map(spanKey));
    const own = new Set(segments.filter((one) => whole.has(spanKey(one))).map(({ name }) => name));
    const shorter = [kind, ...names.filter((name) => !own.has(name))];
    if (shorter.length < names.length && spansMeant(tape, shorter) === keys) names = shorter;
  }
  return names;
}
