// A walk through both passes of a training step: memory in use at each allocation, and its peak.

import { exact, total, type Dim } from '../dim/dim.js';
import type { PreparedSegment, PreparedStep, PreparedTape } from './preparedTape.js';
import type { Span } from './segment.js';
import type { ForwardStep, Tape } from './tape.js';

export interface Peak {
  readonly bytes: number;
  /** The layer and the pass in which it is reached. */
  readonly at: string;
  readonly pass: 'forward' | 'backward';
}

/** Reference-counted memory. */
interface Allocation {
  readonly bytes: number;
  /** Bytes with symbols for sizes. */
  readonly form: Dim;
  holders: number;
}

/** Bytes of gradients, where nothing else is in memory. */
export interface GradientBytes {
  /** Of the outputs, at the start of the backward pass. */
  readonly outputs: number;
  /** Before each step of the backward pass, and the most during it. */
  readonly before: readonly number[];
  readonly most: readonly number[];
}

/**
 * Every tensor is freed as soon as no step and no gradient needs it. One walk runs once.
 */
export class Walk {
  private used = 0;
  private peak: Peak = { bytes: 0, at: '', pass: 'forward' };
  private allocations = 0;
  private peaked = 0;
  /** The allocation at which the symbolic sum of `inUse` is taken, and that sum. */
  private wanted = 0;
  private found: Dim = 0;
  private readonly inUse = new Set<Allocation>();
  /** Memory in use, by storage. A storage that was freed and made again has a new entry. */
  private readonly stored: (Allocation | undefined)[] = [];
  private readonly gradients = new Map<string, Allocation>();
  private readonly tape: Tape;
  /** The segment of each step. */
  private readonly segmentOf: readonly (PreparedSegment | undefined)[];

  constructor(
    private readonly prepared: PreparedTape,
    segments: readonly Span[],
  ) {
    this.tape = prepared.tape;
    const segmentOf = Array.from<PreparedSegment | undefined>({ length: this.tape.steps.length });
    for (const segment of segments) {
      const known = prepared.segment(segment);
      if (known.saves) segmentOf.fill(known, segment.first, segment.last + 1);
    }
    this.segmentOf = segmentOf;
  }

  peakAllocation(): number {
    this.run();
    return this.peaked;
  }

  formAt(allocation: number): Dim {
    this.wanted = allocation;
    this.run();
    return this.found;
  }

  run(): Peak {
    const { steps, graph } = this.tape;
    const outputs = new Set(graph.outputs);
    // After its last reader a tensor is freed, unless it is kept, held by a checkpoint, or an
    // output.
    this.forward(0, steps.length - 1, 'forward', outputs);
    this.beginBackward(outputs);
    for (const { name, writes } of steps) if (outputs.has(name)) this.letGo(writes);
    for (let i = steps.length - 1; i >= 0; i--) {
      const segment = this.segmentOf[i];
      if (segment?.last === i) this.recompute(segment);
      this.backward(i);
      if (segment?.first === i) for (const storage of segment.held) this.letGo(storage);
    }
    return this.peak;
  }

  /** The gradients of the backward pass alone: bytes before each step, and the most during it. */
  gradientsAlone(): GradientBytes {
    this.beginBackward(new Set(this.tape.graph.outputs));
    const outputs = this.used;
    const [before, most]: [number[], number[]] = [[], []];
    for (let i = this.tape.steps.length - 1; i >= 0; i--) {
      before[i] = this.used;
      this.peak = { ...this.peak, bytes: this.used };
      this.backward(i);
      most[i] = this.peak.bytes;
    }
    return { outputs, before, most };
  }

  /** The most bytes while a segment runs again and backward, beside what is kept before it. */
  segmentAlone(segment: PreparedSegment, { before, most }: GradientBytes): number {
    const { first, last } = segment;
    this.recompute(segment);
    let needed = this.peak.bytes + before[last]!;
    for (let i = last; i >= first; i--) {
      needed = Math.max(needed, this.used + most[i]!);
      for (const storage of this.prepared.steps[i]!.kept) this.letGo(storage);
    }
    return exact(needed);
  }

  private beginBackward(outputs: ReadonlySet<string>): void {
    for (const output of outputs) {
      const made = this.prepared.steps[this.prepared.indexOf.get(output) ?? -1];
      this.addGradient(output, made ? this.takeFor(made, output) : this.take(0, 0, output, 'backward'));
    }
  }

  /**
   * Runs steps from `first` to `last`. Each tensor is freed after its last reader among them,
   * unless something keeps it.
   * @param stop a step that reads results of these and does not run
   */
  private forward(
    first: number,
    last: number,
    pass: Peak['pass'],
    outputs: ReadonlySet<string>,
    stop?: ForwardStep,
  ): void {
    const { steps } = this.tape;
    const awaited = new Set(stop?.keeps.map(({ storage }) => storage));
    const lastUse: (number | undefined)[] = [];
    for (let i = first; i <= last; i++) for (const storage of this.prepared.steps[i]!.touched) lastUse[storage] = i;
    const written = new Set<number>();
    for (let i = first; i <= last; i++) {
      const { name, writes } = steps[i]!;
      const { made, shared, touched, kept } = this.prepared.steps[i]!;
      const segment = this.segmentOf[i];
      // A checkpoint holds its storages from the moment that its segment begins.
      if (pass === 'forward' && segment?.first === i) for (const storage of segment.held) this.hold(storage);
      for (const storage of made) this.make(storage, name, pass);
      if (!shared && !written.has(writes)) this.make(writes, name, pass);
      written.add(writes);
      if (pass === 'backward' || segment === undefined) for (const storage of kept) this.hold(storage);
      for (const storage of made) this.letGo(storage);
      if (outputs.has(name)) this.hold(writes);
      for (const storage of touched)
        if (lastUse[storage] === i && written.has(storage)) {
          if (awaited.has(storage)) this.hold(storage);
          this.letGo(storage);
        }
    }
    for (const storage of awaited) if (!written.has(storage)) this.hold(storage);
  }

  /** A step at which recomputing stops keeps what it would read, and does not run. */
  private recompute({ first, last, again }: PreparedSegment): void {
    const stop = first + again <= last ? this.tape.steps[first + again] : undefined;
    this.forward(first, first + again - 1, 'backward', NONE, stop);
  }

  private backward(i: number): void {
    const { name, op, inputs, gradients } = this.tape.steps[i]!;
    const { passes, kept } = this.prepared.steps[i]!;
    const gradient = this.gradients.get(name);
    this.gradients.delete(name);
    if (gradient)
      for (const [index, input] of inputs.entries())
        if (gradients.inputs[index]) {
          // The parts of a split write into one gradient.
          if (op === 'split' && this.gradients.has(input)) continue;
          if (passes[index]) gradient.holders++;
          this.addGradient(input, passes[index] ? gradient : this.takeFor(this.stepOf(input), name));
        }
    for (const storage of kept) this.letGo(storage);
    if (gradient) this.drop(gradient);
  }

  /**
   * The first gradient of a value is stored; further ones are added to it, in place where it is not
   * shared.
   */
  private addGradient(value: string, more: Allocation): void {
    const known = this.gradients.get(value);
    if (!known) {
      this.gradients.set(value, more);
      return;
    }
    const alone = known.holders === 1;
    if (!alone) this.gradients.set(value, this.takeFor(this.stepOf(value), value));
    if (!alone) this.drop(known);
    this.drop(more);
  }

  private stepOf(value: string): PreparedStep {
    return this.prepared.steps[this.prepared.indexOf.get(value)!]!;
  }

  private takeFor({ bytes, form }: PreparedStep, at: string): Allocation {
    return this.take(bytes, form, at, 'backward');
  }

  private take(bytes: number, form: Dim, at: string, pass: Peak['pass']): Allocation {
    const allocation: Allocation = { bytes, form, holders: 1 };
    this.used = exact(this.used + bytes);
    this.allocations++;
    if (this.used > this.peak.bytes) {
      this.peak = { bytes: this.used, at, pass };
      this.peaked = this.allocations;
    }
    if (this.wanted > 0) this.inUse.add(allocation);
    if (this.allocations === this.wanted) this.found = total([...this.inUse].map((one) => one.form));
    return allocation;
  }

  private drop(allocation: Allocation): void {
    if (--allocation.holders > 0) return;
    this.used -= allocation.bytes;
    if (this.wanted > 0) this.inUse.delete(allocation);
  }

  private make(storage: number, at: string, pass: Peak['pass']): void {
    this.stored[storage] = this.take(this.prepared.sizes[storage]!, this.prepared.forms[storage]!, at, pass);
  }

  private hold(storage: number): void {
    const allocation = this.stored[storage];
    if (allocation) allocation.holders++;
  }

  private letGo(storage: number): void {
    const allocation = this.stored[storage];
    if (!allocation) return;
    this.drop(allocation);
    if (allocation.holders === 0) this.stored[storage] = undefined;
  }
}

const NONE: ReadonlySet<string> = new Set();
