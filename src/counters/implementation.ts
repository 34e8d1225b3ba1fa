// Which implementation each model mirrors, and what that code calls. A graph does not say this.

import { FAMILIES } from '../families/table.js';
import type { Config, Model } from '../model.js';
import type { OpName } from '../ops/table.js';
import type { CallName } from './call.js';
import { OP_CALLS } from './opCalls.js';

/**
 * An op, one that `reader` reads first, or one in a mode: "relu", "globalAvgPool>flatten",
 * "upsample:bilinear".
 */
type Key = OpName | `${OpName}>${OpName}` | `${OpName}:${string}`;

export interface Implementation {
  readonly name: string;
  /** One sentence: how its calls differ from plain modules. */
  readonly about: string;
  /** Where it differs from plain modules. */
  readonly calls: Readonly<Partial<Record<Key, CallName>>>;
  /**
   * Activations that overwrite their input; a plain module does not, as inplace=False is PyTorch's
   * default.
   */
  readonly inPlace?: readonly OpName[];
  /**
   * Where it drops elements while it trains, which graphs leave out. Layers with a rate of 0 run
   * nothing.
   */
  readonly dropouts?: readonly Dropout[];
}

/**
 * In front of every op of this kind in a stage, where it reads one of that kind if there is one.
 */
export interface Dropout {
  readonly stage: string;
  readonly before: OpName;
  readonly after?: OpName;
}

/** The usual module class or operator of every op. */
export const PLAIN_CALLS: Readonly<Record<OpName, CallName>> & Implementation['calls'] = {
  conv: 'conv',
  convTranspose: 'convTranspose',
  linear: 'linear',
  batchNorm: 'batchNorm',
  layerNorm: 'layerNorm',
  groupNorm: 'groupNorm',
  l2Norm: 'l2Norm',
  relu: 'relu',
  relu6: 'relu6',
  leakyRelu: 'leakyRelu',
  sigmoid: 'sigmoid',
  hardSigmoid: 'hardSigmoid',
  hardSwish: 'hardSwish',
  silu: 'silu',
  gelu: 'gelu',
  softmax: 'softmax',
  maxPool: 'maxPool',
  avgPool: 'avgPool',
  globalAvgPool: 'adaptiveAvgPool',
  adaptiveAvgPool: 'adaptiveAvgPool',
  channelPool: 'mean',
  'channelPool:max': 'channelMax',
  add: 'add',
  multiply: 'multiply',
  scale: 'scale',
  concat: 'concat',
  split: 'split',
  subsample: 'subsample',
  channelShuffle: 'channelShuffle',
  reshape: 'reshape',
  flatten: 'flatten',
  upsample: 'nearest',
  'upsample:bilinear': 'bilinear',
  pad: 'pad',
  matmul: 'matmul',
  subtract: 'subtract',
  divide: 'divide',
  maximum: 'maximum',
  minimum: 'minimum',
  parameter: 'parameter',
  scaleBy: 'scaleBy',
  shiftBy: 'shiftBy',
  transpose: 'transpose',
  view: 'view',
  slice: 'slice',
  expand: 'expand',
  localResponseNorm: 'localResponseNorm',
  tanh: 'tanh',
  elu: 'elu',
  softplus: 'softplus',
  mish: 'mish',
  prelu: 'prelu',
  clip: 'clip',
  erf: 'erf',
  exponential: 'exponential',
  logarithm: 'logarithm',
  squareRoot: 'squareRoot',
  reciprocal: 'reciprocal',
  absolute: 'absolute',
  negate: 'negate',
  power: 'power',
  globalMaxPool: 'adaptiveMaxPool',
  resize: 'nearest',
  'resize:bilinear': 'bilinear',
  'resize:bicubic': 'bicubic',
  reduce: 'mean',
  'reduce:sum': 'sum',
  'reduce:max': 'channelMax',
  'reduce:min': 'minimumOf',
  'reduce:product': 'productOf',
  'reduce:norm': 'norm',
  'reduce:l1': 'l1Norm',
  'reduce:squareSum': 'squareSum',
  'reduce:logSum': 'logSum',
  'reduce:logSumExp': 'logSumExp',
  'reduce:variance': 'variance',
  'reduce:deviation': 'deviation',
  'reduce:any': 'any',
  'reduce:all': 'all',
  'resize:linear': 'linearlyResized',
  'resize:trilinear': 'trilinear',
  'rnn:gru': 'gru',
  'rnn:simple': 'simpleRnn',
  'shrink:soft': 'softShrink',
  'shrink:tanh': 'tanhShrink',
  roiAlign: 'roiAlign',
  ...ownNames(OP_CALLS),
};

/** Each op's call has its own name. */
function ownNames<Name extends string>(calls: Readonly<Record<Name, unknown>>): { readonly [N in Name]: N } {
  return Object.fromEntries(Object.keys(calls).map((name) => [name, name])) as { [N in Name]: N };
}

const PLAIN: Implementation = {
  name: 'plain modules',
  about: 'taken to be written with plain modules (nn.BatchNorm2d, nn.ReLU, nn.AdaptiveAvgPool2d) and x + y.',
  calls: {},
};

/** Files that record the calls. */
const EXPORTED: Implementation = {
  name: 'the exported program',
  about: 'its modules and functions are those that the file names.',
  calls: {},
};

interface Row {
  readonly family: string;
  /** Which of the family's variants; all where absent. */
  readonly when?: (config: Config) => boolean;
  readonly implementation: Implementation;
}

type Training = Pick<Implementation, 'inPlace' | 'dropouts'>;

/** nn.ReLU(inplace=True), which most implementations have throughout. */
const RELU_IN_PLACE: Training = { inPlace: ['relu'] };

const torchvision = (
  about: string,
  calls: Implementation['calls'],
  training: Training = RELU_IN_PLACE,
): Implementation => ({ name: 'torchvision', about, calls, ...training });
const timm = (about: string, calls: Implementation['calls'], training: Training = RELU_IN_PLACE): Implementation => ({
  name: 'timm',
  about,
  calls,
  ...training,
});

/** The first row that fits; families that are not here have no PyTorch code that they mirror. */
const IMPLEMENTATIONS: readonly Row[] = [
  {
    family: 'resnet',
    when: ({ attention }) => attention === 'se',
    implementation: timm('SE averages with x.mean, blocks add with x += y.', {
      'globalAvgPool>conv': 'mean',
      add: 'addInPlace',
    }),
  },
  { family: 'resnet', implementation: torchvision('blocks add with x += y.', { add: 'addInPlace' }) },
  {
    family: 'densenet',
    implementation: torchvision('the last ReLU and the last pool are function calls (F.relu, F.adaptive_avg_pool2d).', {
      'relu>globalAvgPool': 'functionalRelu',
      'globalAvgPool>flatten': 'functionalAdaptiveAvgPool',
    }),
  },
  {
    family: 'mobilenet_v2',
    implementation: torchvision(
      'the last pool is a function call (F.adaptive_avg_pool2d).',
      { 'globalAvgPool>flatten': 'functionalAdaptiveAvgPool' },
      { inPlace: ['relu6'], dropouts: [{ stage: 'head', before: 'linear' }] },
    ),
  },
  {
    family: 'shufflenet_v2',
    implementation: torchvision('the last pool is x.mean.', { 'globalAvgPool>flatten': 'mean' }),
  },
  {
    family: 'vgg',
    implementation: torchvision(
      'every layer is a plain module.',
      {},
      { ...RELU_IN_PLACE, dropouts: [{ stage: 'head', before: 'linear', after: 'relu' }] },
    ),
  },
  {
    family: 'squeezenet',
    implementation: torchvision(
      'every layer is a plain module.',
      {},
      { ...RELU_IN_PLACE, dropouts: [{ stage: 'head', before: 'conv' }] },
    ),
  },
  {
    family: 'vovnet',
    when: ({ naming }) => naming === 'timm',
    implementation: timm(
      'batch norms are BatchNormAct2d, which holds its activation; effective SE averages with x.mean.',
      {
        batchNorm: 'batchNormAct',
        'globalAvgPool>conv': 'mean',
      },
    ),
  },
  {
    family: 'vovnet',
    when: ({ attention = 'none' }) => attention !== 'none',
    implementation: {
      name: 'vovnet-detectron2',
      about: "effective SE's gate is F.relu6(x + 3) / 6 in a class of its own; batch norms are taken as learnable.",
      calls: { hardSigmoid: 'relu6Sixth' },
      ...RELU_IN_PLACE,
    },
  },
  {
    family: 'vovnet',
    implementation: {
      name: 'VoVNet.pytorch',
      about: 'the last pool is a function call (F.adaptive_avg_pool2d).',
      calls: { 'globalAvgPool>flatten': 'functionalAdaptiveAvgPool' },
      ...RELU_IN_PLACE,
    },
  },
  {
    family: 'darknet',
    when: ({ head = 'linear' }) => head === 'linear',
    implementation: timm(
      'batch norms are BatchNormAct2d, which holds its activation.',
      { batchNorm: 'batchNormAct' },
      { inPlace: ['leakyRelu'] },
    ),
  },
  {
    family: 'peleenet',
    implementation: {
      name: 'PeleeNet (Robert-JunWang)',
      about: 'ReLUs and the last pool are function calls (F.relu, F.avg_pool2d).',
      calls: { relu: 'functionalRelu', 'globalAvgPool>flatten': 'functionalAvgPool' },
      ...RELU_IN_PLACE,
      dropouts: [{ stage: 'head', before: 'linear' }],
    },
  },
  {
    family: 'resnet_cifar',
    implementation: {
      name: 'pytorch_resnet_cifar10 (akamaster)',
      about: 'ReLUs and the last pool are function calls (F.relu, F.avg_pool2d), blocks add with x += y.',
      calls: { relu: 'functionalRelu', 'globalAvgPool>flatten': 'functionalAvgPool', add: 'addInPlace' },
    },
  },
];

/** A built-in variant mirrors an implementation; what a user wrote is taken as plain modules. */
export function implementationOf({ name, source, config }: Model): Implementation {
  if (source === 'pt2') return EXPORTED;
  if (source !== 'built-in') return PLAIN;
  const family = FAMILIES.find(({ variants }) => Object.hasOwn(variants, name))?.name;
  const row = IMPLEMENTATIONS.find((row) => row.family === family && (row.when?.(config) ?? true));
  return row?.implementation ?? PLAIN;
}
