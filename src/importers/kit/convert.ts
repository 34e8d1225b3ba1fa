// Converts the calls of a file into our graph: in order, by row, folded or left out.

import { Builder, type OpGiven } from '../../builder.js';
import type { Dropped, Graph, OmittedOp, ParameterTensors, LayoutCopy, GradientStops, Value } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import type { Shape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import { Call, resultsOf, type FileCall, type Results, type Parameters } from './call.js';
import type { OpRow, ConversionStep, Target } from './call.js';
import type { Naming } from './naming.js';
import { Omissions } from './omissions.js';
import { constant, isConstant, storedIn, type Constant, type Operand } from './operand.js';
import { shapesOf } from './scratch.js';
import { Modes, type Mode } from './modes.js';
import { DataDependent, Uncounted } from './uncounted.js';

/** What a format says of its calls. */
export interface Format<C extends FileCall> {
  /** Undefined where flopscope does not know the op. */
  rowOf(call: C): OpRow<C> | undefined;
  /**
   * The result where it follows from shapes or from constants with known items; undefined where it
   * does not.
   */
  fold?(call: Call<C>): Results | undefined;
  /** How messages name a call: `node "a" (Conv)`. */
  title(call: C): string;
  /** How omissions and messages name an op, where `call.op` is not enough. */
  opTitle?(call: C): string;
  /**
   * The name of the node for a constant that is read as data. By default it is the constant's key.
   */
  nameOfConstant?(constant: Constant, key: string): string;
  /** The shape of an output that is left out: what the file states, or what the operands imply. */
  shapeOf?(call: C, output: number, inputs: readonly (Operand | undefined)[]): Shape | undefined;
}

/** A file that is ready to be converted at one size of its image. */
export interface FileGraph<C extends FileCall> {
  readonly name: string;
  /** In an order in which they can run. */
  readonly steps: readonly ConversionStep<C>[];
  readonly inputs: readonly { readonly key: string; readonly name: string; readonly shape: Shape }[];
  /** Stored tensors and other constants by key. */
  readonly constants: ReadonlyMap<string, Constant>;
  /** Keys of the values that the network gives. */
  readonly outputs: readonly string[];
}

export interface Converted<C extends FileCall> {
  readonly graph: Graph;
  /** What each value of the file is. */
  readonly values: ReadonlyMap<string, Operand>;
  /** Names of our nodes by the call that they stand for. */
  readonly nodeNames: ReadonlyMap<C, readonly string[]>;
}

export interface ConvertOptions {
  /** Leave out what has no row or no count, instead of refusing the file. */
  readonly allowUnknown?: boolean;
}

/** @throws InputError naming the call */
export function convert<C extends FileCall>(
  file: FileGraph<C>,
  format: Format<C>,
  naming: Naming<C>,
  { allowUnknown = false }: ConvertOptions = {},
): Converted<C> {
  return new Converter(file, format, naming, allowUnknown).converted();
}

/** Calls of inner graphs that one conversion may run, and how deep they may stand in each other. */
const MOST_INNER_CALLS = 50_000;
const DEEPEST = 16;

class Converter<C extends FileCall> implements Target<C> {
  private readonly net = Builder.start();
  private readonly values: Map<string, Operand>;
  private readonly nodeNames = new Map<C, string[]>();
  /** Constants that are read as data, by key. */
  private readonly asData = new Map<string, Value>();
  /** Keys whose shape is not known, because what makes them is left out. */
  private readonly lost = new Set<string>();
  private readonly omissions = new Omissions();
  private readonly read = new Set<string>();
  private readonly modes = new Modes();
  private readonly relaid = new Map<string, readonly (LayoutCopy | undefined)[]>();
  private readonly stopped = { nodes: new Set<string>(), inputs: new Map<string, readonly boolean[]>() };
  /** Whether calls run with gradients. */
  private gradients = true;
  private last: Value | undefined;
  private innerCalls = 0;
  private depth = 0;

  constructor(
    private readonly file: FileGraph<C>,
    private readonly format: Format<C>,
    private readonly naming: Naming<C>,
    private readonly allowUnknown: boolean,
  ) {
    this.values = new Map<string, Operand>(file.constants);
    for (const { key, name, shape } of file.inputs) this.values.set(key, this.net.input(shape, naming.reserve(name)));
    this.noteReaders(file.steps, file.outputs);
  }

  converted(): Converted<C> {
    for (const step of this.file.steps) this.step(step);
    const known = this.file.outputs.filter((key) => !this.lost.has(key));
    const given = known.map((key) => this.operand(key)).filter((one): one is Value => !isConstant(one));
    const outputs = given.map(itself);
    if (outputs.length === 0 && this.last && this.omissions.omission) outputs.push(this.last);
    if (outputs.length === 0)
      throw new InputError(
        `nothing of it can be counted: ${this.omissions.omission ? 'all that it computes would be left out' : 'it computes nothing from its input'}`,
      );
    if (this.last === undefined)
      throw new InputError('nothing of it can be counted: it computes nothing from its input');
    const plain = this.net.finish(this.file.name, [...new Set(outputs)], this.omissions.omission);
    const { relaid } = this;
    const stopped = this.stoppedWith(given);
    const graph = Object.freeze({
      ...plain,
      ...this.modes.found(),
      ...(relaid.size === 0 ? {} : { layoutCopies: relaid }),
      ...(stopped ? { gradientStops: stopped } : {}),
    });
    return { graph, values: this.values, nodeNames: this.nodeNames };
  }

  /** What the file stops; undefined where it stops nothing. */
  private stoppedWith(given: readonly Value[]): GradientStops | undefined {
    const { nodes, inputs } = this.stopped;
    const passed = new Set(given.filter((one) => !one.detached).map(({ name }) => name));
    const outputs = new Set(given.map(({ name }) => name).filter((name) => !passed.has(name)));
    return nodes.size + inputs.size + outputs.size === 0 ? undefined : { nodes, inputs, outputs };
  }

  /**
   * Runs calls of an inner graph (a branch, a loop body, a function) in place of one call.
   * @throws Uncounted where loops run without an end that a network has
   */
  inline(
    steps: readonly ConversionStep<C>[],
    constants: ReadonlyMap<string, Operand>,
    outputs: readonly string[],
    gradients = this.gradients,
  ): Results {
    this.innerCalls += steps.length + 1;
    if (this.innerCalls > MOST_INNER_CALLS)
      throw new Uncounted(`the inner graphs of the file run more than ${MOST_INNER_CALLS} ops`);
    if (this.depth === DEEPEST) throw new InputError(`its inner graphs run each other more than ${DEEPEST} deep`);
    this.noteReaders(steps, outputs);
    for (const [key, operand] of constants) this.values.set(key, operand);
    this.depth++;
    const before = this.gradients;
    this.gradients = gradients;
    try {
      for (const step of steps) this.step(step);
    } finally {
      this.depth--;
      this.gradients = before;
    }
    if (outputs.some((key) => this.lost.has(key))) throw new DependsOnOmitted();
    return outputs.map((key) => this.operand(key));
  }

  private noteReaders(steps: readonly ConversionStep<C>[], outputs: readonly string[]): void {
    for (const { call, parts = [call] } of steps)
      for (const { inputs } of [call, ...parts]) for (const key of inputs) if (key) this.read.add(key);
    for (const key of outputs) this.read.add(key);
  }

  private step({ call, whole, parts = [call] }: ConversionStep<C>): void {
    const results = parts.some((part) => this.isLeftOut(part)) ? undefined : this.attempt(call, whole);
    if (results) this.keep(call, results);
    else for (const part of parts) this.part(part);
  }

  private attempt(call: C, whole: ConversionStep<C>['whole']): Results | undefined {
    if (!whole) return undefined;
    try {
      return whole(this.withOperands(call));
    } catch (error) {
      // The errors of its parts say why it is not counted.
      if (error instanceof Uncounted) return undefined;
      throw this.located(error, call);
    }
  }

  private part(call: C): void {
    if (this.isLeftOut(call)) {
      this.leaveOut(call);
      return;
    }
    try {
      this.keep(call, this.resultOf(call));
    } catch (error) {
      if (!(error instanceof Uncounted)) throw this.located(error, call);
      if (!this.allowUnknown && !(error instanceof DataDependent)) throw this.located(error.refusal, call);
      this.leaveOut(call, error instanceof DependsOnOmitted ? undefined : error.message);
    }
  }

  /** A call that reads a value without a shape is left out, too. */
  private isLeftOut(call: C): boolean {
    const unknown = this.allowUnknown && !this.format.rowOf(call);
    return unknown || call.inputs.some((key) => key !== undefined && this.lost.has(key));
  }

  private withOperands(call: C): Call<C> {
    const inputs = call.inputs.map((key) => (key === undefined || key === '' ? undefined : this.operand(key)));
    return new Call(call, inputs, this);
  }

  private resultOf(call: C): Results {
    const bound = this.withOperands(call);
    const constants = bound.inputs.length > 0 && bound.inputs.every((one) => !one || isConstant(one));
    const folded = this.format.fold?.(bound);
    if (folded) return constants ? withStored(folded, storedIn(bound.inputs)) : folded;
    const row = this.format.rowOf(call);
    if (!row) throw new Uncounted('flopscope does not know this op');
    if (!constants) return row(bound);
    // Of constants only the shape matters, unless matrices are multiplied: frameworks do that when
    // the network runs.
    const scratch = shapesOf(call, bound.inputs, row);
    if (!scratch || scratch.multiplies) return row(bound);
    const stored = storedIn(bound.inputs);
    return scratch.shapes.map((shape) => shape && constant(scratch.type, shape, undefined, stored));
  }

  /** Leaves a call out. Its outputs keep the shapes that are known of them. */
  private leaveOut(call: C, why?: string): void {
    const inputs = call.inputs.map((key) => (key === undefined ? undefined : this.values.get(key)));
    if (!this.format.rowOf(call) || why !== undefined)
      this.omissions.add(this.format.opTitle?.(call) ?? call.op, call.name || (call.outputs[0] ?? ''), why);
    else this.omissions.behind++;
    call.outputs.forEach((key, i) => {
      if (key === '') return;
      const shape = this.format.shapeOf?.(call, i, inputs);
      if (shape) this.values.set(key, this.net.input(shape, this.naming.reserve(key), this.standing(inputs)));
      else this.lost.add(key);
    });
  }

  /** Where a call that is left out stands. */
  private standing(inputs: readonly (Operand | undefined)[]): OmittedOp {
    const read = inputs.filter((one): one is Value => one !== undefined && !isConstant(one));
    return { inputs: read.map(({ name }) => name), ...(this.last ? { after: this.last.name } : {}) };
  }

  private keep(call: C, given: Results): void {
    const results = resultsOf(given);
    call.outputs.forEach((key, i) => {
      const result = results[i];
      if (key !== '' && result) this.values.set(key, result);
    });
  }

  private operand(key: string): Operand {
    const found = this.values.get(key);
    if (found) return found;
    throw new InputError(`nothing makes ${shown(key)}, which is read`);
  }

  apply<K extends OpName>(
    call: C,
    op: K,
    inputs: readonly Value[],
    given: OpGiven<K>,
    parameters: Parameters,
    part: string,
  ): Value {
    const { name, stage, block } = this.naming.of(call, op, part);
    const value = this.net.at('', { stage, block }).apply(op, name, inputs.map(itself), given, tensorsOf(parameters));
    const names = this.nodeNames.get(call);
    if (names) names.push(name);
    else this.nodeNames.set(call, [name]);
    this.last = value;
    if (!this.gradients) this.stopped.nodes.add(value.name);
    if (inputs.some((input) => input.detached))
      this.stopped.inputs.set(
        value.name,
        inputs.map((input) => input.detached !== undefined),
      );
    if (inputs.some((input) => input.layoutCopy))
      this.relaid.set(
        value.name,
        inputs.map((input) => input.layoutCopy?.how),
      );
    return value;
  }

  asValue(call: C, found: Constant, key: string): Value {
    const known = this.asData.get(key);
    if (known) return known;
    const name = this.naming.reserve(this.format.nameOfConstant?.(found, key) ?? key);
    const value = found.stored?.length
      ? this.net
          .at('', this.naming.place(call))
          .apply('parameter', name, [], { shape: found.shape }, { value: found.stored })
      : this.net.input(found.shape, name);
    this.asData.set(key, value);
    return value;
  }

  drop({ name }: Value, what: Dropped, mode: Mode | undefined): void {
    this.modes.dropout(name, what, mode);
  }

  norm({ name }: Value, mode: Mode): void {
    this.modes.norm(name, mode);
  }

  isRead(key: string): boolean {
    return this.read.has(key);
  }

  /** The builder names our node; the file's own name says more. */
  private located(error: unknown, call: C): unknown {
    if (!(error instanceof InputError)) return error;
    const message = error.message.replace(/^node "[^"]*" \([a-z][A-Za-z0-9]*\): /, '');
    return locate(error.saying(message), this.format.title(call));
  }
}

/**
 * Thrown where the output of an inner graph depends on a call that is left out. That call is listed
 * already.
 */
class DependsOnOmitted extends DataDependent {
  constructor() {
    super('it gives what depends on what is left out');
  }
}

/** The value of the graph behind what a file makes of it without an op of ours. */
function itself(value: Value): Value {
  const of = value.layoutCopy?.of ?? value.detached;
  return of ? itself(of) : value;
}

/** Parameters that no file tensor backs stay the node's own. */
function tensorsOf(parameters: Parameters): ParameterTensors {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, found]) => (found?.stored ? [[name, found.stored]] : [])),
  );
}

/**
 * A real constant that is folded from learnt tensors is learnt, unless the fold says otherwise.
 * Sizes and indices are not.
 */
const withStored = (made: Results, stored: Constant['stored'] = []): Results =>
  resultsOf(made).map((one) =>
    one && isConstant(one) && !one.stored && one.type === 'float' && stored.length > 0
      ? constant(one.type, one.shape, one.items, stored)
      : one,
  );
