// Builds small TFLite files for tests: tensors and operators are named, indices and buffers follow.

import { OPTIONS, type OptionsName } from '../../../src/importers/tflite/options.js';
import { NAMES } from '../../../src/importers/tflite/operators.js';
import { Writer, type Branch, type WrittenTable } from './writeFlatBuffer.js';

/** TensorType of the schema by name, with the bytes of one element. */
export const TYPES = {
  f32: [0, 4],
  f16: [1, 2],
  i32: [2, 4],
  u8: [3, 1],
  i64: [4, 8],
  bool: [6, 1],
  i16: [7, 2],
  i8: [9, 1],
} as const;
export type Type = keyof typeof TYPES;

interface TensorGiven {
  readonly type?: Type;
  /** Whole numbers of a constant; a constant of zeros where it has none. */
  readonly items?: readonly number[];
  readonly signature?: readonly number[];
  /** Number of scales: a quantized tensor. */
  readonly scales?: number;
  readonly isVariable?: boolean;
}

/** One subgraph in the making. Tensors are numbers, as in the file. */
export class Draft {
  readonly tensors: Branch[] = [];
  readonly operators: Branch[] = [];

  constructor(
    private readonly file: TfliteDraft,
    private readonly name: string,
  ) {}

  /** What a network computes, or is given. The shape is what the file states, right or wrong. */
  tensor(name: string, shape: readonly number[], given: TensorGiven = {}): number {
    const { type = 'f32', signature, scales, isVariable } = given;
    return this.add({ name, shape, type: TYPES[type][0], buffer: 0, signature, isVariable, ...quantized(scales) });
  }

  constant(name: string, shape: readonly number[], given: TensorGiven = {}): number {
    const { type = 'f32', items, scales } = given;
    const count = shape.reduce((all, side) => all * side, 1);
    const bytes = new Uint8Array(count * TYPES[type][1]);
    const view = new DataView(bytes.buffer);
    items?.forEach((item, i) => {
      if (type === 'i32') view.setInt32(4 * i, item, true);
      else if (type === 'i64') view.setBigInt64(8 * i, BigInt(item), true);
      else if (type === 'f32') view.setFloat32(4 * i, item, true);
      else view.setInt8(i, item);
    });
    return this.add({ name, shape, type: TYPES[type][0], buffer: this.file.buffer(bytes), ...quantized(scales) });
  }

  /** A list of int32, as shapes and axes are. */
  list(name: string, items: readonly number[]): number {
    return this.constant(name, [items.length], { type: 'i32', items });
  }

  /**
   * @param op a builtin name, or 'CUSTOM:name'
   * @param options of a builtin operator by name; those of a custom one are bytes
   */
  op<O extends OptionsName>(
    op: string,
    inputs: readonly number[],
    outputs: readonly number[],
    options?: readonly [O, WrittenTable] | Uint8Array,
  ): void {
    const written = options instanceof Uint8Array ? { customOptions: options } : options && writtenOptions(...options);
    this.operators.push({
      table: 'Operator',
      data: { codeIndex: this.file.code(op), inputs, outputs, ...written },
    });
  }

  written(inputs: readonly number[], outputs: readonly number[]): Branch {
    const { tensors, operators, name } = this;
    return { table: 'SubGraph', data: { tensors, inputs, outputs, operators, name } };
  }

  private add(data: WrittenTable): number {
    return this.tensors.push({ table: 'Tensor', data }) - 1;
  }
}

/** Options stand in the first union of the schema, or in the second one. */
function writtenOptions(name: OptionsName, data: WrittenTable): WrittenTable {
  const { type, later } = OPTIONS[name];
  const options = { table: name, data };
  return later ? { laterType: type, laterOptions: options } : { optionsType: type, options };
}

const quantized = (scales: number | undefined): WrittenTable =>
  scales === undefined
    ? {}
    : { quantization: { table: 'Quantization', data: { scale: new Uint8Array(new Float32Array(scales).buffer) } } };

export class TfliteDraft {
  private readonly codes: string[] = [];
  private readonly buffers: Branch[] = [{ table: 'Buffer', data: {} }];
  private readonly subgraphs: Branch[] = [];

  subgraph(name = 'main'): Draft {
    return new Draft(this, name);
  }

  /** The first one is the main one. */
  add(draft: Draft, inputs: readonly number[], outputs: readonly number[]): this {
    this.subgraphs.push(draft.written(inputs, outputs));
    return this;
  }

  buffer(data: Uint8Array): number {
    return this.buffers.push({ table: 'Buffer', data: { data } }) - 1;
  }

  code(op: string): number {
    const known = this.codes.indexOf(op);
    return known >= 0 ? known : this.codes.push(op) - 1;
  }

  bytes(more: WrittenTable = {}): Uint8Array {
    const { subgraphs, buffers } = this;
    const operatorCodes = this.codes.map((op): Branch => {
      const [builtin, custom] = op.split(':');
      const code = NAMES.indexOf(builtin!);
      const data = { code, oldCode: Math.min(code, 127), version: 1, customCode: custom };
      return { table: 'OperatorCode', data };
    });
    return Writer.file({ table: 'Model', data: { version: 3, operatorCodes, subgraphs, buffers, ...more } });
  }
}
