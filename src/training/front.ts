// The Pareto front of sets of checkpoints: peak memory against recomputed multiply-adds.

import { exact } from '../dim/dim.js';
import type { Arc, Decisions } from './decisions.js';
import type { Span } from './segment.js';

/** A set of spans under checkpoints. */
export interface Choice {
  readonly spans: readonly Span[];
  /** The peak of activations and their gradients. */
  readonly peakBytes: number;
  readonly recomputedMultAdds: number;
  /** Elements. */
  readonly recomputedMemoryAccess: number;
}

export interface Front {
  /** By ascending peaks. Each recomputes less than the one before. */
  readonly choices: readonly Choice[];
  /** False where there were too many sets: the front is then a sample. */
  readonly exact: boolean;
}

/** The end of a path, from some state on: its peak beside what is kept before it, and its cost. */
interface PathEnd {
  readonly peak: number;
  readonly work: number;
  readonly moves: number;
  readonly span: Span | undefined;
  readonly next: PathEnd | undefined;
}

/** Bounds of the search. */
export interface Limits {
  /** The largest peak, in bytes. */
  readonly budget?: number;
  /** Sets must recompute fewer multiply-adds than this. */
  readonly below?: number;
  /**
   * The most path ends that are kept over all arcs. Where there are more, some stand for others.
   */
  readonly most?: number;
}

/** Takes some tenths of a second. */
const MOST = 600_000;
/** The limit for a front, whose peaks have no bound. */
const MOST_OF_FRONT = 1_000_000;

/**
 * Dynamic programming from the last state to the first. For each state it keeps the path ends that
 * no other beats in both peak and multiply-adds; of equal ones the one that moves fewer elements.
 * Every set that is returned is a path. Where there were too many path ends, a better set may be
 * missed.
 */
export function frontOf({ arcs, whole }: Decisions, limits: Pick<Limits, 'most'> = {}): Front {
  const { rests, complete } = restsOf(arcs, { most: MOST_OF_FRONT, ...limits }, thinned);
  return { choices: rests.map(choiceOf), exact: complete && whole };
}

/**
 * The set that recomputes the least among those whose peak fits, found as in `frontOf`; undefined
 * where none fits.
 */
export function cheapestOf(
  { arcs, whole }: Decisions,
  budget: number,
  most = MOST,
): { readonly choice: Choice; readonly exact: boolean } | undefined {
  const { rests, complete } = restsOf(arcs, { budget, most }, thinned);
  const last = rests.at(-1);
  return last && { choice: choiceOf(last), exact: complete && whole };
}

/**
 * A lower bound of the multiply-adds that any fitting set recomputes: a path end that stands for
 * several has their least peak and their least cost. `below` where no set recomputes less than
 * that; undefined where the decisions are not whole.
 */
export function leastWork({ arcs, whole }: Decisions, limits: Limits & { readonly below: number }): number | undefined {
  if (!whole) return undefined;
  const { rests } = restsOf(arcs, limits, united);
  return rests.at(-1)?.work ?? limits.below;
}

/** The least peak of all sets. */
export function leastPeak({ arcs }: Decisions): Choice {
  const found: (PathEnd | undefined)[] = [];
  for (let state = arcs.length - 1; state >= 0; state--)
    for (const arc of arcs[state]!) {
      const rest = arc.to < 0 ? END : found[arc.to];
      const [more, known] = [rest && before(arc, rest), found[state]];
      if (more && (!known || beats(more, known))) found[state] = more;
    }
  return choiceOf(found[0]!);
}

const choiceOf = (rest: PathEnd): Choice => ({
  spans: spansOf(rest),
  peakBytes: rest.peak,
  recomputedMultAdds: rest.work,
  recomputedMemoryAccess: rest.moves,
});

const END: PathEnd = { peak: 0, work: 0, moves: 0, span: undefined, next: undefined };

const beats = (a: PathEnd, b: PathEnd): boolean =>
  a.peak !== b.peak ? a.peak < b.peak : a.work !== b.work ? a.work < b.work : a.moves < b.moves;

const before = ({ keeps, needs, work, moves, span }: Arc, rest: PathEnd): PathEnd => ({
  peak: Math.max(needs, exact(keeps + rest.peak)),
  work: work === 0 ? rest.work : exact(work + rest.work),
  moves: moves === 0 ? rest.moves : exact(moves + rest.moves),
  span,
  next: rest,
});

type Reduce = (rests: readonly PathEnd[], most: number) => readonly PathEnd[];

/** The path ends of the first state, by ascending peaks. */
function restsOf(
  arcs: Decisions['arcs'],
  { budget = Infinity, below = Infinity, most = MOST }: Limits,
  reduce: Reduce,
): { readonly rests: readonly PathEnd[]; readonly complete: boolean } {
  const count = arcs.reduce((sum, list) => sum + list.length, 0);
  const share = Math.max(2, Math.floor(most / Math.max(1, count)));
  const [least, largest] = keptBefore(arcs);
  const found: (readonly PathEnd[])[] = [];
  let complete = true;
  for (let state = arcs.length - 1; state >= 0; state--) {
    const room = budget - least[state]!;
    const lists = arcs[state]!.map((arc) => {
      const rests = arc.to < 0 ? [END] : found[arc.to]!;
      return longer(arc, rests, room, below);
    });
    // A peak that fits with the most that can be kept before is low enough.
    const all = front(lists, budget === Infinity ? 0 : budget - largest[state]!);
    complete &&= all.length <= share;
    found[state] = all.length <= share ? all : reduce(all, share);
  }
  return { rests: found[0]!, complete };
}

/** The least and the most bytes that can be kept before each state. */
function keptBefore(arcs: Decisions['arcs']): readonly [least: readonly number[], most: readonly number[]] {
  const [least, most] = [arcs.map(() => Infinity), arcs.map(() => 0)];
  least[0] = 0;
  for (const [state, list] of arcs.entries())
    for (const { to, keeps } of list)
      if (to >= 0) {
        least[to] = Math.min(least[to]!, least[state]! + keeps);
        most[to] = Math.max(most[to]!, most[state]! + keeps);
      }
  return [least, most];
}

/** Path ends with an arc put in front, by ascending peaks, without those outside of the bounds. */
function longer(arc: Arc, rests: readonly PathEnd[], room: number, below: number): readonly PathEnd[] {
  const found: PathEnd[] = [];
  if (arc.needs > room) return found;
  for (const [i, rest] of rests.entries()) {
    if (arc.keeps + rest.peak > room) break;
    if (arc.work + rest.work >= below) continue;
    // The next one costs less and has the same peak behind this arc.
    const next = rests[i + 1];
    if (next && arc.keeps + next.peak <= arc.needs) continue;
    found.push(before(arc, rest));
  }
  return found;
}

/**
 * Merges lists into the path ends that no other beats, by ascending peaks.
 * @param free a peak that always fits; of the path ends below it only the cheapest is kept
 */
function front(lists: readonly (readonly PathEnd[])[], free: number): readonly PathEnd[] {
  const places = lists.map(() => 0);
  const found: PathEnd[] = [];
  for (;;) {
    let from = -1;
    for (const [i, list] of lists.entries()) {
      const rest = list[places[i]!];
      if (rest && (from < 0 || beats(rest, lists[from]![places[from]!]!))) from = i;
    }
    if (from < 0) return found;
    const rest = lists[from]![places[from]!]!;
    places[from]!++;
    const last = found.at(-1);
    if (last && rest.work >= last.work) continue;
    if (last && rest.peak <= free) found.pop();
    found.push(rest);
  }
}

/** An evenly spread sample that includes both ends. */
const thinned: Reduce = (list, most) =>
  Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]!);

/** Joins neighbours into a bound that is no worse than any of them. It is no set of its own. */
const united: Reduce = (list, most) =>
  Array.from({ length: most }, (_, i) => {
    const [first, end] = [Math.floor((i * list.length) / most), Math.floor(((i + 1) * list.length) / most)];
    const cheapest = list[end - 1]!;
    return { ...cheapest, peak: list[first]!.peak };
  });

function spansOf(rest: PathEnd): readonly Span[] {
  const found: Span[] = [];
  for (let at: PathEnd | undefined = rest; at; at = at.next) if (at.span) found.push(at.span);
  return found;
}
