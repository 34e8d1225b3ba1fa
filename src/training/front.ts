// The front of sets of checkpoints: the peak against multiply-adds paid again.

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
  /** By their peaks, the least first: each pays less again than the one before. */
  readonly choices: readonly Choice[];
  /** Whether no set is left out. It is a sample where there were too many sets to follow. */
  readonly exact: boolean;
}

/** The rest of a path: its peak beside what is kept before it, and its price. */
interface Rest {
  readonly peak: number;
  readonly work: number;
  readonly moves: number;
  readonly span: Span | undefined;
  readonly next: Rest | undefined;
}

/** Bounds of what is looked for. */
export interface Limits {
  /** Bytes: a larger peak is of no use. */
  readonly budget?: number;
  /** Multiply-adds: who pays as many again or more is of no use. */
  readonly below?: number;
  /** Rests that are followed over all arcs together; where they are more, some stand for others. */
  readonly most?: number;
}

/** Some tenths of a second. */
const MOST = 600_000;
/** Of a front, whose peaks have no bound. */
const MOST_OF_FRONT = 1_000_000;

/**
 * Follows the rests of paths from the last state to the first, and of each state those that no
 * other beats in its peak and in multiply-adds; of equal ones the one that moves fewer elements.
 * A set that is given is a path; where rests were too many, a better one may be left out.
 */
export function frontOf({ arcs, whole }: Decisions, limits: Pick<Limits, 'most'> = {}): Front {
  const { rests, complete } = restsOf(arcs, { most: MOST_OF_FRONT, ...limits }, thinned);
  return { choices: rests.map(choiceOf), exact: complete && whole };
}

/**
 * The set that pays the least again and whose peak fits, as `frontOf` finds it; undefined where
 * none fits.
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
 * Multiply-adds that every set pays again whose peak fits: one rest that stands for several has the
 * least peak and the least price of them. `below` where none pays less than that; undefined where
 * the decisions are not whole.
 */
export function leastWork({ arcs, whole }: Decisions, limits: Limits & { readonly below: number }): number | undefined {
  if (!whole) return undefined;
  const { rests } = restsOf(arcs, limits, united);
  return rests.at(-1)?.work ?? limits.below;
}

/** The least peak of all sets. */
export function leastPeak({ arcs }: Decisions): Choice {
  const found: (Rest | undefined)[] = [];
  for (let state = arcs.length - 1; state >= 0; state--)
    for (const arc of arcs[state]!) {
      const rest = arc.to < 0 ? END : found[arc.to];
      const [more, known] = [rest && before(arc, rest), found[state]];
      if (more && (!known || beats(more, known))) found[state] = more;
    }
  return choiceOf(found[0]!);
}

const choiceOf = (rest: Rest): Choice => ({
  spans: spansOf(rest),
  peakBytes: rest.peak,
  recomputedMultAdds: rest.work,
  recomputedMemoryAccess: rest.moves,
});

const END: Rest = { peak: 0, work: 0, moves: 0, span: undefined, next: undefined };

const beats = (a: Rest, b: Rest): boolean =>
  a.peak !== b.peak ? a.peak < b.peak : a.work !== b.work ? a.work < b.work : a.moves < b.moves;

const before = ({ keeps, needs, work, moves, span }: Arc, rest: Rest): Rest => ({
  peak: Math.max(needs, exact(keeps + rest.peak)),
  work: work === 0 ? rest.work : exact(work + rest.work),
  moves: moves === 0 ? rest.moves : exact(moves + rest.moves),
  span,
  next: rest,
});

type Reduce = (rests: readonly Rest[], most: number) => readonly Rest[];

/** Rests of the start, by ascending peaks. */
function restsOf(
  arcs: Decisions['arcs'],
  { budget = Infinity, below = Infinity, most = MOST }: Limits,
  reduce: Reduce,
): { readonly rests: readonly Rest[]; readonly complete: boolean } {
  const count = arcs.reduce((sum, list) => sum + list.length, 0);
  const share = Math.max(2, Math.floor(most / Math.max(1, count)));
  const [least, largest] = keptBefore(arcs);
  const found: (readonly Rest[])[] = [];
  let complete = true;
  for (let state = arcs.length - 1; state >= 0; state--) {
    const room = budget - least[state]!;
    const lists = arcs[state]!.map((arc) => {
      const rests = arc.to < 0 ? [END] : found[arc.to]!;
      return longer(arc, rests, room, below);
    });
    // What fits whatever is kept before needs no lower peak.
    const all = front(lists, budget === Infinity ? 0 : budget - largest[state]!);
    complete &&= all.length <= share;
    found[state] = all.length <= share ? all : reduce(all, share);
  }
  return { rests: found[0]!, complete };
}

/** The least and the most that can be kept in front of each state. */
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

/** Rests behind an arc, by ascending peaks, as far as they are of use. */
function longer(arc: Arc, rests: readonly Rest[], room: number, below: number): readonly Rest[] {
  const found: Rest[] = [];
  if (arc.needs > room) return found;
  for (const [i, rest] of rests.entries()) {
    if (arc.keeps + rest.peak > room) break;
    if (arc.work + rest.work >= below) continue;
    // The next one costs less and has the same peak here.
    const next = rests[i + 1];
    if (next && arc.keeps + next.peak <= arc.needs) continue;
    found.push(before(arc, rest));
  }
  return found;
}

/**
 * What none beats, by ascending peaks.
 * @param free a peak that fits whatever is kept before: of those the cheapest is enough
 */
function front(lists: readonly (readonly Rest[])[], free: number): readonly Rest[] {
  const places = lists.map(() => 0);
  const found: Rest[] = [];
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

/** Neighbours become one that is no worse than any of them, and stands for no set. */
const united: Reduce = (list, most) =>
  Array.from({ length: most }, (_, i) => {
    const [first, end] = [Math.floor((i * list.length) / most), Math.floor(((i + 1) * list.length) / most)];
    const cheapest = list[end - 1]!;
    return { ...cheapest, peak: list[first]!.peak };
  });

function spansOf(rest: Rest): readonly Span[] {
  const found: Span[] = [];
  for (let at: Rest | undefined = rest; at; at = at.next) if (at.span) found.push(at.span);
  return found;
}
