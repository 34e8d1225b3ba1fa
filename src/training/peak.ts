// The most memory that activations and their gradients take, by a walk through both passes.

import { heldBy, rerun, savesAnything, segmentAt, type Segment } from './checkpoint.js';
import { exact, isNumber, mul, total, type Dim } from '../dim/dim.js';
import { evaluate } from '../dim/evaluate.js';
import { countedBytes, type ForwardStep, type Tape } from './tape.js';

export interface Peak {
  readonly bytes: number;
  /** The layer during which it is reached, and in which pass. */
  readonly at: string;
  readonly pass: 'forward' | 'backward';
}

/** Memory that several holders share. It is freed with the last of them. */
interface Allocation {
  readonly bytes: number;
  /** Bytes with symbols for sizes. */
  readonly form: Dim;
  holders: number;
}

/** The peak of a graph with symbols. */
export interface PeakForm {
  readonly form: Dim;
  /** Which of all allocations, counted from 1, reaches it. */
  readonly allocation: number;
}

/**
 * The least peak of eager execution: every tensor is freed as soon as no step and no gradient needs
 * it. Images, parameters, their gradients and an optimiser's state are left out, and so are
 * workspaces of kernels.
 * @throws InputError where a size is no number, or bytes pass 2^53
 */
export function peakOf(tape: Tape, segments: readonly Segment[]): Peak {
  return new Simulation(tape, segments, {}).run();
}

/**
 * Bytes in use at one allocation, with symbols for sizes. At other sizes the peak is that or more.
 * @param values of the symbols, where `allocation` is not given: the one of the peak at these sizes
 */
export function peakForm(
  tape: Tape,
  segments: readonly Segment[],
  values: Readonly<Record<string, number>>,
  allocation?: number,
): PeakForm {
  const reached = allocation ?? new Simulation(tape, segments, values).peakAllocation();
  return { form: new Simulation(tape, segments, values).formAt(reached), allocation: reached };
}

class Simulation {
  private used = 0;
  private peak: Peak = { bytes: 0, at: '', pass: 'forward' };
  private allocations = 0;
  private peaked = 0;
  /** The allocation at which `inUse` is added up, and the sum. */
  private wanted = 0;
  private found: Dim = 0;
  private readonly inUse = new Set<Allocation>();
  private readonly sizes: readonly number[];
  /**
   * What is in use, by storage: a storage that was dropped and made again is another one of the
   * same number.
   */
  private readonly stored = new Map<number, Allocation>();
  private readonly gradients = new Map<string, Allocation>();
  private readonly valueBytes = new Map<string, Dim>();
  private readonly segmentOf: ReadonlyMap<number, Segment>;

  constructor(
    private readonly tape: Tape,
    segments: readonly Segment[],
    private readonly values: Readonly<Record<string, number>>,
  ) {
    this.sizes = tape.storages.map((storage) => this.number(countedBytes(storage)));
    this.segmentOf = segmentAt(segments.filter((segment) => savesAnything(tape, segment)));
    for (const { name, shapedNode, writes } of tape.steps)
      this.valueBytes.set(name, mul(shapedNode.writes, tape.storages[writes]!.bytes));
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
    const all = steps.map((_, i) => i);
    const outputs = new Set(graph.outputs);
    // After its last reader a tensor is freed, unless it is kept, held by a checkpoint, or an
    // output.
    this.forward(all, (i) => this.segmentOf.get(i) === undefined, 'forward', outputs);
    for (const output of outputs)
      this.addGradient(output, this.take(this.valueBytes.get(output) ?? 0, output, 'backward'));
    for (const { name, writes } of steps) if (outputs.has(name)) this.letGo(writes);
    for (let i = steps.length - 1; i >= 0; i--) {
      const segment = this.segmentOf.get(i);
      if (segment?.last === i) this.recompute(segment);
      this.backward(steps[i]!);
      if (segment?.first === i) for (const storage of heldBy(this.tape, segment)) this.letGo(storage);
    }
    return this.peak;
  }

  /**
   * Runs steps. Each tensor is freed after its last reader among them, unless something keeps it.
   */
  private forward(
    indices: readonly number[],
    keeps: (step: number) => boolean,
    pass: Peak['pass'],
    outputs: ReadonlySet<string>,
    stop?: ForwardStep,
  ): void {
    const { steps } = this.tape;
    const awaited = new Set(stop?.keeps.map(({ storage }) => storage));
    const lastUse = new Map<number, number>();
    for (const i of indices) {
      lastUse.set(steps[i]!.writes, i);
      for (const storage of steps[i]!.sources) lastUse.set(storage, i);
    }
    const written = new Set<number>();
    for (const i of indices) {
      const step = steps[i]!;
      const segment = this.segmentOf.get(i);
      // A checkpoint holds its storages from the moment that its segment begins.
      if (pass === 'forward' && segment?.first === i)
        for (const storage of heldBy(this.tape, segment)) this.hold(storage);
      const temporary = step.reads.filter((storage, index) => storage !== step.sources[index]);
      const own = step.keeps.map(({ storage }) => storage).filter((storage) => this.isOwn(step, storage));
      for (const storage of new Set([...temporary, ...own, step.writes]))
        if (storage === step.writes ? !written.has(storage) && !this.isShared(step) : true)
          this.make(storage, step.name, pass);
      written.add(step.writes);
      if (keeps(i)) for (const { storage } of step.keeps) this.hold(storage);
      for (const storage of new Set([...temporary, ...own])) this.letGo(storage);
      if (outputs.has(step.name)) this.hold(step.writes);
      for (const storage of new Set([...step.sources, step.writes]))
        if (written.has(storage) && lastUse.get(storage) === i) {
          if (awaited.has(storage)) this.hold(storage);
          this.letGo(storage);
        }
    }
    for (const storage of awaited) if (!written.has(storage)) this.hold(storage);
  }

  /** A step at which recomputing stops keeps what it would read, and does not run. */
  private recompute(segment: Segment): void {
    const { first, last } = segment;
    const count = rerun(this.tape, segment).length;
    const indices = Array.from({ length: count }, (_, i) => first + i);
    const stop = first + count <= last ? this.tape.steps[first + count] : undefined;
    this.forward(indices, () => true, 'backward', new Set(), stop);
  }

  private backward(step: ForwardStep): void {
    const gradient = this.gradients.get(step.name);
    this.gradients.delete(step.name);
    if (gradient)
      for (const [index, input] of step.inputs.entries())
        if (step.gradients.inputs[index]) {
          const bytes = this.valueBytes.get(input)!;
          // The parts of a split fill one gradient.
          if (step.op === 'split' && this.gradients.has(input)) continue;
          const passed = this.passesOn(step, index);
          if (passed) gradient.holders++;
          this.addGradient(input, passed ? gradient : this.take(bytes, step.name, 'backward'));
        }
    for (const { storage } of step.keeps) this.letGo(storage);
    if (gradient) this.drop(gradient);
  }

  /**
   * The first gradient of a value is its gradient; a further one is added, in place where nobody
   * shares it.
   */
  private addGradient(value: string, more: Allocation): void {
    const known = this.gradients.get(value);
    if (!known) {
      this.gradients.set(value, more);
      return;
    }
    const alone = known.holders === 1;
    if (!alone) this.gradients.set(value, this.take(this.valueBytes.get(value)!, value, 'backward'));
    if (!alone) this.drop(known);
    this.drop(more);
  }

  private isOwn({ sources, writes, reads }: ForwardStep, storage: number): boolean {
    return storage !== writes && !sources.includes(storage) && !reads.includes(storage);
  }

  private isShared({ view, inPlace, sources }: ForwardStep): boolean {
    return (view && sources.length > 0) || inPlace;
  }

  private take(form: Dim, at: string, pass: Peak['pass'], bytes = this.number(form)): Allocation {
    const allocation: Allocation = { bytes, form, holders: 1 };
    this.used = exact(this.used + bytes);
    this.inUse.add(allocation);
    this.allocations++;
    if (this.used > this.peak.bytes) {
      this.peak = { bytes: this.used, at, pass };
      this.peaked = this.allocations;
    }
    if (this.allocations === this.wanted) this.found = total([...this.inUse].map((one) => one.form));
    return allocation;
  }

  private drop(allocation: Allocation): void {
    if (--allocation.holders > 0) return;
    this.used -= allocation.bytes;
    this.inUse.delete(allocation);
  }

  /** Whether the gradient of an input is the output's own memory. */
  private passesOn({ rule, shapedNode }: ForwardStep, index: number): boolean {
    if (rule.moves === 'pass') return true;
    if (rule.moves !== 'sum' && !(rule.moves === 'difference' && index === 0)) return false;
    return this.number(shapedNode.reads[index]!) === this.number(shapedNode.writes);
  }

  private number(dim: Dim): number {
    return isNumber(dim) ? dim : evaluate(dim, this.values);
  }

  private make(storage: number, at: string, pass: Peak['pass']): void {
    const form = countedBytes(this.tape.storages[storage]!);
    this.stored.set(storage, this.take(form, at, pass, this.sizes[storage]));
  }

  private hold(storage: number): void {
    const allocation = this.stored.get(storage);
    if (allocation) allocation.holders++;
  }

  private letGo(storage: number): void {
    const allocation = this.stored.get(storage);
    if (!allocation) return;
    this.drop(allocation);
    if (allocation.holders === 0) this.stored.delete(storage);
  }
}
