// The options of TFLite's operators: their number in the schema's union, and their fields.

import type { ScalarKind } from './tables.js';

/** Fields in the order of their ids; null stands for an id that no count needs. */
type Listed = readonly (
  readonly [name: string, kind: ScalarKind | 'numbers' | 'longs' | 'text', otherwise?: number] | null
)[];

type Named<L extends Listed> = {
  readonly [F in Exclude<L[number], null> as F[0]]: F[1] extends 'numbers' | 'longs'
    ? readonly number[]
    : F[1] extends 'text'
      ? string
      : number;
};

interface Kind<L extends Listed = Listed> {
  readonly type: number;
  /** Whether it is in the second union of the schema, that of StableHLO's operators. */
  readonly later: boolean;
  readonly fields: { readonly [F in keyof Named<L>]: OptionRow };
}

type OptionRow =
  | { readonly id: number; readonly kind: 'scalar'; readonly scalar: ScalarKind; readonly otherwise: number }
  | { readonly id: number; readonly kind: 'numbers' | 'longs' | 'text' };

function kind<const L extends Listed>(type: number, listed: L, later = false): Kind<L> {
  const rows = listed.flatMap((field, id): readonly (readonly [string, OptionRow])[] => {
    if (!field) return [];
    const [name, kind, otherwise = 0] = field;
    const isScalar = kind !== 'numbers' && kind !== 'longs' && kind !== 'text';
    return [[name, isScalar ? { id, kind: 'scalar', scalar: kind, otherwise } : { id, kind }]];
  });
  return { type, later, fields: Object.fromEntries(rows) as Kind<L>['fields'] };
}

const later = <const L extends Listed>(type: number, listed: L): Kind<L> => kind(type, listed, true);

const stride = [
  ['strideW', 'i32'],
  ['strideH', 'i32'],
] as const;
const dilation = [
  ['dilationW', 'i32', 1],
  ['dilationH', 'i32', 1],
] as const;
const fused = ['fused', 'i8'] as const;
const padding = ['padding', 'i8'] as const;

export const OPTIONS = {
  Conv2D: kind(1, [padding, ...stride, fused, ...dilation]),
  DepthwiseConv2D: kind(2, [padding, ...stride, ['multiplier', 'i32'], fused, ...dilation]),
  Pool2D: kind(5, [padding, ...stride, ['filterW', 'i32'], ['filterH', 'i32'], fused]),
  Svdf: kind(6, [['rank', 'i32'], fused]),
  FullyConnected: kind(8, [fused, ['format', 'i8'], ['keepSides', 'bool']]),
  Concatenation: kind(10, [['axis', 'i32'], fused]),
  Add: kind(11, [fused]),
  L2Norm: kind(12, [fused]),
  LocalResponseNormalization: kind(13, [['radius', 'i32']]),
  Lstm: kind(14, [fused, null, null, ['kernel', 'i8']]),
  Call: kind(16, [['subgraph', 'u32']]),
  Reshape: kind(17, [['shape', 'numbers']]),
  SpaceToDepth: kind(19, [['block', 'i32']]),
  Mul: kind(21, [fused]),
  Gather: kind(23, [
    ['axis', 'i32'],
    ['batchDims', 'i32'],
  ]),
  Reducer: kind(27, [['keep', 'bool']]),
  Sub: kind(28, [fused]),
  Div: kind(29, [fused]),
  Squeeze: kind(30, [['axes', 'numbers']]),
  SequenceRnn: kind(31, [['timeMajor', 'bool'], fused]),
  StridedSlice: kind(32, [
    ['begin', 'i32'],
    ['end', 'i32'],
    ['ellipsis', 'i32'],
    ['newAxis', 'i32'],
    ['shrink', 'i32'],
    ['offset', 'bool'],
  ]),
  Split: kind(35, [['parts', 'i32']]),
  Cast: kind(37, [
    ['from', 'i8'],
    ['to', 'i8'],
  ]),
  TransposeConv: kind(49, [padding, ...stride, fused]),
  Pack: kind(59, [
    ['count', 'i32'],
    ['axis', 'i32'],
  ]),
  OneHot: kind(61, [['axis', 'i32']]),
  Unpack: kind(64, [
    ['count', 'i32'],
    ['axis', 'i32'],
  ]),
  BidirectionalSequenceLstm: kind(69, [fused, null, null, ['merge', 'bool'], ['timeMajor', 'bool', 1]]),
  BidirectionalSequenceRnn: kind(70, [['timeMajor', 'bool'], fused, ['merge', 'bool']]),
  UnidirectionalSequenceLstm: kind(71, [fused, null, null, ['timeMajor', 'bool']]),
  LeakyRelu: kind(75, [['alpha', 'f32']]),
  MirrorPad: kind(77, [['mode', 'i8']]),
  SplitV: kind(79, [['parts', 'i32']]),
  ReverseSequence: kind(87, [['axis', 'i32']]),
  If: kind(92, [
    ['then', 'i32'],
    ['otherwise', 'i32'],
  ]),
  While: kind(93, [
    ['condition', 'i32'],
    ['body', 'i32'],
  ]),
  DepthToSpace: kind(94, [['block', 'i32']]),
  BatchMatMul: kind(101, [
    ['adjX', 'bool'],
    ['adjY', 'bool'],
  ]),
  CallOnce: kind(103, [['subgraph', 'i32']]),
  /** Depth, width, height. The strides of Conv2D have another order. */
  Conv3D: kind(106, [padding, ['strideD', 'i32'], ...stride, fused, ['dilationD', 'i32', 1], ...dilation]),
  VarHandle: kind(111, [
    ['container', 'text'],
    ['sharedName', 'text'],
  ]),

  Concatenate: later(1, [['axis', 'i64']]),
  BroadcastInDim: later(2, [['sides', 'longs']]),
  HloSlice: later(3, [
    ['begin', 'longs'],
    ['end', 'longs'],
    ['step', 'longs'],
  ]),
  HloConvolution: later(4, [
    ...(['stride', 'padding', 'inputDilation', 'dilation'] as const).map((name) => [name, 'longs'] as const),
    null,
    ['inputBatch', 'i64'],
    ['inputFeatures', 'i64'],
    ['inputSides', 'longs'],
    ['kernelInputs', 'i64'],
    ['kernelOutputs', 'i64'],
    ['kernelSides', 'longs'],
    ['outputBatch', 'i64'],
    ['outputFeatures', 'i64'],
    ['outputSides', 'longs'],
    ['groups', 'i64'],
    ['batchGroups', 'i64'],
  ] as const),
  HloReduce: later(6, [
    ['axes', 'longs'],
    ['body', 'i32'],
  ]),
  Compare: later(8, [['direction', 'u32']]),
  DynamicSlice: later(9, [['sides', 'longs']]),
  HloPad: later(10, [
    ['before', 'longs'],
    ['after', 'longs'],
    ['between', 'longs'],
  ]),
  DotGeneral: later(12, [
    ['firstBatch', 'longs'],
    ['secondBatch', 'longs'],
    ['firstSummed', 'longs'],
    ['secondSummed', 'longs'],
  ]),
  HloTranspose: later(17, [['order', 'longs']]),
  Composite: later(21, [
    ['name', 'text'],
    ['subgraph', 'i32'],
  ]),
} as const;

export type OptionsName = keyof typeof OPTIONS;

/** Options as plain data, with every default filled in. */
export type Options<O extends OptionsName> = (typeof OPTIONS)[O] extends Kind<infer L> ? Named<L> : never;
