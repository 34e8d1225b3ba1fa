// All sets of checkpoints as paths of a graph, whose arcs say what a decision keeps, needs and
// recomputes.

import { countsOf } from '../cost.js';
import { exact, total } from '../dim/dim.js';
import { numberOf } from '../dim/evaluate.js';
import { heldBy, rerun } from './checkpoint.js';
import { PreparedTape } from './preparedTape.js';
import type { Span } from './segment.js';
import { workOf } from './stepCost.js';
import type { Tape } from './tape.js';
import { Walk, type GradientBytes } from './walk.js';

/** From one state to a later one: steps without a checkpoint, or one span under a checkpoint. */
export interface Arc {
  readonly to: number;
  /** Bytes that it keeps from its forward pass to its backward pass. */
  readonly keeps: number;
  /** The most bytes in use while it runs, forward or backward, beside what is kept before it. */
  readonly needs: number;
  /** Multiply-adds that run again, and elements that move again. */
  readonly work: number;
  readonly moves: number;
  readonly span?: Span;
}

/**
 * The peak of a set is the maximum over the arcs of its path: the bytes kept before the arc plus
 * the bytes that the arc needs. This holds because the backward pass frees what later steps kept
 * before it comes to a step, and because gradients do not depend on checkpoints. A state is a
 * position in the forward pass, with the tensors that are read later and kept already.
 */
export interface Decisions {
  /** The arcs of each state. Arcs lead to later states; the first state is the start. */
  readonly arcs: readonly (readonly Arc[])[];
  /** False where states were dropped because there were too many: then some sets have no path. */
  readonly whole: boolean;
}

/** The most states at one position, so that there are about 12,000 in all. */
const mostStates = (places: number): number => Math.max(8, Math.floor(12_000 / Math.max(1, places)));

/**
 * @param spans in order of their beginnings, all repeatable
 * @throws InputError where a size is not a number
 */
export const decisionsOf = (tape: Tape, spans: readonly Span[]): Decisions => new Writer(tape, spans).write();

/** The cost of a span, which does not depend on decisions before it. */
interface Cost {
  readonly span: Span;
  readonly held: readonly number[];
  /** Bytes beside what is kept: in its forward pass, and while it runs again and backward. */
  readonly forward: number;
  readonly backward: number;
  readonly work: number;
  readonly moves: number;
}

interface State {
  /** Storages that are read later and kept already, in order. */
  readonly kept: readonly number[];
  readonly index: number;
  /** The least bytes that any path keeps before it. */
  least: number;
}

class Writer {
  private readonly prepared: PreparedTape;
  private readonly gradients: GradientBytes;
  /**
   * Storages that are alive before each step, and after the last one. Those without bytes are left
   * out.
   */
  private readonly alive: readonly (readonly number[])[];
  /** The step that makes each storage. */
  private readonly born: (number | undefined)[] = [];
  private readonly costs = new Map<number, Cost[]>();
  /** Positions at which a span begins or ends. */
  private readonly places: readonly number[];
  private readonly states = new Map<number, Map<string, State>>();
  private readonly arcs: Arc[][] = [];
  /** The position of each state. */
  private readonly placeOf: number[] = [];

  constructor(
    private readonly tape: Tape,
    spans: readonly Span[],
  ) {
    this.prepared = new PreparedTape(tape, {});
    this.gradients = new Walk(this.prepared, []).gradientsAlone();
    this.alive = this.livesOf();
    for (const span of spans) {
      const known = this.costs.get(span.first) ?? [];
      this.costs.set(span.first, known);
      known.push(this.costOf(span));
    }
    const ends = spans.flatMap(({ first, last }) => [first, last + 1]);
    this.places = [...new Set([0, ...ends, tape.steps.length])].sort((a, b) => a - b);
  }

  write(): Decisions {
    const most = mostStates(this.places.length);
    let whole = true;
    this.stateAt(0, [], 0);
    for (const [i, place] of this.places.entries()) {
      const all = [...(this.states.get(place)?.values() ?? [])];
      const states = all.length > most ? spread(all, most) : all;
      whole &&= states.length === all.length;
      for (const state of states) {
        const next = this.places[i + 1];
        if (next === undefined) {
          this.arcs[state.index]!.push(this.end(state));
          continue;
        }
        this.plain(state, place, next);
        for (const cost of this.costs.get(place) ?? []) this.checkpoint(state, place, cost);
      }
      this.states.delete(place);
    }
    return { arcs: inOrder(this.arcs, this.placeOf), whole };
  }

  /** The steps up to the next position, without a checkpoint. */
  private plain(state: State, place: number, next: number): void {
    let kept = new Set(state.kept);
    let [keeps, needs] = [0, 0];
    for (let i = place; i < next; i++) {
      const step = this.prepared.steps[i]!;
      needs = Math.max(needs, exact(keeps + this.passing(i, kept) + this.newBytes(i)));
      for (const storage of new Set(step.kept))
        if (!kept.has(storage)) {
          keeps = exact(keeps + this.prepared.sizes[storage]!);
          kept.add(storage);
        }
      needs = Math.max(needs, exact(keeps + this.gradients.most[i]!));
      kept = new Set(this.alive[i + 1]!.filter((storage) => kept.has(storage)));
    }
    this.join(state, next, [...kept], { keeps, needs, work: 0, moves: 0 });
  }

  private checkpoint(state: State, place: number, cost: Cost): void {
    const { span, held, forward, backward, work, moves } = cost;
    const kept = new Set(state.kept);
    let keeps = 0;
    for (const storage of held)
      if (!kept.has(storage)) {
        keeps = exact(keeps + this.prepared.sizes[storage]!);
        kept.add(storage);
      }
    const needs = exact(keeps + Math.max(this.passing(place, kept) + forward, backward));
    const next = span.last + 1;
    const open = this.alive[next]!.filter((storage) => kept.has(storage));
    this.join(state, next, open, { keeps, needs, work, moves, span });
  }

  /** Between the passes: outputs and their gradients. */
  private end({ kept }: State): Arc {
    const needs = exact(this.passing(this.tape.steps.length, new Set(kept)) + this.gradients.outputs);
    return { to: -1, keeps: 0, needs, work: 0, moves: 0 };
  }

  private join(from: State, place: number, kept: readonly number[], arc: Omit<Arc, 'to'>): void {
    const to = this.stateAt(place, kept, from.least + arc.keeps);
    this.arcs[from.index]!.push({ to, ...arc });
  }

  private stateAt(place: number, kept: readonly number[], least: number): number {
    const states = this.states.get(place) ?? new Map<string, State>();
    this.states.set(place, states);
    const key = kept.join();
    const known = states.get(key);
    if (known) {
      known.least = Math.min(known.least, least);
      return known.index;
    }
    const index = this.arcs.push([]) - 1;
    this.placeOf[index] = place;
    states.set(key, { kept, index, least });
    return index;
  }

  /** Bytes that are alive before a step and not kept. */
  private passing(i: number, kept: ReadonlySet<number>): number {
    let sum = 0;
    for (const storage of this.alive[i]!) if (!kept.has(storage)) sum += this.prepared.sizes[storage]!;
    return sum;
  }

  /** Bytes that a step of the forward pass allocates. */
  private newBytes(i: number): number {
    const { made } = this.prepared.steps[i]!;
    const { writes } = this.tape.steps[i]!;
    const own = this.born[writes] === i ? this.prepared.sizes[writes]! : 0;
    return made.reduce((sum, storage) => sum + this.prepared.sizes[storage]!, own);
  }

  /** Fills in `born`, too. */
  private livesOf(): readonly (readonly number[])[] {
    const { steps, graph } = this.tape;
    const outputs = new Set(graph.outputs);
    const lastUse: (number | undefined)[] = [];
    for (const [i, { name, writes }] of steps.entries()) {
      const { shared, touched } = this.prepared.steps[i]!;
      if (!shared) this.born[writes] ??= i;
      for (const storage of touched) lastUse[storage] = Math.max(lastUse[storage] ?? 0, i);
      if (outputs.has(name)) lastUse[writes] = steps.length;
    }
    const dying = new Map<number, number[]>();
    for (const [storage, last] of lastUse.entries())
      if (last !== undefined) dying.set(last, [...(dying.get(last) ?? []), storage]);
    const alive: number[][] = [[]];
    const now = new Set<number>();
    for (const [i, { writes }] of steps.entries()) {
      if (this.born[writes] === i && this.prepared.sizes[writes]! > 0) now.add(writes);
      for (const storage of dying.get(i) ?? []) now.delete(storage);
      alive.push([...now]);
    }
    return alive;
  }

  private costOf(span: Span): Cost {
    const { first, last } = span;
    const again = rerun(this.tape, span).filter(({ op }) => op !== 'dropout');
    let forward = 0;
    for (let i = first; i <= last; i++) {
      const own = this.alive[i]!.reduce(
        (sum, storage) => (this.born[storage]! >= first ? sum + this.prepared.sizes[storage]! : sum),
        0,
      );
      forward = Math.max(forward, own + this.newBytes(i));
    }
    return {
      span,
      held: [...heldBy(this.tape, span)].filter((storage) => this.prepared.sizes[storage]! > 0),
      forward,
      backward: new Walk(this.prepared, []).segmentAlone(this.prepared.segment(span), this.gradients),
      work: workOf(again),
      moves: numberOf(total(again.map(({ shapedNode }) => countsOf(shapedNode).memoryAccess.unfused))),
    };
  }
}

/** The same arcs with states numbered by position. */
function inOrder(arcs: readonly (readonly Arc[])[], placeOf: readonly number[]): readonly (readonly Arc[])[] {
  const order = placeOf.map((_, state) => state).sort((a, b) => placeOf[a]! - placeOf[b]! || a - b);
  const numberOf = new Map(order.map((state, number) => [state, number]));
  return order.map((state) => arcs[state]!.map((arc) => ({ ...arc, to: numberOf.get(arc.to) ?? arc.to })));
}

/** Evenly spread by what they keep at least; the first, of plain steps alone, is among them. */
function spread(states: readonly State[], most: number): readonly State[] {
  const [first, ...others] = states;
  const sorted = others.sort((a, b) => a.least - b.least);
  const every = (sorted.length - 1) / (most - 2);
  return [first!, ...Array.from({ length: most - 1 }, (_, i) => sorted[Math.round(i * every)]!)];
}
