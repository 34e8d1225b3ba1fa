// The fields of ONNX's messages: numbers and kinds of onnx.proto3, for readers and writers.

import { many, one, type MessageOf } from '../protobuf/message.js';

/** Fields that say nothing about the network (documentation, training, metadata) are left out. */
export const MESSAGES = {
  Model: {
    irVersion: one(1, 'int'),
    producerName: one(2, 'text'),
    producerVersion: one(3, 'text'),
    graph: one(7, 'Graph'),
    opsetImport: many(8, 'OperatorSet'),
    functions: many(25, 'Function'),
  },
  OperatorSet: { domain: one(1, 'text'), version: one(2, 'int') },
  Graph: {
    node: many(1, 'Node'),
    name: one(2, 'text'),
    initializer: many(5, 'Tensor'),
    input: many(11, 'ValueInfo'),
    output: many(12, 'ValueInfo'),
    valueInfo: many(13, 'ValueInfo'),
    sparseInitializer: many(15, 'SparseTensor'),
  },
  Node: {
    input: many(1, 'text'),
    output: many(2, 'text'),
    name: one(3, 'text'),
    opType: one(4, 'text'),
    attribute: many(5, 'Attribute'),
    domain: one(7, 'text'),
    metadataProps: many(9, 'Entry'),
  },
  Attribute: {
    name: one(1, 'text'),
    f: one(2, 'float'),
    i: one(3, 'int'),
    s: one(4, 'text'),
    t: one(5, 'Tensor'),
    g: one(6, 'Graph'),
    floats: many(7, 'float'),
    ints: many(8, 'int'),
    strings: many(9, 'text'),
    graphs: many(11, 'unread'),
    type: one(20, 'int'),
    refAttrName: one(21, 'text'),
  },
  Tensor: {
    dims: many(1, 'int'),
    dataType: one(2, 'int'),
    floatData: many(4, 'float'),
    int32Data: many(5, 'int'),
    int64Data: many(7, 'int'),
    name: one(8, 'text'),
    rawData: one(9, 'bytes'),
    doubleData: many(10, 'double'),
    uint64Data: many(11, 'int'),
    externalData: many(13, 'Entry'),
    dataLocation: one(14, 'int'),
  },
  SparseTensor: { values: one(1, 'Tensor'), dims: many(3, 'int') },
  Entry: { key: one(1, 'text'), value: one(2, 'text') },
  ValueInfo: { name: one(1, 'text'), type: one(2, 'Type') },
  Type: { tensorType: one(1, 'TensorType') },
  TensorType: { elemType: one(1, 'int'), shape: one(2, 'TensorShape') },
  TensorShape: { dim: many(1, 'Dimension') },
  Dimension: { dimValue: one(1, 'int'), dimParam: one(2, 'text') },
  Function: {
    name: one(1, 'text'),
    input: many(4, 'text'),
    output: many(5, 'text'),
    attribute: many(6, 'text'),
    node: many(7, 'Node'),
    opsetImport: many(9, 'OperatorSet'),
    domain: one(10, 'text'),
    attributeProto: many(11, 'Attribute'),
    overload: one(13, 'text'),
  },
} as const;

export type MessageName = keyof typeof MESSAGES;

export type Message<M extends MessageName> = MessageOf<typeof MESSAGES, M>;

export type OnnxNode = Message<'Node'>;
export type OnnxGraph = Message<'Graph'>;
export type OnnxModel = Message<'Model'>;
export type OnnxTensor = Message<'Tensor'>;
export type OnnxAttribute = Message<'Attribute'>;

/** TensorProto.DataType by name. */
export const DATA_TYPES = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

/** AttributeProto.AttributeType by name. */
export const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;
