// Which fields do ONNX's messages have? The numbers and kinds of onnx.proto3 that a written file holds.

export type Kind = 'int' | 'float' | 'text' | 'bytes' | MessageName;

const one = <K extends string>(number: number, kind: K) => ({ number, kind, many: false }) as const;
const many = <K extends string>(number: number, kind: K) => ({ number, kind, many: true }) as const;

export const MESSAGES = {
  Model: {
    irVersion: one(1, 'int'),
    producerName: one(2, 'text'),
    producerVersion: one(3, 'text'),
    opsetImport: many(8, 'OperatorSet'),
  },
  OperatorSet: { version: one(2, 'int') },
  Graph: {
    node: many(1, 'Node'),
    name: one(2, 'text'),
    input: many(11, 'ValueInfo'),
    output: many(12, 'ValueInfo'),
    valueInfo: many(13, 'ValueInfo'),
  },
  Node: {
    input: many(1, 'text'),
    output: many(2, 'text'),
    name: one(3, 'text'),
    opType: one(4, 'text'),
    attribute: many(5, 'Attribute'),
    metadataProps: many(9, 'Entry'),
  },
  Attribute: {
    name: one(1, 'text'),
    f: one(2, 'float'),
    i: one(3, 'int'),
    s: one(4, 'text'),
    ints: many(8, 'int'),
    type: one(20, 'int'),
  },
  Tensor: {
    dims: many(1, 'int'),
    dataType: one(2, 'int'),
    name: one(8, 'text'),
    rawData: one(9, 'bytes'),
    externalData: many(13, 'Entry'),
    dataLocation: one(14, 'int'),
  },
  Entry: { key: one(1, 'text'), value: one(2, 'text') },
  ValueInfo: { name: one(1, 'text'), type: one(2, 'Type') },
  Type: { tensorType: one(1, 'TensorType') },
  TensorType: { elemType: one(1, 'int'), shape: one(2, 'TensorShape') },
  TensorShape: { dim: many(1, 'Dimension') },
  Dimension: { dimValue: one(1, 'int'), dimParam: one(2, 'text') },
} as const;

export type MessageName = keyof typeof MESSAGES;

/** TensorProto.DataType by name. */
export const DATA_TYPES = { float: 1, int64: 7 } as const;

/** AttributeProto.AttributeType by name. */
export const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const;
