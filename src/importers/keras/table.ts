// The table of known Keras layers and operations. A layer without a row is an error, never free.

import type { Dropped } from '../../graph.js';
import { isData } from '../tfjs/settings.js';
import {
  activationName,
  activated,
  isActivation,
  layerActivation,
  leaky,
  named,
  rectified,
  softmax,
} from './activations.js';
import * as attention from './attention.js';
import * as convolutions from './convolutions.js';
import * as embeddings from './embedding.js';
import { detached } from '../kit/operand.js';
import { FURTHER } from './further.js';
import type { KerasRow } from './layerCall.js';
import * as merging from './merging.js';
import * as norms from './norms.js';
import { OPERAND_CONVOLUTIONS } from './operandConvolutions.js';
import * as operations from './operations.js';
import * as reordering from './reordering.js';
import { multiHot, RARER } from './rarer.js';
import * as slicing from './slicing.js';
import * as pools from './pools.js';
import * as recurrent from './recurrent.js';
import * as shapes from './shapes.js';
import { SPECTRA } from './spectra.js';
import { TIME_INTO_BATCH, TIME_OUT_OF_BATCH } from './topology.js';
import type { Data } from '../tfjs/settings.js';
import { lookup } from '../../lookup.js';

type Rows = Readonly<Record<string, KerasRow>>;

const sameRow = (row: KerasRow, ...names: readonly string[]): Rows =>
  Object.fromEntries(names.map((name) => [name, row]));

/** Layers along one, two and three sides: Conv1D, Conv2D, Conv3D. */
const along = (name: string, row: (sides: number) => KerasRow, ...sides: readonly number[]): Rows =>
  Object.fromEntries(sides.map((count) => [`${name}${count}D`, row(count)]));

/** What does nothing once a network is trained. */
const same: KerasRow = ({ rawInputs: [x] }) => x!;

/** Without an activation of this name for us: the layer's own. */
const activation = (name: string): KerasRow => layerActivation((call, x) => named(call, name, x));

/** Dropouts: training multiplies elements by noise. */
const drops =
  (what: Dropped): KerasRow =>
  (call) =>
    call.dropped(what);

const CHANGES_IN_TRAINING = [
  'GaussianNoise',
  'ActivityRegularization',
  'StochasticDepth',
  'AugMix',
  'CutMix',
  'MixUp',
  'RandAugment',
  'MaxNumBoundingBoxes',
  'Equalization',
  'AutoContrast',
  'Solarization',
];
/** Layers that change images only while a network is trained. */
const AUGMENTS = [
  ...['Flip', 'Rotation', 'Zoom', 'Translation', 'Contrast', 'Brightness', 'Hue', 'Saturation', 'Sharpness', 'Shear'],
  ...[
    'ColorJitter',
    'ColorDegeneration',
    'Grayscale',
    'Invert',
    'Posterization',
    'Perspective',
    'Erasing',
    'GaussianBlur',
  ],
  ...['ElasticTransform', 'Height', 'Width'],
].map((name) => `Random${name}`);

const LAYERS: Rows = {
  ...along('Conv', convolutions.convolution, 1, 2, 3),
  ...sameRow(convolutions.convolution(1), 'Convolution1D'),
  ...sameRow(convolutions.convolution(2), 'Convolution2D'),
  ...sameRow(convolutions.convolution(3), 'Convolution3D'),
  ...along('DepthwiseConv', convolutions.depthwiseConvolution, 1, 2),
  ...along('SeparableConv', convolutions.separableConvolution, 1, 2),
  SeparableConvolution2D: convolutions.separableConvolution(2),
  ...sameRow(convolutions.transposedConvolution(1), 'Conv1DTranspose'),
  ...sameRow(convolutions.transposedConvolution(2), 'Conv2DTranspose', 'Convolution2DTranspose'),
  ...sameRow(convolutions.transposedConvolution(3), 'Conv3DTranspose', 'Convolution3DTranspose'),
  Dense: convolutions.dense,
  EinsumDense: convolutions.einsumDense,
  Embedding: embeddings.embedding,
  ReversibleEmbedding: embeddings.reversibleEmbedding,

  ...sameRow(norms.batchNormalization, 'BatchNormalization', 'BatchNormalizationV1', 'BatchNormalizationV2'),
  SyncBatchNormalization: norms.batchNormalization,
  LayerNormalization: norms.layerNormalization,
  GroupNormalization: norms.groupNormalization,
  UnitNormalization: norms.unitNormalization,
  RMSNormalization: norms.rmsNormalization,
  Rescaling: norms.fixedScale,
  Normalization: norms.fixedScale,
  LayerScale: norms.layerScale,

  Activation: layerActivation((call, x) => activated(call, x)),
  ReLU: layerActivation((call, x) => rectified(call, x, call.settings, '')),
  LeakyReLU: layerActivation((call, x) => leaky(call, x, call.settings, '')),
  PReLU: shapes.prelu,
  ELU: activation('elu'),
  ThresholdedReLU: activation('threshold'),
  Softmax: layerActivation((call, x) => softmax(call, x, (call.wholeNumbers('axis') ?? [-1])[0]!, '')),

  ...['Max', 'Average'].reduce<Rows>((all, name) => {
    const kind = name === 'Max' ? 'max' : 'avg';
    return {
      ...all,
      ...along(`${name}Pooling`, (sides) => pools.pooling(kind, sides), 1, 2, 3),
      ...along(`${name === 'Max' ? name : 'Avg'}Pool`, (sides) => pools.pooling(kind, sides), 1, 2, 3),
      ...along(`Global${name}Pooling`, (sides) => pools.globalPooling(kind, sides), 1, 2, 3),
      ...along(`Global${name === 'Max' ? name : 'Avg'}Pool`, (sides) => pools.globalPooling(kind, sides), 1, 2, 3),
      ...along(`Adaptive${name}Pooling`, (sides) => pools.adaptivePooling(kind, sides), 1, 2, 3),
    };
  }, {}),

  // Operations of Keras 3 have the class names of layers, and may have a number in place of a
  // tensor.
  Add: merging.withNumber('add'),
  Multiply: merging.withNumber('multiply'),
  Subtract: merging.withNumber('subtract'),
  ...sameRow(merging.withNumber('divide'), 'TrueDivide', 'Divide'),
  Maximum: merging.withNumber('maximum'),
  Minimum: merging.withNumber('minimum'),
  Average: merging.average,
  Concatenate: merging.concatenate,
  Dot: (call) => (call.option('axes') === undefined ? operations.matmul(call) : merging.dotProduct(call)),

  ...along('ZeroPadding', shapes.zeroPadding, 1, 2, 3),
  ...along('Cropping', shapes.cropping, 1, 2, 3),
  ...along('UpSampling', shapes.upSampling, 1, 3),
  UpSampling2D: shapes.upSampling2d,
  Resizing: shapes.resizing,
  CenterCrop: shapes.centerCrop,
  RandomCrop: shapes.centerCrop,
  Flatten: shapes.flatten,
  Reshape: (call) => (call.option('target_shape') === undefined ? reordering.reshape(call) : shapes.reshape(call)),
  Permute: shapes.permute,
  RepeatVector: shapes.repeatVector,

  LSTM: recurrent.recurrent('lstm'),
  GRU: recurrent.recurrent('gru'),
  SimpleRNN: recurrent.recurrent('simple'),
  RNN: recurrent.ofCells,
  CuDNNLSTM: recurrent.onCudnn('lstm'),
  CuDNNGRU: recurrent.onCudnn('gru'),
  ...along('ConvLSTM', recurrent.convLstm, 1, 2, 3),
  Bidirectional: recurrent.bidirectional((name) => known(name)),
  TimeDistributed: recurrent.timeDistributed((name) => known(name)),
  Pipeline: recurrent.pipeline((name) => known(name)),
  SpectralNormalization: recurrent.wrapped((name) => known(name)),
  [TIME_INTO_BATCH]: (call) => shapes.intoBatch(call, call.x, ''),
  [TIME_OUT_OF_BATCH]: (call) => shapes.outOfBatch(call, call.inputs[0]!, call.inputs[1]!, ''),

  MultiHeadAttention: attention.multiHeadAttention,
  ...sameRow(attention.groupedQueryAttention, 'GroupedQueryAttention', 'GroupQueryAttention'),
  Attention: attention.attention,
  AdditiveAttention: attention.additiveAttention,

  ...sameRow(same, ...CHANGES_IN_TRAINING, ...AUGMENTS, 'Identity', 'Masking'),
  ...sameRow(drops('elements'), 'Dropout', 'AlphaDropout', 'GaussianDropout'),
  ...sameRow(drops('channels'), 'SpatialDropout1D', 'SpatialDropout2D', 'SpatialDropout3D'),
};

/** keras.ops, by class names; those that layers have too stand above. */
const OPERATIONS: Rows = {
  Mean: operations.reducing('mean'),
  Average: operations.reducing('mean'),
  Sum: operations.reducing('sum'),
  ...sameRow(operations.reducing('max'), 'Max', 'Amax'),
  ...sameRow(operations.reducing('min'), 'Min', 'Amin'),
  Prod: operations.reducing('product'),
  Var: operations.reducing('variance'),
  Std: operations.reducing('deviation'),
  Any: operations.reducing('any'),
  All: operations.reducing('all'),
  Norm: operations.reducing('norm'),
  Logsumexp: operations.reducing('logSumExp'),
  Argmax: operations.placing('argMax'),
  Argmin: operations.placing('argMin'),
  Transpose: reordering.transpose,
  Swapaxes: reordering.swapAxes,
  Moveaxis: reordering.moveAxis,
  ExpandDims: reordering.expandDims,
  Squeeze: reordering.squeeze,
  Stack: reordering.stack,
  Split: slicing.split,
  GetItem: slicing.getItem,
  Pad: slicing.pad,
  Matmul: operations.matmul,
  Einsum: operations.einsum,
  Clip: operations.clip,
  Where: operations.select,
  Tile: slicing.tile,
  Repeat: slicing.repeat,
  Flip: slicing.flip,
  Roll: slicing.roll,
  BroadcastTo: slicing.broadcastTo,
  Take: slicing.take,
  LogSoftmax: operations.softmax('logSoftmax'),
  OneHot: operations.oneHot,
  CategoryEncoding: (call) =>
    call.text('multi_hot', 'output_mode') === 'one_hot' ? operations.oneHot(call) : multiHot(call),
  Cumsum: operations.cumSum,
  TopK: operations.topK,
  Resize: operations.resize,
  DepthToSpace: operations.blocks('depthToSpace'),
  SpaceToDepth: operations.blocks('spaceToDepth'),
  Normalize: operations.normalize,
  Ravel: reordering.ravel,
  MaxPool: operations.pooling('max'),
  AveragePool: operations.pooling('avg'),
  Power: operations.binary('powerOf'),
  FloorDivide: operations.binary('floorDivide'),
  Mod: operations.binary('modulo'),
  Greater: operations.binary('greater'),
  GreaterEqual: operations.binary('greaterOrEqual'),
  Less: operations.binary('less'),
  LessEqual: operations.binary('lessOrEqual'),
  Equal: operations.binary('equal'),
  NotEqual: operations.binary('notEqual'),
  LogicalAnd: operations.binary('and'),
  LogicalOr: operations.binary('or'),
  ...sameRow(operations.binary('exclusiveOr'), 'LogicalXor', 'BitwiseXor'),
  ...sameRow(operations.binary('and'), 'BitwiseAnd'),
  ...sameRow(operations.binary('or'), 'BitwiseOr'),
  ...sameRow(operations.binary('squaredDifference'), 'Hypot', 'SquaredDifference'),
  Arctan2: operations.binary('arcTangent2'),
  Square: layerActivation((call, x) => call.apply('power', '', x, { exponent: 2 })),
  Rsqrt: layerActivation((call, x) => call.apply('power', '', x, { exponent: -0.5 })),
  ...Object.fromEntries(
    (
      [
        ...([
          ['Sqrt', 'squareRoot'],
          ['Exp', 'exponential'],
          ['Log', 'logarithm'],
          ['Erf', 'erf'],
        ] as const),
        ...([
          ['Negative', 'negate'],
          ['Absolute', 'absolute'],
          ['Abs', 'absolute'],
          ['Reciprocal', 'reciprocal'],
        ] as const),
        ...([
          ['Sin', 'sine'],
          ['Cos', 'cosine'],
          ['Tan', 'tangent'],
          ['Sign', 'sign'],
          ['Floor', 'floor'],
        ] as const),
        ...([
          ['Ceil', 'ceil'],
          ['Round', 'round'],
          ['Expm1', 'exponentialMinusOne'],
          ['Log1p', 'logarithmOnePlus'],
        ] as const),
        ...([
          ['Arctan', 'arcTangent'],
          ['Arcsin', 'arcSine'],
          ['Arccos', 'arcCosine'],
          ['LogicalNot', 'not'],
        ] as const),
        ...([
          ['Sinh', 'hyperbolicSine'],
          ['Cosh', 'hyperbolicCosine'],
          ['Isnan', 'isNan'],
          ['Isinf', 'isInfinite'],
        ] as const),
      ] as const
    ).map(([name, op]) => [name, layerActivation((call, x) => call.apply(op, '', x))]),
  ),
  ...RARER,
  ...FURTHER,
  ...SPECTRA,
  ...OPERAND_CONVOLUTIONS,
  ...sameRow(same, 'Conjugate', 'Conj', 'Real'),
  StopGradient: ({ rawInputs: [x] }) => detached(x!),
  ...sameRow(same, 'Cast', 'Copy', 'Contiguous', 'EnsureShape', 'Array', 'View', 'SaturateCast', 'ConvertToTensor'),
};

/**
 * Functions of TensorFlow that Keras 2 writes as layers, by the names of the operations that they
 * are.
 */
const FUNCTIONS: Readonly<Record<string, string>> = {
  '__operators__.add': 'Add',
  '__operators__.getitem': 'GetItem',
  'math.add': 'Add',
  'math.subtract': 'Subtract',
  'math.multiply': 'Multiply',
  'math.truediv': 'TrueDivide',
  'math.divide': 'TrueDivide',
  'math.maximum': 'Maximum',
  'math.minimum': 'Minimum',
  'math.reduce_mean': 'Mean',
  'math.reduce_sum': 'Sum',
  'math.reduce_max': 'Max',
  'math.reduce_min': 'Min',
  'math.reduce_prod': 'Prod',
  'math.argmax': 'Argmax',
  'math.l2_normalize': 'Normalize',
  'linalg.l2_normalize': 'Normalize',
  'math.square': 'Square',
  'math.sqrt': 'Sqrt',
  'math.rsqrt': 'Rsqrt',
  'math.exp': 'Exp',
  'math.log': 'Log',
  'math.abs': 'Absolute',
  'math.negative': 'Negative',
  'math.pow': 'Power',
  'math.greater': 'Greater',
  'linalg.matmul': 'Matmul',
  einsum: 'Einsum',
  'linalg.einsum': 'Einsum',
  concat: 'Concatenate',
  stack: 'Stack',
  split: 'Split',
  reshape: 'Reshape',
  transpose: 'Transpose',
  'compat.v1.transpose': 'Transpose',
  expand_dims: 'ExpandDims',
  squeeze: 'Squeeze',
  'compat.v1.squeeze': 'Squeeze',
  pad: 'Pad',
  'compat.v1.pad': 'Pad',
  tile: 'Tile',
  cast: 'Cast',
  clip_by_value: 'Clip',
  where: 'Where',
  gather: 'Take',
  'compat.v1.gather': 'Take',
  one_hot: 'OneHot',
  'image.resize': 'Resize',
  'nn.depth_to_space': 'DepthToSpace',
  'nn.space_to_depth': 'SpaceToDepth',
  'compat.v1.depth_to_space': 'DepthToSpace',
  'compat.v1.space_to_depth': 'SpaceToDepth',
  'nn.max_pool': 'MaxPool',
  'nn.avg_pool': 'AveragePool',
  identity: 'Identity',
  stop_gradient: 'StopGradient',
};

const FUNCTION_LAYERS: ReadonlySet<string> = new Set(['TFOpLambda', 'SlicingOpLambda']);

/** LeakyRelu is leaky_relu, HardSigmoid hard_sigmoid. */
const inSnakeCase = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** The last word of "nn.relu", or the class of an operation, where that is an activation. */
function asActivation(name: string): KerasRow | undefined {
  const word = inSnakeCase(name.split('.').at(-1)!);
  if (word === 'linear' || !isActivation(word)) return undefined;
  if (word === 'softmax') return operations.softmax('softmax');
  if (word === 'leaky_relu') return layerActivation((call, x) => leaky(call, x, call.settings, ''));
  return activation(word);
}

function known(className: string): KerasRow | undefined {
  if (Object.hasOwn(LAYERS, className)) return LAYERS[className];
  return lookup(OPERATIONS, className) ?? asActivation(className);
}

interface Described {
  readonly op: string;
  readonly config: Data;
}

/** How omissions and messages name a layer. */
export const titleOf = ({ op, config }: Described): string => {
  if (FUNCTION_LAYERS.has(op)) return `${op}(${String(config['function'])})`;
  const name = oddActivation(config);
  return name === undefined || !known(op) ? op : `${op} with activation ${name}`;
};

/** Undefined where flopscope does not know the layer, or its activation. */
export function rowOf({ op, config }: Described): KerasRow | undefined {
  if (FUNCTION_LAYERS.has(op)) {
    const name = op === 'SlicingOpLambda' ? '__operators__.getitem' : String(config['function']);
    return Object.hasOwn(FUNCTIONS, name) ? known(FUNCTIONS[name]!) : asActivation(name);
  }
  return oddActivation(config) === undefined ? known(op) : undefined;
}

/** The name of an activation that is not known. */
function oddActivation({ activation: given }: Data): string | undefined {
  if (given === undefined || given === null || isLayer(given)) return undefined;
  const name = activationName(given);
  return name !== undefined && isActivation(name) ? undefined : (name ?? '?');
}

const isLayer = (value: unknown): boolean =>
  isData(value) && (value['class_name'] === 'ReLU' || value['class_name'] === 'LeakyReLU');
