// The tables of the TFLite schema that a count needs: field ids, kinds and defaults.

/** Scalars lie in the table itself. `bool` is one byte. */
export type ScalarKind = 'u8' | 'i8' | 'bool' | 'u32' | 'i32' | 'u64' | 'i64' | 'f32';

const scalar = (id: number, scalar: ScalarKind, otherwise = 0) => ({ id, kind: 'scalar', scalar, otherwise }) as const;
const text = (id: number) => ({ id, kind: 'text' }) as const;
const numbers = (id: number) => ({ id, kind: 'numbers' }) as const;
/** A vector that is passed over: its position and length are kept. */
const vector = (id: number, elementBytes: number) => ({ id, kind: 'vector', elementBytes }) as const;
const table = <T extends string>(id: number, table: T) => ({ id, kind: 'table', table }) as const;
const tables = <T extends string>(id: number, table: T) => ({ id, kind: 'tables', table }) as const;
/** A table whose kind another field states: its position is kept. */
const union = (id: number) => ({ id, kind: 'union' }) as const;

export const TABLES = {
  Model: {
    version: scalar(0, 'u32'),
    operatorCodes: tables(1, 'OperatorCode'),
    subgraphs: tables(2, 'SubGraph'),
    description: text(3),
    buffers: tables(4, 'Buffer'),
    signatures: tables(7, 'Signature'),
  },
  OperatorCode: {
    /** Old files have only this one. It is 127 for all larger codes. */
    oldCode: scalar(0, 'i8'),
    customCode: text(1),
    version: scalar(2, 'i32', 1),
    code: scalar(3, 'i32'),
  },
  SubGraph: {
    tensors: tables(0, 'Tensor'),
    inputs: numbers(1),
    outputs: numbers(2),
    operators: tables(3, 'Operator'),
    name: text(4),
  },
  Tensor: {
    shape: numbers(0),
    type: scalar(1, 'i8'),
    buffer: scalar(2, 'u32'),
    name: text(3),
    quantization: table(4, 'Quantization'),
    isVariable: scalar(5, 'bool'),
    sparsity: union(6),
    /** -1 where a size is open; empty where none is. */
    signature: numbers(7),
  },
  Quantization: { scale: vector(2, 4), zeroPoint: vector(3, 8), dimension: scalar(6, 'i32') },
  Operator: {
    codeIndex: scalar(0, 'u32'),
    /** Indices of tensors; -1 where an optional one is left out. */
    inputs: numbers(1),
    outputs: numbers(2),
    optionsType: scalar(3, 'u8'),
    options: union(4),
    /** The options of a custom operator, in a format of its own. */
    customOptions: vector(5, 1),
    /** The second union of options, which StableHLO's operators have. */
    laterType: scalar(11, 'u8'),
    laterOptions: union(12),
  },
  /** Data inside the FlatBuffer, or behind it at an absolute offset (files over 2 GB). */
  Buffer: { data: vector(0, 1), offset: scalar(1, 'u64'), size: scalar(2, 'u64') },
  Signature: {
    inputs: tables(0, 'TensorMap'),
    outputs: tables(1, 'TensorMap'),
    key: text(2),
    subgraph: scalar(4, 'u32'),
  },
  TensorMap: { name: text(0), tensor: scalar(1, 'u32') },
} as const;

export type TableName = keyof typeof TABLES;

type FieldValue<F> = F extends { kind: 'scalar' }
  ? number
  : F extends { kind: 'text' }
    ? string
    : F extends { kind: 'numbers' }
      ? readonly number[]
      : F extends { kind: 'vector' }
        ? { readonly at: number; readonly length: number }
        : F extends { kind: 'table'; table: infer T extends TableName }
          ? Table<T> | undefined
          : F extends { kind: 'tables'; table: infer T extends TableName }
            ? readonly Table<T>[]
            : F extends { kind: 'union' }
              ? number | undefined
              : never;

/** A table as plain data: absent vectors and texts are empty, absent scalars have their default. */
export type Table<T extends TableName> = {
  readonly [F in keyof (typeof TABLES)[T]]: FieldValue<(typeof TABLES)[T][F]>;
};
