// One call of a Keras layer as its row sees it: settings, inputs, and how nodes are added.

import type { OpGiven } from '../../builder.js';
import type { Dim } from '../../dim/dim.js';
import { complete } from '../../fields.js';
import type { Dropped, Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import { opOf, type OpName } from '../../ops/table.js';
import { elements, showShape, type Shape } from '../../shape.js';
import type { Call, Results, Parameters } from '../kit/call.js';
import type { Layout } from '../kit/layout.js';
import { constant, isConstant } from '../kit/operand.js';
import { isCount, isData, Settings, type Data } from '../tfjs/settings.js';
import { weightTypeOf, type WeightType } from './dtypes.js';
import type { KerasCall } from './flatten.js';

/** Whether a parameter is not trained, although its layer is. */
export type IsFrozen = (parameter: string) => boolean;

/** What a layer gives: one value, or one for each of its outputs. */
export type KerasRow = (call: LayerCall) => Results;

/**
 * Values [N, C, L] of a file that has [N, L, C]: what a convolution along one side gives. Layers
 * that look along the same side take them as they are; for every other layer they are seen as the
 * file has them.
 */
const sequences = new WeakSet<object>();

export class LayerCall {
  readonly settings: Settings;
  private readonly config: Data;

  /** @param prefix of the parts of a layer inside another, such as "forward." */
  constructor(
    private readonly call: Call<KerasCall>,
    config: Data = call.file.config,
    private readonly prefix = '',
    private readonly given?: readonly Value[],
  ) {
    this.config = config;
    this.settings = new Settings(config);
  }

  private get file(): KerasCall {
    return this.call.file;
  }

  get weights(): WeightType {
    return weightTypeOf(this.config);
  }

  get layout(): Layout {
    return this.file.layout;
  }

  get className(): string {
    return this.file.op;
  }

  /** Numbers among its arguments, in order. */
  get constants(): readonly number[] {
    return this.file.constants;
  }

  /** Its named arguments, over what its config says. */
  get options(): Data {
    return { ...this.config, ...this.file.options };
  }

  /** Its arguments as the file has them: tensors, numbers, lists of both. */
  get args(): readonly unknown[] {
    return this.file.args;
  }

  /**
   * A setting by the first of these names that the config or the call has; undefined where it says
   * null.
   */
  option(...names: readonly string[]): unknown {
    for (const name of names)
      for (const data of [this.config, this.file.options]) {
        const value = lookup(data, name);
        if (value !== undefined && value !== null) return value;
      }
    return undefined;
  }

  /** A text, or the fallback where there is none. */
  text(fallback: string, ...names: readonly string[]): string {
    const value = this.option(...names);
    return typeof value === 'string' ? value : fallback;
  }

  /** Whether the config says null, which differs from an absent key. */
  hasNull(name: string): boolean {
    return Object.hasOwn(this.config, name) && this.config[name] === null;
  }

  get rawInputs(): readonly Value[] {
    return this.given ?? this.call.inputs.map((_, i) => this.call.data(i));
  }

  private get isFrozen(): boolean {
    return this.file.isFrozen || this.config['trainable'] === false;
  }

  /** A batch norm of Keras that is not trained runs in eval mode. @returns the same value */
  normed(value: Value): Value {
    return this.isFrozen || this.file.inEvalMode ? this.call.normed(value, 'fixed') : value;
  }

  /** The only input, of which training drops something where the rate is not 0. */
  dropped(what: Dropped): Value {
    const [raw] = this.rawInputs;
    if (raw && this.given === undefined && this.option('rate') !== 0)
      this.call.dropped(0, what, this.file.inEvalMode ? 'fixed' : undefined);
    return raw!;
  }

  /** As the file has them, images turned. */
  get inputs(): readonly Value[] {
    return this.rawInputs.map((value, i) => this.plain(value, i));
  }

  /** The only input. @throws InputError where there is another number of them */
  get x(): Value {
    const { inputs } = this;
    if (inputs.length !== 1) throw new InputError(`it takes one input, and has ${inputs.length}`);
    return inputs[0]!;
  }

  /** The only input, an image. */
  get image(): Value {
    const { x } = this;
    if (x.shape.length !== 4) throw new InputError(`it takes an image, and its input is ${showShape(x.shape)}`);
    return x;
  }

  /** The only input as [N, C, ...] with so many sides behind. */
  spatial(sides: number): Value {
    const [raw, ...more] = this.rawInputs;
    if (!raw || more.length > 0) throw new InputError(`it takes one input, and has ${this.rawInputs.length}`);
    if (raw.shape.length !== sides + 2)
      throw new InputError(
        `takes an input with ${sides} sides between batch and channels, not ${showShape(raw.shape)}`,
      );
    return sides === 1 ? this.sequence(raw) : raw;
  }

  /** A list of features for each position, with the features second. */
  sequence(value: Value): Value {
    if (sequences.has(value) || !this.turnsLists) return value;
    const [, length, channels] = value.shape;
    return this.marked(this.apply('reshape', 'input', value, { shape: [channels!, length!] }));
  }

  /** What a layer along one side gives. */
  marked(value: Value): Value {
    if (this.turnsLists) sequences.add(value);
    return value;
  }

  /** As `source` is: with its channels second, or as the file has it. */
  like(source: Value, made: Value): Value {
    if (sequences.has(source)) sequences.add(made);
    return made;
  }

  /** Whether a value has its channels second where the file has them last. */
  isSequence(value: Value): boolean {
    return sequences.has(value);
  }

  /** Whether all inputs have their channels second in a file that has them last. */
  get alongSequences(): boolean {
    const raw = this.rawInputs;
    return raw.length > 0 && raw.every((value) => sequences.has(value));
  }

  private get turnsLists(): boolean {
    return this.layout.side(-1, 4) === 1;
  }

  private plain(value: Value, i: number): Value {
    return this.asInFile(value, i === 0 ? 'list' : `list${i}`);
  }

  /** A list of features for each position, with the features last. */
  asInFile(value: Value, part: string): Value {
    if (!sequences.has(value)) return value;
    const [, channels, length] = value.shape;
    return this.apply('reshape', part, value, { shape: [length!, channels!] });
  }

  /** [height, width] of the image. */
  get sides(): readonly [Dim, Dim] {
    return [this.image.shape[2]!, this.image.shape[3]!];
  }

  get channels(): Dim {
    return this.x.shape[this.place(-1, this.x.shape.length)]!;
  }

  /** Whether the channels of a value of so many sides were moved to the second place. */
  isTurned(rank: number): boolean {
    return this.layout.side(-1, rank) !== rank - 1;
  }

  /** Which of our sides the file's side `axis` is. @throws InputError where there is none */
  place(axis: number, rank: number): number {
    return this.layout.side(axis, rank);
  }

  /** A value with its sides in the order of the file; nothing is moved for it. */
  inFileOrder(value: Value, part: string): Value {
    const sides = this.layout.theirs(value.shape);
    return this.isTurned(value.shape.length) ? this.apply('view', part, value, { shape: sides }) : value;
  }

  /** The opposite. */
  inOurOrder(value: Value, part: string): Value {
    return this.isTurned(value.shape.length)
      ? this.apply('view', part, value, { shape: this.layout.ours(value.shape) })
      : value;
  }

  /** @param sides in the order of the file, the batch too */
  viewed(value: Value, sides: Shape, part: string): Value {
    return this.apply('view', part, value, { shape: this.layout.ours(sides) });
  }

  isRead(output: number): boolean {
    return this.call.isRead(output);
  }

  /** How many outputs others read, at least one. */
  get outputs(): number {
    return this.file.outputs.length;
  }

  /**
   * @param part tells the nodes of one layer apart; '' for the one that has its name
   * @param frozen which of its parameters are not trained, although the layer is
   */
  apply<K extends OpName>(
    op: K,
    part: string,
    inputs: Value | readonly Value[],
    given?: OpGiven<K>,
    frozen: IsFrozen = (parameter) => parameter === 'weight' && this.weights.inIntegers,
  ): Value {
    const all = 'name' in inputs ? [inputs] : inputs;
    const own = `${this.prefix}${part}`.replace(/\.$/, '');
    return this.call.apply(op, all, given ?? {}, this.parameters(op, own, all, given ?? {}, frozen), own);
  }

  /**
   * A layer that is called again has the same parameters. Those of a layer that is not trained are
   * marked.
   */
  private parameters(op: OpName, part: string, inputs: readonly Value[], given: object, frozen: IsFrozen): Parameters {
    const { params, fields } = opOf(op);
    const { isFrozen } = this;
    const names = ['weight', 'value'];
    if (!params || !(this.file.isShared || isFrozen || names.some(frozen))) return {};
    const shapes = params(
      inputs.map(({ shape }) => shape),
      complete(fields, given),
    );
    return Object.fromEntries(
      Object.entries(shapes).flatMap(([name, shape]) => {
        const marked = isFrozen || frozen(name);
        if (!this.file.isShared && !marked) return [];
        const id = `${this.file.own}/${part === '' ? '' : `${part}/`}${name}`;
        const stored = { id, elements: elements(shape), ...(marked ? { frozen: true as const } : {}) };
        return [[name, constant('float', shape, undefined, [stored])]];
      }),
    );
  }

  /** The same call with the settings of a layer that this one wraps. */
  inner(
    layer: unknown,
    prefix: string,
    inputs?: readonly Value[],
  ): { readonly className: string; readonly call: LayerCall } {
    const className = isData(layer) ? layer['class_name'] : undefined;
    const config = isData(layer) ? layer['config'] : undefined;
    if (typeof className !== 'string' || !isData(config)) throw new InputError('it has no layer inside');
    return { className, call: new LayerCall(this.call, config, `${this.prefix}${prefix}`, inputs ?? this.given) };
  }

  /** Whole numbers that an option lists, one number as a list; undefined where it is not said. */
  wholeNumbers(...names: readonly string[]): readonly number[] | undefined {
    const value = this.option(...names);
    if (value === undefined) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.every((item) => isCount(item, -(2 ** 31)))) return list;
    throw new InputError(`${names[0] ?? ''} must be whole numbers`);
  }
}

/** Values alone: rows of Keras have no constants among their inputs. */
export const valueOf = (made: Results): Value => {
  const [first] = Array.isArray(made) ? (made as readonly (Value | undefined)[]) : [made as Value];
  if (!first || isConstant(first)) throw new InputError('it gives nothing that can be counted');
  return first;
};
