// Which layers of Keras are known? This table is the whole answer: one that is missing from it is an error, never nothing.

import type { Value } from '../../graph.js';
import { isData } from '../tfjs/settings.js';
import { activationName, activated, isActivation, leaky, named, rectified, softmax } from './activations.js';
import * as layers from './convolutions.js';
import type { LayerCall } from './layerCall.js';
import * as others from './others.js';
import type { Layer } from './topology.js';

export type Row = (call: LayerCall) => Value;

/** What does nothing to an image once a network is trained. */
const same: Row = ({ inputs: [x] }) => x!;

const LAYERS: Readonly<Record<string, Row>> = {
  Conv2D: layers.conv2d,
  Convolution2D: layers.conv2d,
  DepthwiseConv2D: layers.depthwiseConv2d,
  SeparableConv2D: layers.separableConv2d,
  SeparableConvolution2D: layers.separableConv2d,
  Conv2DTranspose: layers.conv2dTranspose,
  Dense: layers.dense,
  Cropping2D: layers.cropping2d,

  BatchNormalization: others.batchNormalization,
  BatchNormalizationV1: others.batchNormalization,
  BatchNormalizationV2: others.batchNormalization,
  SyncBatchNormalization: others.batchNormalization,
  LayerNormalization: others.layerNormalization,
  GroupNormalization: others.groupNormalization,
  Rescaling: others.fixedScale,
  Normalization: others.fixedScale,

  Activation: (call) => activated(call, call.x),
  ReLU: (call) => rectified(call, call.x, call.settings, ''),
  LeakyReLU: (call) => leaky(call, call.x, call.settings, ''),
  PReLU: others.prelu,
  ELU: (call) => call.apply('elu', '', call.x),
  Softmax: (call) => softmax(call, call.x, call.settings.integers('axis', [-1])[0]!, ''),

  MaxPooling2D: others.maxPooling2d,
  MaxPool2D: others.maxPooling2d,
  AveragePooling2D: others.averagePooling2d,
  AvgPool2D: others.averagePooling2d,
  GlobalAveragePooling2D: others.globalAveragePooling2d,
  GlobalAvgPool2D: others.globalAveragePooling2d,
  GlobalMaxPooling2D: others.globalMaxPooling2d,
  GlobalMaxPool2D: others.globalMaxPooling2d,

  // Operations of Keras 3 have the class names of layers, and may have a number in place of a tensor.
  Add: (call) => (call.constants.length > 0 ? others.arithmetic('add', 'shiftBy') : others.merging('add'))(call),
  Multiply: (call) =>
    (call.constants.length > 0 ? others.arithmetic('multiply', 'scaleBy') : others.merging('multiply'))(call),
  Subtract: others.arithmetic('subtract', 'shiftBy'),
  TrueDivide: others.arithmetic('divide', 'scaleBy'),
  Maximum: others.merging('maximum'),
  Minimum: others.merging('minimum'),
  Average: others.average,
  Concatenate: others.concatenate,

  ZeroPadding2D: others.zeroPadding2d,
  UpSampling2D: others.upSampling2d,
  Resizing: others.resizing,
  Flatten: others.flatten,
  Reshape: others.reshape,
  Permute: others.permute,

  ...Object.fromEntries(
    [
      ...['Dropout', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'ActivityRegularization'],
      ...['RandomFlip', 'RandomRotation', 'RandomZoom', 'RandomTranslation', 'RandomContrast', 'RandomBrightness'],
      'Identity',
    ].map((name) => [name, same]),
  ),
};

/** Functions of TensorFlow that Keras 2 writes as layers. */
const FUNCTIONS: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    ['__operators__.add', 'math.add'].map((name) => [name, others.arithmetic('add', 'shiftBy')] as const),
  ),
  'math.subtract': others.arithmetic('subtract', 'shiftBy'),
  'math.multiply': others.arithmetic('multiply', 'scaleBy'),
  'math.truediv': others.arithmetic('divide', 'scaleBy'),
  'math.divide': others.arithmetic('divide', 'scaleBy'),
  identity: same,
};

const FUNCTION_LAYERS: ReadonlySet<string> = new Set(['TFOpLambda', 'SlicingOpLambda']);

/** "nn.relu", "math.sigmoid": the last word is an activation. */
const asActivation = (name: string): Row | undefined => {
  const word = name.split('.').at(-1)!;
  return isActivation(word) ? (call) => named(call, word, call.x) : undefined;
};

/** @returns the row, or the name under which the layer is unknown */
export function rowOf({ className, config }: Layer): Row | string {
  if (FUNCTION_LAYERS.has(className)) {
    const name = String(config['function']);
    return (Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : asActivation(name)) ?? `${className}(${name})`;
  }
  if (!Object.hasOwn(LAYERS, className)) return className;
  const { activation } = config;
  if (activation === undefined || activation === null || isLayer(activation)) return LAYERS[className]!;
  const name = activationName(activation);
  return name !== undefined && isActivation(name) ? LAYERS[className]! : `${className} with activation ${name ?? '?'}`;
}

const isLayer = (value: unknown): boolean =>
  isData(value) && (value['class_name'] === 'ReLU' || value['class_name'] === 'LeakyReLU');
