// The front of sets of checkpoints: bytes kept against multiply-adds paid again.

import { countsOf } from '../cost.js';
import { numberOf } from '../dim/evaluate.js';
import { exact, total } from '../dim/dim.js';
import { heldBy, rerun, savesAnything, segmentAt, type Segment } from './checkpoint.js';
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
export interface Problem {
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
 * @throws InputError where a size is not a number
 */
export const frontOf = (tape: Tape, segments: readonly Segment[]): Front => frontOfProblem(problemOf(tape, segments));

export function frontOfProblem(problem: Problem): Front {
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

/** Bytes that a set keeps; `chosen` says of each segment whether it is in the set. */
export const keptBytesOf = ({ always, storages }: Problem, chosen: readonly boolean[]): number =>
  storages.reduce((sum, { bytes, unless, where }) => {
    for (const i of unless) if (!chosen[i]) return exact(sum + bytes);
    for (const i of where) if (chosen[i]) return exact(sum + bytes);
    return sum;
  }, always);

function unrolled(chain: Chain | undefined): readonly number[] {
  const found: number[] = [];
  for (let at = chain; at; at = at.before) found.unshift(at.segment);
  return found;
}

/** Segments in which nothing is kept are left out: a checkpoint changes nothing there. */
export function problemOf(tape: Tape, wanted: readonly Segment[]): Problem {
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
    const bytes = numberOf(countedBytes(tape.storages[storage]!));
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
    always: [...always].reduce((sum, storage) => exact(sum + numberOf(countedBytes(tape.storages[storage]!))), 0),
    again: segments.map((segment) =>
      numberOf(
        total(rerun(tape, segment).map((step) => (step.op === 'dropout' ? 0 : countsOf(step.shapedNode).multAdds))),
      ),
    ),
    storages,
  };
}
