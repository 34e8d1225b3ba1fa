// The fields of TensorFlow's protobuf messages that describe a graph.

import { many, one, type MessageOf } from '../protobuf/message.js';

/** Training, checkpoints, the object graph and weights are left out. */
export const MESSAGES = {
  SavedModel: { schemaVersion: one(1, 'int'), metaGraph: many(2, 'MetaGraph') },
  MetaGraph: { info: one(1, 'MetaInfo'), graph: one(2, 'Graph'), signature: many(5, 'SignatureEntry') },
  MetaInfo: { tag: many(4, 'text'), version: one(5, 'text') },
  SignatureEntry: { key: one(1, 'text'), value: one(2, 'Signature') },
  Signature: { input: many(1, 'TensorInfoEntry'), output: many(2, 'TensorInfoEntry') },
  TensorInfoEntry: { key: one(1, 'text'), value: one(2, 'TensorInfo') },
  TensorInfo: { name: one(1, 'text'), dtype: one(2, 'int'), shape: one(3, 'Shape') },
  Graph: { node: many(1, 'Node'), library: one(2, 'Library'), versions: one(4, 'unread') },
  Library: { function: many(1, 'Function') },
  Function: { signature: one(1, 'FunctionSignature'), node: many(3, 'Node'), ret: many(4, 'ReturnEntry') },
  FunctionSignature: { name: one(1, 'text'), input: many(2, 'Argument'), output: many(3, 'Argument') },
  Argument: { name: one(1, 'text') },
  ReturnEntry: { key: one(1, 'text'), value: one(2, 'text') },
  Node: { name: one(1, 'text'), op: one(2, 'text'), input: many(3, 'text'), attribute: many(5, 'AttributeEntry') },
  AttributeEntry: { key: one(1, 'text'), value: one(2, 'Attribute') },
  Attribute: {
    list: one(1, 'List'),
    s: one(2, 'bytes'),
    i: one(3, 'int'),
    f: one(4, 'float'),
    b: one(5, 'int'),
    type: one(6, 'int'),
    shape: one(7, 'Shape'),
    tensor: one(8, 'Tensor'),
    function: one(10, 'FunctionName'),
  },
  List: {
    s: many(2, 'bytes'),
    i: many(3, 'int'),
    f: many(4, 'float'),
    shape: many(7, 'Shape'),
    function: many(9, 'FunctionName'),
  },
  FunctionName: { name: one(1, 'text') },
  Shape: { dim: many(2, 'Dimension'), unknownRank: one(3, 'int') },
  Dimension: { size: one(1, 'int') },
  Tensor: {
    dtype: one(1, 'int'),
    shape: one(2, 'Shape'),
    content: one(4, 'bytes'),
    floatVal: many(5, 'float'),
    doubleVal: many(6, 'double'),
    intVal: many(7, 'int'),
    int64Val: many(10, 'int'),
    boolVal: many(11, 'int'),
    halfVal: many(13, 'int'),
  },
} as const;

export type Read<M extends keyof typeof MESSAGES> = MessageOf<typeof MESSAGES, M>;

/** Names of the numbers of `DataType`. Types that no network computes with are left out. */
export const DATA_TYPES: Readonly<Record<number, string>> = {
  1: 'DT_FLOAT',
  2: 'DT_DOUBLE',
  3: 'DT_INT32',
  4: 'DT_UINT8',
  5: 'DT_INT16',
  6: 'DT_INT8',
  7: 'DT_STRING',
  9: 'DT_INT64',
  10: 'DT_BOOL',
  14: 'DT_BFLOAT16',
  17: 'DT_UINT16',
  19: 'DT_HALF',
  20: 'DT_RESOURCE',
  22: 'DT_UINT32',
  23: 'DT_UINT64',
};
