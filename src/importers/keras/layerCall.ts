// What does a row of the table work with? One call of one layer: its settings, its inputs, and a way to add nodes.

import type { Builder, OpGiven } from '../../builder.js';
import type { Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { opOf, type OpName } from '../../ops/table.js';
import { showShape } from '../../shape.js';
import type { Data, Settings } from '../tfjs/settings.js';

/** Nodes of the first call of each layer, whose parameters later calls use. */
export type Owners = Map<string, Value>;

export class LayerCall {
  constructor(
    private readonly net: Builder,
    readonly name: string,
    readonly settings: Settings,
    readonly inputs: readonly Value[],
    readonly constants: readonly number[],
    readonly options: Data,
    private readonly channelsFirst: boolean,
    private readonly owners: Owners,
    /** The layer, the same for all of its calls. */
    private readonly layer: string,
  ) {}

  /** The only input. @throws InputError where there is another number of them */
  get x(): Value {
    if (this.inputs.length !== 1) throw new InputError(`takes one input, and has ${this.inputs.length}`);
    return this.inputs[0]!;
  }

  /** The only input, an image. */
  get image(): Value {
    const { x } = this;
    if (x.shape.length !== 4) throw new InputError(`takes an image, and its input is ${showShape(x.shape)}`);
    return x;
  }

  /** [height, width] of the image. */
  get sides(): readonly [Dim, Dim] {
    return [this.image.shape[2]!, this.image.shape[3]!];
  }

  get channels(): Dim {
    return this.x.shape[this.place(-1, this.x.shape.length)]!;
  }

  /** Whether the channels of a value of four sides were moved to the second place. */
  isTurned(rank: number): boolean {
    return rank === 4 && !this.channelsFirst;
  }

  /** Which of our sides the file's side `axis` is. @throws InputError where there is none */
  place(axis: number, rank: number): number {
    const side = axis < 0 ? axis + rank : axis;
    if (side < 0 || side >= rank) throw new InputError(`there is no side ${axis} among ${rank}`);
    return this.isTurned(rank) ? TURNED[side]! : side;
  }

  /** @param part tells the nodes of one layer apart; '' for the one that has its name */
  apply<K extends OpName>(op: K, part: string, inputs: Value | readonly Value[], given?: OpGiven<K>): Value {
    const key = `${this.layer}\n${part}`;
    const owner = opOf(op).params ? this.owners.get(key) : undefined;
    const made = this.net.apply(op, part === '' ? this.name : `${this.name}.${part}`, inputs, given, owner);
    if (!this.owners.has(key)) this.owners.set(key, made);
    return made;
  }
}

/** Where height, width and channels stand with us: [N, H, W, C] to [N, C, H, W]. */
const TURNED = [0, 2, 3, 1] as const;
