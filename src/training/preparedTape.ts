// Data of a tape that every walk for the peak needs, computed once for many walks.

import { isNumber, mul, type Dim } from '../dim/dim.js';
import { evaluate } from '../dim/evaluate.js';
import { heldBy, rerun, savesAnything } from './checkpoint.js';
import { spanKey, type Span } from './segment.js';
import { countedBytes, type ForwardStep, type Tape } from './tape.js';

/** The storages that a step touches. */
export interface PreparedStep {
  /** Storages that it makes beside its result: casts, and tensors that it alone keeps. */
  readonly made: readonly number[];
  /** Whether its result shares the storage of what it reads. */
  readonly shared: boolean;
  readonly touched: readonly number[];
  readonly kept: readonly number[];
  /** Bytes of its result, and the same with symbols for sizes. */
  readonly bytes: number;
  readonly form: Dim;
  /** For each input, whether its gradient is the memory of the result's gradient. */
  readonly passes: readonly boolean[];
}

export interface PreparedSegment extends Span {
  /** Whether anything is kept in it. Without that, its checkpoint has no effect. */
  readonly saves: boolean;
  readonly held: readonly number[];
  /** Steps of it that run again. */
  readonly again: number;
}

export class PreparedTape {
  /** Bytes of each storage. */
  readonly sizes: readonly number[];
  readonly forms: readonly Dim[];
  readonly steps: readonly PreparedStep[];
  /** The place of each step by its name. */
  readonly indexOf: ReadonlyMap<string, number>;
  private readonly segments = new Map<string, PreparedSegment>();

  /** @param values of the symbols */
  constructor(
    readonly tape: Tape,
    private readonly values: Readonly<Record<string, number>>,
  ) {
    this.forms = tape.storages.map(countedBytes);
    this.sizes = this.forms.map((form) => this.number(form));
    this.steps = tape.steps.map((step) => this.step(step));
    this.indexOf = new Map(tape.steps.map(({ name }, i) => [name, i]));
  }

  segment(segment: Span): PreparedSegment {
    const key = spanKey(segment);
    const known = this.segments.get(key) ?? {
      ...segment,
      saves: savesAnything(this.tape, segment),
      held: [...heldBy(this.tape, segment)],
      again: rerun(this.tape, segment).length,
    };
    this.segments.set(key, known);
    return known;
  }

  /** @throws InputError when a symbol is left */
  number(dim: Dim): number {
    return isNumber(dim) ? dim : evaluate(dim, this.values);
  }

  private step(step: ForwardStep): PreparedStep {
    const { sources, reads, writes, keeps, view, inPlace, shapedNode } = step;
    const kept = keeps.map(({ storage }) => storage);
    const temporary = reads.filter((storage, index) => storage !== sources[index]);
    const own = kept.filter((storage) => storage !== writes && !sources.includes(storage) && !reads.includes(storage));
    const form = mul(shapedNode.writes, this.tape.storages[writes]!.bytes);
    return {
      made: [...new Set([...temporary, ...own])],
      shared: (view && sources.length > 0) || inPlace,
      touched: [...new Set([...sources, writes])],
      kept,
      bytes: this.number(form),
      form,
      passes: step.inputs.map((_, index) => this.passesOn(step, index)),
    };
  }

  private passesOn({ rule, shapedNode }: ForwardStep, index: number): boolean {
    if (rule.moves === 'pass') return true;
    if (rule.moves !== 'sum' && !(rule.moves === 'difference' && index === 0)) return false;
    return this.number(shapedNode.reads[index]!) === this.number(shapedNode.writes);
  }
}
