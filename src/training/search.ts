// Finds the set of checkpoints that pays the least again and whose peak fits in a budget.

import { exact } from '../dim/dim.js';
import { InputError } from '../inputError.js';
import { counted } from '../plural.js';
import { setsByWork } from './ascending.js';
import { blocksAndRests, segmentsOf, type Segment } from './checkpoint.js';
import { frontOfProblem, keptBytesOf, problemOf, type Choice, type Front, type Problem } from './front.js';
import { peaksOf, type Peak } from './peak.js';
import type { Tape } from './tape.js';

export interface CheckpointSet extends Choice {
  readonly peak: Peak;
}

export interface Best {
  readonly found: CheckpointSet;
  /**
   * Whether every set of these kinds that pays less was tried, or keeps more than the budget. Where
   * there are too many sets, this is the best of those that were looked at.
   */
  readonly proved: boolean;
  /** What its segments are, and the front of bytes kept against work of their sets. */
  readonly of: readonly string[];
  readonly front: Front;
  /** The peak of any set of these segments. */
  peakOf(segments: readonly Segment[]): Peak;
}

/** What is searched where the user names no kind. */
export const SEARCHED_KINDS: readonly (readonly string[])[] = [['block'], ['concat'], ['stage']];

/** Up to this many segments all sets are tried: 4096 at most. */
const ALL_SETS = 12;
/** Walks for the peak that one search of more segments makes, by their steps: some seconds. */
const walksFor = ({ steps }: Tape): number => Math.max(300, Math.floor(600_000 / Math.max(1, steps.length)));

/**
 * The set of least work whose peak fits, over several kinds of segments. At equal work the first
 * kind wins. A kind that cannot run again in this network is passed over, unless it is alone.
 * @param kinds each a list as `segmentsOf` takes it; blocks stand with what is outside of them
 * @param budget bytes of activations and their gradients
 * @throws InputError where no set fits
 */
export function bestWithin(tape: Tape, kinds: readonly (readonly string[])[], budget: number): Best {
  const searches = kinds.flatMap((of) => {
    const segments =
      kinds.length === 1 ? segmentsOf(tape, of) : of.join() === 'block' ? blocksAndRests(tape) : runnable(tape, of);
    return segments ? [new Search(tape, of, segments, budget)] : [];
  });
  let best: { readonly found: CheckpointSet; readonly search: Search } | undefined;
  const take = (search: Search, found: CheckpointSet | undefined): void => {
    if (found && (!best || found.recomputedMultAdds < best.found.recomputedMultAdds)) best = { found, search };
  };
  for (const search of searches) take(search, search.look());
  let proved = true;
  for (const search of searches) {
    const { found, complete } = search.prove(best?.found.recomputedMultAdds ?? Infinity);
    take(search, found);
    proved &&= complete;
  }
  if (!best) return refuse(budget, kinds, searches, proved);
  const { search } = best;
  const found = search.leaner(best.found);
  return { found, proved, of: search.of, front: search.front, peakOf: (segments) => search.peaks(segments) };
}

/** The segments of a kind; undefined where one of them cannot run again. */
export function runnable(tape: Tape, of: readonly string[]): readonly Segment[] | undefined {
  try {
    return segmentsOf(tape, of);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function refuse(
  budget: number,
  kinds: readonly (readonly string[])[],
  searches: readonly Search[],
  proved: boolean,
): never {
  const [least] = searches.map((search) => search.least).sort((a, b) => a.peak.bytes - b.peak.bytes);
  throw new InputError(
    `no set of checkpoints of ${kinds.map((of) => of.join(' and ')).join(', ')}${proved ? '' : ' that was looked at'} fits in ${budget} bytes: ` +
      `the least peak${proved ? '' : ' that was found'} is ${least!.peak.bytes} bytes, ` +
      `with ${counted(least!.segments.length, 'segment')} under a checkpoint; take a smaller batch or input`,
  );
}

/** Of each segment whether it is in the set. */
type Chosen = readonly boolean[];

/** The search among the sets of one kind of segments. */
class Search {
  readonly front: Front;
  readonly peaks: (segments: readonly Segment[]) => Peak;
  /** The least peak that was looked at. */
  least: CheckpointSet;
  private readonly problem: Problem;
  private readonly known = new Map<string, CheckpointSet>();
  /** Walks that are left, and those that only the proof may use. */
  private walks: number;
  private reserve: number;

  constructor(
    tape: Tape,
    readonly of: readonly string[],
    segments: readonly Segment[],
    private readonly budget: number,
  ) {
    this.problem = problemOf(tape, segments);
    this.front = frontOfProblem(this.problem);
    this.peaks = peaksOf(tape);
    this.reserve = this.size <= ALL_SETS ? Infinity : walksFor(tape) / 2;
    this.walks = this.reserve;
    this.least = this.at(this.problem.segments.map(() => false));
  }

  private get size(): number {
    return this.problem.segments.length;
  }

  /** A good set that fits, if one is found: the first on the front, made cheaper step by step. */
  look(): CheckpointSet | undefined {
    const sets = this.front.choices.map(({ segments }) => this.chosenOf(segments));
    const start = sets.find((chosen) => this.fits(chosen)) ?? this.lowered(sets);
    if (!start) return undefined;
    let best = this.cheaper(start);
    // Sets of the front that pay less and do not fit may fit with one more segment.
    for (const chosen of sets.reverse()) {
      const larger = this.toggled(chosen, (i) => !chosen[i]);
      const found = this.ofWork(larger, best).find((more) => this.fits(more));
      if (found) best = this.cheaper(found);
    }
    return this.at(best);
  }

  /**
   * The cheapest set that fits among those that pay less than `work`; `complete` where none of them
   * was left out.
   */
  prove(work: number): { readonly found?: CheckpointSet; readonly complete: boolean } {
    [this.walks, this.reserve] = [Math.max(0, this.walks) + this.reserve, 0];
    for (const chosen of setsByWork(this.problem.again, work, this.size <= ALL_SETS ? 2 ** ALL_SETS : 20_000)) {
      if (chosen === undefined) return { complete: false };
      // A peak is no less than what is kept.
      const kept = keptBytesOf(this.problem, chosen);
      if (kept > this.budget && (work < Infinity || kept >= this.least.peak.bytes)) continue;
      if (this.exhausted(chosen)) return { complete: false };
      const found = this.at(chosen);
      if (found.peak.bytes <= this.budget) return { found, complete: true };
    }
    return { complete: true };
  }

  /**
   * The same without segments that cost no multiply-adds, where it fits without them. All of a kind
   * stays whole: it is one name.
   */
  leaner(found: CheckpointSet): CheckpointSet {
    if (found.segments.length === this.size) return found;
    let best = this.chosenOf(found.segments);
    for (const i of best.keys()) {
      const without = best.with(i, false);
      if (best[i] && this.problem.again[i] === 0 && this.fits(without)) best = without;
    }
    return this.at(best);
  }

  /** The same with segments left out, or replaced by cheaper ones, as long as it fits. */
  private cheaper(start: Chosen): Chosen {
    let best = start;
    for (;;) {
      const current = best;
      const fewer = this.toggled(current, (i) => current[i] === true);
      const swapped = fewer.flatMap((chosen) => this.toggled(chosen, (i) => !current[i]));
      const next = this.ofWork([...fewer, ...swapped], current).find((chosen) => this.fits(chosen));
      if (!next) return best;
      best = next;
    }
  }

  /** A set that fits, by steps that lower the peak from the least one of some sets. */
  private lowered(sets: readonly Chosen[]): Chosen | undefined {
    for (const chosen of sets) if (!this.exhausted(chosen)) this.at(chosen);
    let current = this.chosenOf(this.least.segments);
    for (;;) {
      const before = this.at(current).peak.bytes;
      let next: Chosen | undefined;
      for (const chosen of this.toggled(current, () => true)) {
        if (this.fits(chosen)) return chosen;
        if (this.exhausted(chosen)) return undefined;
        if (this.at(chosen).peak.bytes < this.at(next ?? current).peak.bytes) next = chosen;
      }
      if (!next || this.at(next).peak.bytes >= before) return undefined;
      current = next;
    }
  }

  /** Sets that differ in one segment. */
  private toggled(chosen: Chosen, may: (i: number) => boolean): readonly Chosen[] {
    return chosen.flatMap((is, i) => (may(i) ? [chosen.with(i, !is)] : []));
  }

  /** Those that pay less than another set, the cheapest first. */
  private ofWork(sets: readonly Chosen[], than: Chosen): readonly Chosen[] {
    const most = this.workOf(than);
    return sets
      .map((chosen) => ({ chosen, work: this.workOf(chosen) }))
      .filter(({ work }) => work < most)
      .sort((a, b) => a.work - b.work)
      .map(({ chosen }) => chosen);
  }

  private fits(chosen: Chosen): boolean {
    if (keptBytesOf(this.problem, chosen) > this.budget || this.exhausted(chosen)) return false;
    return this.at(chosen).peak.bytes <= this.budget;
  }

  private exhausted(chosen: Chosen): boolean {
    return this.walks <= 0 && !this.known.has(keyOf(chosen));
  }

  private at(chosen: Chosen): CheckpointSet {
    const key = keyOf(chosen);
    const known = this.known.get(key);
    if (known) return known;
    this.walks--;
    const segments = this.problem.segments.filter((_, i) => chosen[i]);
    const found: CheckpointSet = {
      segments,
      keptBytes: keptBytesOf(this.problem, chosen),
      recomputedMultAdds: this.workOf(chosen),
      peak: this.peaks(segments),
    };
    this.known.set(key, found);
    if (this.known.size === 1 || found.peak.bytes < this.least.peak.bytes) this.least = found;
    return found;
  }

  private workOf(chosen: Chosen): number {
    return this.problem.again.reduce((sum, work, i) => (chosen[i] ? exact(sum + work) : sum), 0);
  }

  private chosenOf(segments: readonly Segment[]): Chosen {
    const has = new Set(segments);
    return this.problem.segments.map((segment) => has.has(segment));
  }
}

const keyOf = (chosen: Chosen): string => chosen.map((is) => (is ? '1' : '0')).join('');
