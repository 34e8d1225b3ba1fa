// Finds the best sets of checkpoints: bytes kept against multiply-adds paid again.

import { countsOf } from '../cost.js';
import { evaluate } from '../dim/evaluate.js';
import { exact, isNumber, total, type Dim } from '../dim/dim.js';
import { InputError } from '../inputError.js';
import { counted } from '../plural.js';
import { blocksAndRests, heldBy, rerun, savesAnything, segmentAt, segmentsOf, type Segment } from './checkpoint.js';
import { peakOf, type Peak } from './peak.js';
import { countedBytes, type Tape } from './tape.js';

/** A set of segments under checkpoints. */
export interface Choice {
  readonly segments: readonly Segment[];
  readonly keptBytes: number;
  readonly recomputedMultAdds: number;
}

/** Past this many sets the front is a sample of it. */
const MOST = 4096;

/** What the sets have in common: bytes that they all keep, and what each decision adds. */
interface Problem {
  readonly segments: readonly Segment[];
  /** Bytes that every set keeps. */
  readonly always: number;
  /** Multiply-adds that each segment pays again. */
  readonly again: readonly number[];
  /** Storages that only some sets keep. */
  readonly storages: readonly Shared[];
}

/** A storage is kept where one of `unless` is no segment of the set, or one of `where` is. */
interface Shared {
  readonly bytes: number;
  readonly unless: ReadonlySet<number>;
  readonly where: ReadonlySet<number>;
  readonly first: number;
  readonly last: number;
}

interface Partial {
  readonly kept: number;
  readonly again: number;
  /** The segments that were chosen, last first. */
  readonly chosen: Chain | undefined;
}
interface Chain {
  readonly segment: number;
  readonly before: Chain | undefined;
}

export interface Front {
  /** By bytes kept, the most first: each keeps less than the one before, and pays more. */
  readonly choices: readonly Choice[];
  /** Whether the front is exact. It is a sample where there were too many sets to follow. */
  readonly exact: boolean;
}

/**
 * The Pareto front of the sets of segments: bytes kept against work. It decides one segment after
 * the other. Of partial sets that leave the same storages open it follows only the best.
 * @throws InputError where a size is no number
 */
export function frontOf(tape: Tape, segments: readonly Segment[]): Front {
  const problem = problemOf(tape, segments);
  const open = problem.segments.map((_, i) =>
    problem.storages.flatMap((shared, id) => (shared.first <= i && i < shared.last ? [id] : [])),
  );
  // Partial sets by the open storages that they already keep.
  let states = new Map<string, readonly Partial[]>([['', [{ kept: problem.always, again: 0, chosen: undefined }]]]);
  let [whole, before] = [true, [] as readonly number[]];
  for (const [i, paid] of problem.again.entries()) {
    const next = new Map<string, Partial[]>();
    const touched = problem.storages.flatMap((shared, id) => (shared.unless.has(i) || shared.where.has(i) ? [id] : []));
    for (const [state, partials] of states) {
      const kept = new Set(before.filter((_, k) => state[k] === '1'));
      for (const chosen of [false, true]) {
        const newly = touched.filter((id) => {
          const shared = problem.storages[id]!;
          return !kept.has(id) && (chosen ? shared.where : shared.unless).has(i);
        });
        const more = newly.reduce((sum, id) => exact(sum + problem.storages[id]!.bytes), 0);
        const key = open[i]!.map((id) => (kept.has(id) || newly.includes(id) ? '1' : '0')).join('');
        const list = next.get(key) ?? [];
        next.set(key, list);
        for (const partial of partials)
          list.push({
            kept: exact(partial.kept + more),
            again: exact(partial.again + (chosen ? paid : 0)),
            chosen: chosen ? { segment: i, before: partial.chosen } : partial.chosen,
          });
      }
    }
    states = new Map([...next].map(([key, list]) => [key, best(list)]));
    const most = Math.max(16, Math.floor(MOST / states.size));
    for (const [key, list] of states)
      if (list.length > most) {
        whole = false;
        states.set(key, thinned(list, most));
      }
    before = open[i]!;
  }
  const choices = best([...states.values()].flat()).map(({ kept, again, chosen }) => ({
    segments: unrolled(chosen).map((i) => problem.segments[i]!),
    keptBytes: kept,
    recomputedMultAdds: again,
  }));
  return { choices, exact: whole };
}

/** The Pareto front: what no other set beats in both, the most bytes first. */
function best(partials: readonly Partial[]): readonly Partial[] {
  const sorted = [...partials].sort((a, b) => a.again - b.again || a.kept - b.kept);
  const found: Partial[] = [];
  for (const partial of sorted) if (found.length === 0 || partial.kept < found.at(-1)!.kept) found.push(partial);
  return found;
}

/** An evenly spread sample that includes both ends. */
const thinned = (list: readonly Partial[], most: number): readonly Partial[] =>
  Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]!);

function unrolled(chain: Chain | undefined): readonly number[] {
  const found: number[] = [];
  for (let at = chain; at; at = at.before) found.unshift(at.segment);
  return found;
}

function problemOf(tape: Tape, wanted: readonly Segment[]): Problem {
  const segments = wanted.filter((segment) => savesAnything(tape, segment));
  const inside = segmentAt(segments);
  const always = new Set<number>();
  const unless = new Map<number, Set<number>>();
  const where = new Map<number, Set<number>>();
  const put = (map: Map<number, Set<number>>, storage: number, segment: number): unknown =>
    map.set(storage, (map.get(storage) ?? new Set()).add(segment));
  const indexOf = new Map(segments.map((segment, i) => [segment, i]));
  for (const [i, { keeps }] of tape.steps.entries()) {
    const segment = inside.get(i);
    for (const { storage } of keeps)
      if (segment === undefined) always.add(storage);
      else put(unless, storage, indexOf.get(segment)!);
  }
  for (const [i, segment] of segments.entries()) for (const storage of heldBy(tape, segment)) put(where, storage, i);
  const storages: Shared[] = [];
  for (const storage of new Set([...unless.keys(), ...where.keys()])) {
    const [out, into] = [unless.get(storage) ?? new Set<number>(), where.get(storage) ?? new Set<number>()];
    const bytes = number(countedBytes(tape.storages[storage]!));
    if (bytes === 0 || always.has(storage)) continue;
    // Kept when a segment is chosen, and kept when it is not.
    if ([...out].some((segment) => into.has(segment))) always.add(storage);
    else {
      const all = [...out, ...into];
      storages.push({ bytes, unless: out, where: into, first: Math.min(...all), last: Math.max(...all) });
    }
  }
  return {
    segments,
    always: [...always].reduce((sum, storage) => exact(sum + number(countedBytes(tape.storages[storage]!))), 0),
    again: segments.map((segment) =>
      number(
        total(rerun(tape, segment).map((step) => (step.op === 'dropout' ? 0 : countsOf(step.shapedNode).multAdds))),
      ),
    ),
    storages,
  };
}

export interface Found extends Choice {
  readonly peak: Peak;
}

/**
 * The set on the front that has the least work and a peak within the budget.
 * @param budget bytes of activations and their gradients
 * @throws InputError where none does
 */
export const cheapestWithin = (tape: Tape, front: Front, budget: number): Found => {
  const { found, least } = fitting(tape, front, budget);
  return found ?? refuse(budget, least);
};

export interface Best {
  readonly found: Found;
  /** The front that it is on, and what its segments are. */
  readonly front: Front;
  readonly of: readonly string[];
}

/**
 * The same over the fronts of several kinds of segments. At equal work the first kind wins. A kind
 * that cannot run again in this network is passed over, unless it is the only one.
 * @throws InputError where no set fits
 */
export function bestWithin(tape: Tape, kinds: readonly (readonly string[])[], budget: number): Best {
  let [best, least] = [undefined as Best | undefined, undefined as Found | undefined];
  for (const of of kinds) {
    const segments = kinds.length === 1 ? segmentsOf(tape, of) : runnable(tape, of);
    if (!segments) continue;
    const front = frontOf(tape, segments);
    const fit = fitting(tape, front, budget);
    if (!least || fit.least.peak.bytes < least.peak.bytes) least = fit.least;
    if (fit.found && (!best || fit.found.recomputedMultAdds < best.found.recomputedMultAdds))
      best = { found: fit.found, front, of };
  }
  return best ?? refuse(budget, least ?? fitting(tape, frontOf(tape, []), budget).least);
}

function runnable(tape: Tape, of: readonly string[]): readonly Segment[] | undefined {
  if (of.length === 1 && of[0] === 'block') return blocksAndRests(tape);
  try {
    return segmentsOf(tape, of);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The cheapest set that fits, if any does, and the one of the least peak that was looked at. */
function fitting(tape: Tape, { choices }: Front, budget: number): { readonly found?: Found; readonly least: Found } {
  let least: Found | undefined;
  for (const choice of choices) {
    const found = { ...choice, peak: peakOf(tape, choice.segments) };
    if (!least || found.peak.bytes < least.peak.bytes) least = found;
    if (found.peak.bytes <= budget) return { found, least };
  }
  return { least: least! };
}

function refuse(budget: number, least: Found): never {
  throw new InputError(
    `no set of checkpoints that was looked at fits in ${budget} bytes: the least peak is ${least.peak.bytes} bytes, ` +
      `with ${counted(least.segments.length, 'segment')} under a checkpoint; take a smaller batch or input`,
  );
}

const number = (dim: Dim): number => (isNumber(dim) ? dim : evaluate(dim, {}));
