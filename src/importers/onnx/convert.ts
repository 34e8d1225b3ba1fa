// How does a file's graph become ours? Node after node: constants are folded, the rest becomes ops, each with its shape at once.

import { Builder, type OpGiven } from '../../builder.js';
import { equal, isNumber, product, type Dim } from '../../dim/dim.js';
import type { Graph, Value } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import { NoClosedForm } from '../../dim/noClosedForm.js';
import type { OpName } from '../../ops/table.js';
import type { Shape } from '../../shape.js';
import { branchOf, isBranching, withCaptures, withInner } from './branches.js';
import { composed, type Step } from './compose/compose.js';
import type { Formula } from './compose/formulas.js';
import { Conversion, resultsOf, type Learnt, type Made, type Target } from './convert/conversion.js';
import { rowOf } from './convert/table.js';
import { allConstant, FOLDS, SHAPE_ALONE } from './fold/rows.js';
import { withFolding } from '../folding.js';
import type { Inputs } from './inputs.js';
import { boundInputs, changedSides } from './inputs.js';
import { isKnown } from './known.js';
import { LeftOut } from './leftOut.js';
import type { OnnxGraph, OnnxNode } from './messages.js';
import { Naming } from './naming.js';
import { ordered } from './order.js';
import { constant, isConstant, isParameter, type Constant, type Operand } from './operand.js';
import { shown } from '../../document/problem.js';
import { Scratch } from './scratch.js';
import { sameSides, statedShape } from './standIn.js';
import { storedOf } from './tensors.js';
import { titleOf } from './title.js';
import { Uncounted } from './uncounted.js';

/** What is known of a file before an image has a size. */
export interface Prepared {
  readonly name: string;
  readonly graph: OnnxGraph;
  /** In an order in which they can run. */
  readonly steps: readonly Step[];
  readonly opset: number;
  readonly inputs: Inputs;
  readonly constants: ReadonlyMap<string, Constant>;
  /** Leave out what is not known, and what cannot be sized for it. */
  readonly allowUnknown: boolean;
  /** flopscope wrote it, which folds nothing. */
  readonly ownFile: boolean;
}

export interface Converted {
  readonly graph: Graph;
  /** What every value of the file is. */
  readonly values: ReadonlyMap<string, Operand>;
  /** Names of our nodes by the node of the file that they stand for. */
  readonly made: ReadonlyMap<OnnxNode, readonly string[]>;
}

/** @throws InputError naming the node of the file */
export const convert = (prepared: Prepared, shape: Shape): Converted => new Converter(prepared, shape).converted();

class Converter implements Target {
  private readonly net = Builder.start();
  private readonly values: Map<string, Operand>;
  /** The first node with certain parameters: further ones share them. */
  private readonly owners = new Map<string, Value>();
  private readonly made = new Map<OnnxNode, string[]>();
  /** Constants that are read as data are. */
  private readonly operands = new Map<string, Value>();
  /** Values that unknown ops make, and all that follows from them. */
  private readonly lost = new Set<string>();
  private readonly omitted = new LeftOut();
  /** Convolutions into which PyTorch's exporter folded a norm. */
  private readonly folded: string[] = [];
  private last: Value | undefined;
  private readonly batch: Dim;
  /** Whether the image has the sizes of the file, so that what it says of other shapes holds. */
  private readonly asStated: boolean;
  private readonly naming: Naming;
  /** Names of values that are read, or are outputs. */
  private readonly read: ReadonlySet<string>;
  /** The image where the file has its channels last, and we have them second. */
  private readonly turned: { readonly name: string; readonly image: Value } | undefined;

  constructor(
    private readonly prepared: Prepared,
    shape: Shape,
  ) {
    const { inputs, constants, steps, graph } = prepared;
    const nodes = withInner(steps.flatMap(({ node, parts = [node] }) => parts));
    this.read = new Set([...nodes.flatMap(({ input }) => input), ...graph.output.map(({ name = '' }) => name)]);
    this.batch = shape[0]!;
    this.asStated = changedSides(inputs, shape).every((side) => side === 0);
    const learnt = [...constants].filter(([, { learnt }]) => learnt !== undefined).map(([name]) => name);
    this.naming = new Naming(
      withInner(steps.flatMap(({ node, parts = [] }) => [node, ...parts])),
      new Set([...learnt, ...inputs.parameters.keys()]),
    );
    this.values = new Map<string, Operand>([...constants, ...inputs.parameters]);
    for (const [name, sides] of boundInputs(inputs, shape)) {
      const turned = inputs.channelsLast && name === inputs.image.name;
      const value = this.net.input(turned ? shape : sides, this.naming.reserve(name || 'input'));
      if (turned) this.turned = { name, image: value };
      else this.values.set(name, value);
    }
  }

  converted(): Converted {
    for (const step of this.prepared.steps) this.step(step);
    const { name, graph, ownFile } = this.prepared;
    const known = graph.output.filter((output) => !this.lost.has(output.name ?? ''));
    const outputs = known.map((output) => this.value(output.name ?? '', undefined));
    const computed = outputs.filter((output): output is Value => !isConstant(output));
    if (computed.length === 0 && this.last && this.omitted.omission) computed.push(this.last);
    if (computed.length === 0)
      throw new InputError(
        `nothing of it can be counted: ${this.omitted.omission ? 'all that it computes would be left out' : 'it computes nothing from its image'}`,
      );
    const made = this.net.finish(name, [...new Set(computed)], this.omitted.omission);
    return {
      graph: ownFile ? made : withFolding(made, this.folded),
      values: this.values,
      made: this.made,
    };
  }

  /** A formula that is none after all is its parts. */
  private step({ node, formula, parts }: Step): void {
    const all = parts ?? [node];
    if (this.prepared.allowUnknown && all.some((part) => this.isLeftOut(part))) {
      for (const part of all) this.leaveOut(part);
      return;
    }
    const whole = formula && this.whole(node, formula);
    if (whole) this.keep(node, whole);
    else for (const part of all) this.part(part);
  }

  private part(node: OnnxNode): void {
    if (this.prepared.allowUnknown && this.isLeftOut(node)) {
      this.leaveOut(node);
      return;
    }
    try {
      this.node(node);
    } catch (error) {
      if (!(error instanceof Uncounted)) throw located(error, node);
      if (!this.prepared.allowUnknown) throw located(error.withRemedy, node);
      this.leaveOut(node, error.message);
    }
  }

  private isLeftOut(node: OnnxNode): boolean {
    return !isKnown(node) || node.input.some((name) => this.lost.has(name));
  }

  /**
   * What an unknown op makes is lost, and so is what reads it.
   * @param why of a known op in a form that is not counted
   */
  private leaveOut(node: OnnxNode, why?: string): void {
    const unknown = !isKnown(node) || why !== undefined;
    if (unknown) this.omitted.add(node, why);
    else this.omitted.behind++;
    for (const name of node.output) if (!(unknown && this.standIn(node, name))) this.lost.add(name);
  }

  isRead(name: string): boolean {
    return this.read.has(name);
  }

  /** Where the shape of what an unknown op makes is known, it is read on from there. */
  private standIn(node: OnnxNode, name: string): boolean {
    const { graph, inputs } = this.prepared;
    const shape =
      (this.asStated ? statedShape(graph, inputs, name, this.batch) : undefined) ??
      sameSides(
        node,
        node.input.map((input) => this.values.get(input)),
      );
    if (shape) this.values.set(name, this.net.input(shape, this.naming.reserve(name)));
    return shape !== undefined;
  }

  private whole(node: OnnxNode, formula: Formula): Made | undefined {
    try {
      const inputs = node.input.map((name) => this.value(name, node));
      return formula.convert(new Conversion(node, this.prepared.opset, inputs, this));
    } catch (error) {
      // Its parts say why it is not counted.
      if (this.prepared.allowUnknown && error instanceof Uncounted) return undefined;
      throw located(error, node);
    }
  }

  private node(node: OnnxNode): void {
    const shortcut = this.alreadyTurned(node);
    if (shortcut) {
      this.values.set(node.output[0]!, shortcut);
      return;
    }
    if (isBranching(node)) {
      this.branch(node);
      return;
    }
    const inputs = node.input.map((name) => (name === '' ? undefined : this.value(name, node)));
    this.keep(node, this.makeOf(node, inputs));
  }

  /** The nodes of the branch that is taken stand in the graph as if there were no other. */
  private branch(node: OnnxNode): void {
    const condition = this.value(node.input[0] ?? '', node);
    const item = isConstant(condition) ? condition.items?.[0] : undefined;
    if (item === undefined || !isNumber(item))
      throw new Uncounted(
        'its condition is computed from the image, so that which branch is taken is known when it runs',
      );
    const graph = branchOf(node, item !== 0);
    const stored = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', storedOf(tensor)] as const));
    for (const [name, constant] of stored) this.values.set(name, constant);
    const nodes = graph.node.map(withCaptures);
    const known = (name: string): boolean => this.values.has(name) || this.lost.has(name) || name === this.turned?.name;
    const { constants } = this.prepared;
    for (const step of composed(ordered(nodes, { has: known }), graph, {
      get: (name) => stored.get(name) ?? constants.get(name),
    }))
      this.step(step);
    node.output.forEach((name, i) => {
      const inner = graph.output[i]?.name ?? '';
      if (this.lost.has(inner)) this.lost.add(name);
      else this.values.set(name, this.value(inner, node));
    });
  }

  private keep(node: OnnxNode, made: Made): void {
    const results = resultsOf(made);
    node.output.forEach((name, i) => {
      if (name !== '' && results[i]) this.values.set(name, results[i]);
    });
  }

  private makeOf(node: OnnxNode, inputs: readonly (Operand | undefined)[]): Made {
    const { opset } = this.prepared;
    const call = new Conversion(node, opset, inputs, this);
    const op = node.opType ?? '';
    const known = allConstant(call);
    if (known || SHAPE_ALONE.has(op)) {
      const folded = Object.hasOwn(FOLDS, op) ? FOLDS[op]!(call) : undefined;
      if (folded) return SHAPE_ALONE.has(op) ? folded : this.traced(folded, call);
    }
    const row = rowOf(op);
    if (!row && !isKnown(node)) throw new Uncounted('flopscope does not know this op');
    if (!row)
      throw new Uncounted(
        known
          ? 'its numbers are not in the file, so that it cannot be worked out before the network runs'
          : 'it reads what the network computes, and is only worked out before the network runs',
      );
    return known ? this.traced(new Scratch().run(node, opset, inputs), call) : row.convert(call);
  }

  /** What is computed from parameters is as many parameters, or is made of them by ops where it has more elements or fewer. */
  private traced(made: Made, call: Conversion): Made {
    const sources = call.inputs.filter(
      (input): input is Constant =>
        input !== undefined && isConstant(input) && (isParameter(input) || input.asData !== undefined),
    );
    if (sources.length === 0) return made;
    const row = rowOf(call.op);
    let ops: Made | undefined;
    return resultsOf(made).map((one, i) => {
      if (!one || !isConstant(one) || one.type === 'int') return one;
      const same = sources.find(({ shape, asData }) => !asData && equal(product(shape), product(one.shape)));
      if (same || !row)
        return one.learnt === undefined ? { ...one, learnt: same?.learnt ?? call.node.output[i]! } : one;
      const asData = (): Value => {
        ops ??= within(call.node, () => row.convert(call));
        const value = resultsOf(ops)[i]!;
        return isConstant(value) ? this.held(value, call.node, call.node.output[i]!) : value;
      };
      return { ...constant(one.type, one.shape, one.items), asData };
    });
  }

  apply<K extends OpName>(
    op: K,
    inputs: readonly Value[],
    given: OpGiven<K>,
    { node, part, learnt }: Parameters<Target['apply']>[3],
  ): Value {
    const { name, stage, block } = this.naming.of(node, op, part);
    const key = keyOf(op, learnt);
    const owner = key === undefined ? undefined : this.owners.get(key);
    const value = this.net.at('', { stage, block }).apply(op, name, inputs, given, owner);
    if (key !== undefined && !owner) this.owners.set(key, value);
    if (op === 'conv' && isRenamed(learnt['weight']) && isRenamed(learnt['bias'])) this.folded.push(name);
    this.made.set(node, [...(this.made.get(node) ?? []), name]);
    this.last = value;
    return value;
  }

  held(constant: Constant, node: OnnxNode, name: string): Value {
    const known = this.operands.get(name);
    if (known) return known;
    const value =
      constant.asData?.() ??
      (isParameter(constant)
        ? this.parameter(constant, node, name)
        : this.net.input(constant.shape, this.naming.reserve(name)));
    this.operands.set(name, value);
    return value;
  }

  private parameter(constant: Constant, node: OnnxNode, name: string): Value {
    const key = keyOf('parameter', { value: constant })!;
    const owner = this.owners.get(key);
    const place = this.net.at('', this.naming.place(node));
    const value = place.apply('parameter', this.naming.reserve(name), [], { shape: constant.shape }, owner);
    if (!owner) this.owners.set(key, value);
    return value;
  }

  private value(name: string, node: OnnxNode | undefined): Operand {
    const found = this.values.get(name);
    if (found) return found;
    if (name === this.turned?.name) return this.turnedBack(this.turned.image);
    const reader = node ? `it reads ${shown(name)}` : `its output ${shown(name)}`;
    throw new InputError(`${reader} ${node ? ', which' : 'is what'} nothing makes`);
  }

  /** The transposition with which a channels-last file begins: our image has that order already. */
  private alreadyTurned(node: OnnxNode): Value | undefined {
    if (node.opType !== 'Transpose' || node.input[0] !== this.turned?.name) return undefined;
    const order = node.attribute.find(({ name }) => name === 'perm')?.ints.join();
    return order === '0,3,1,2' ? this.turned?.image : undefined;
  }

  private turnedBack(image: Value): Value {
    const value = this.net.apply('transpose', this.naming.reserve(`${image.name}.channelsLast`), image, {
      order: [0, 2, 3, 1],
    });
    this.values.set(this.turned!.name, value);
    return value;
  }
}

/** PyTorch's exporter numbers what it computes ("onnx::Conv_497", once "497") and leaves names of modules as they are. */
const isRenamed = (constant: Constant | undefined): boolean =>
  constant?.learnt !== undefined && /^(onnx::Conv_)?\d+$/.test(constant.learnt);

/** Names of all parameters of a node; undefined where it has none, or some that the file does not name. */
function keyOf(op: string, learnt: Learnt): string | undefined {
  const all = Object.values(learnt).flatMap((constant) => (constant ? [constant] : []));
  if (all.length === 0 || all.some(({ learnt: name }) => name === undefined)) return undefined;
  return JSON.stringify([op, ...all.map(({ learnt: name, shape }) => [name, shape.map(String)])]);
}

function within<T>(node: OnnxNode, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw located(error, node);
  }
}

/** The builder names our node and op, which begins with a small letter; the file's own name says more. */
function located(error: unknown, node: OnnxNode): unknown {
  if (!(error instanceof InputError)) return error;
  const message = error.message.replace(/^node "[^"]*" \([a-z][A-Za-z0-9]*\): /, '');
  const bare = error instanceof NoClosedForm ? error.saying(message) : new InputError(message);
  return locate(bare, titleOf(node));
}
