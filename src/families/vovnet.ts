// VoVNet V1 and V2 as their authors and timm build them: OSA modules with max pools between.

import { convNorm, type ConvNormNames } from '../blocks/convNorm.js';
import { depthwisePair, osa, type LayerNames, type OsaNames } from '../blocks/osa.js';
import type { Builder } from '../builder.js';
import {
  choice,
  count,
  flag,
  hasSome,
  list,
  only,
  per,
  size,
  where,
  whole,
  type Given,
  type Values,
} from '../fields.js';
import type { Value } from '../graph.js';
import { classifier } from './classifier.js';
import { family, IMAGENET } from './family.js';

const fields = {
  stem: list('channels of the three stem convolutions', size('channels'), [64, 64, 128], 3),
  stemStrides: list(
    "their strides: 2, 1, 2 in the authors' code; 2, 1, 1 with poolBeforeStage2 in the paper's Table 1",
    whole('stride'),
    [2, 1, 2],
    3,
  ),
  poolBeforeStage2: flag("a max pool before the first stage too (the paper's Table 1)", false),
  growth: per('modules', list('channels of the 3x3 layers of each stage', size('channels'), [128, 160, 192, 224])),
  channels: per(
    'modules',
    list('output channels of the modules of each stage', size('channels'), [256, 512, 768, 1024]),
  ),
  layers: count('3x3 layers in a module', 5),
  modules: list('modules of each stage', count('modules')),
  depthwise: flag('3x3 layers are a depthwise 3x3 and a 1x1; the second and third stem convolution too', false),
  bottleneck: flag(
    "a 1x1 with half of its input's channels before each layer of a module (the paper's Table 3)",
    false,
  ),
  bottleneckOf: only(
    [where('bottleneck', true), where('depthwise', false)],
    choice(
      "whose channels that 1x1 halves: its input's, as the paper's text has it, or the layer's, which gives the figures of its Table 3",
      ['input', 'layer'],
      'input',
    ),
  ),
  attention: choice(
    'effective SE: in no module, in all (the authors), or in the last of each stage (timm)',
    ['none', 'all', 'last'],
    'none',
  ),
  identity: only([hasSome('modules', 2)], flag('the input is added from the second module of a stage on', true)),
  classes: size('classes of the classifier, 0 for a backbone without one', 1000, 0),
  naming: choice('whose layer names to use', ['authors', 'timm'], 'authors'),
};
type Config = Values<typeof fields>;

const SLIM = { growth: [64, 80, 96, 112], channels: [112, 256, 384, 512] };
const SLIM_V1 = { growth: [64, 80, 96, 112], channels: [128, 256, 384, 512] };
const DEPTHWISE = { depthwise: true, stem: [64, 64, 64] };
const V2 = { attention: 'all', classes: 0 } as const;
const TIMM = { attention: 'last', naming: 'timm' } as const;

const variants: Record<string, Given<typeof fields>> = {
  vovnet27_slim: { modules: [1, 1, 1, 1], ...SLIM_V1 },
  vovnet39: { modules: [1, 1, 2, 2] },
  vovnet57: { modules: [1, 1, 4, 3] },
  'V-19-slim-dw-eSE': { modules: [1, 1, 1, 1], layers: 3, ...SLIM, ...DEPTHWISE, ...V2 },
  'V-19-dw-eSE': { modules: [1, 1, 1, 1], layers: 3, ...DEPTHWISE, ...V2 },
  'V-19-slim-eSE': { modules: [1, 1, 1, 1], layers: 3, ...SLIM, ...V2 },
  'V-19-eSE': { modules: [1, 1, 1, 1], layers: 3, ...V2 },
  'V-39-eSE': { modules: [1, 1, 2, 2], ...V2 },
  'V-57-eSE': { modules: [1, 1, 4, 3], ...V2 },
  'V-99-eSE': { modules: [1, 3, 9, 3], ...V2 },
  ese_vovnet19b_slim_dw: { modules: [1, 1, 1, 1], layers: 3, ...SLIM, ...DEPTHWISE, ...TIMM },
  ese_vovnet19b_dw: { modules: [1, 1, 1, 1], layers: 3, ...DEPTHWISE, ...TIMM },
  ese_vovnet19b_slim: { modules: [1, 1, 1, 1], layers: 3, ...SLIM, ...TIMM },
  ese_vovnet39b: { modules: [1, 1, 2, 2], ...TIMM },
  ese_vovnet57b: { modules: [1, 1, 4, 3], ...TIMM },
  ese_vovnet99b: { modules: [1, 3, 9, 3], ...TIMM },
};

export const vovnet = family({
  name: 'vovnet',
  about: 'One-Shot Aggregation networks, V1 and V2',
  links: [
    'https://arxiv.org/abs/1904.09730',
    'https://arxiv.org/abs/1911.06667',
    'https://github.com/stigma0617/VoVNet.pytorch/blob/master/models_vovnet/vovnet.py',
    'https://github.com/youngwanLEE/vovnet-detectron2/blob/master/vovnet/vovnet.py',
    'https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/vovnet.py',
  ],
  input: IMAGENET,
  fields,
  variants,
  build(net, x, config) {
    const naming = NAMING[config.naming];
    let features = stem(net.at('', { stage: 'stem' }), x, config, naming);
    for (const [i, modules] of config.modules.entries()) features = stage(net, features, config, naming, i, modules);
    return config.classes === 0 ? features : classifier(net, features, config.classes, naming.classifier);
  },
});

function stem(net: Builder, x: Value, { stem, stemStrides, depthwise }: Config, naming: Naming): Value {
  let features = x;
  for (const [i, channels] of stem.entries()) {
    const [layer, stride] = [naming.stem(i), stemStrides[i]!];
    features =
      depthwise && i > 0
        ? depthwisePair(net, features, channels, layer, stride)
        : convNorm(net.at(layer.path), features, layer.names, { channels, kernel: 3, stride, padding: 1 });
  }
  return features;
}

function stage(net: Builder, x: Value, config: Config, naming: Naming, i: number, modules: number): Value {
  const { growth, channels, layers, depthwise, bottleneck, bottleneckOf, attention, identity, poolBeforeStage2 } =
    config;
  const inside = net.at(naming.stage(i), { stage: naming.stage(i) });
  let features =
    i > 0 || poolBeforeStage2 ? inside.apply('maxPool', naming.pool, x, { kernel: 3, stride: 2, ceil: true }) : x;
  for (let j = 0; j < modules; j++) {
    const { path, names } = naming.module(i, j);
    features = osa(
      inside.at(path, { block: path }),
      features,
      {
        layers,
        growth: growth[i]!,
        channels: channels[i]!,
        depthwise,
        groups: 1,
        bottleneck,
        bottleneckOf,
        attention: attention === 'all' || (attention === 'last' && j === modules - 1) ? 'ese' : 'none',
        identity: identity && j > 0,
      },
      names,
    );
  }
  return features;
}

/** An implementation's names of its nodes. */
interface Naming {
  stem(i: number): LayerNames;
  stage(i: number): string;
  readonly pool: string;
  module(i: number, j: number): { readonly path: string; readonly names: OsaNames };
  readonly classifier: string;
}

/** VoVNet.pytorch and vovnet-detectron2 name the parts of a Sequential "OSA2_1_0/conv". */
const slashed = (name: string): ConvNormNames => ({ conv: `${name}/conv`, norm: `${name}/norm`, act: `${name}/relu` });
const slashedLayer = (path: string, name: string): LayerNames => ({
  path,
  names: depthwiseNorms(name),
  depthwise: `${name}/dw_conv3x3`,
  pointwise: `${name}/pw_conv1x1`,
});
const depthwiseNorms = (name: string): ConvNormNames => slashed(name);

const authors: Naming = {
  stem: (i) => slashedLayer('stem', `stem_${i + 1}`),
  stage: (i) => `stage${i + 2}`,
  pool: 'Pooling',
  module(i, j) {
    const name = `OSA${i + 2}_${j + 1}`;
    return {
      path: name,
      names: {
        layer: (k) => slashedLayer(`layers.${k}`, `${name}_${k}`),
        reduction: { path: 'conv_reduction', names: slashed(`${name}_reduction_0`) },
        aggregate: { path: 'concat', names: slashed(`${name}_concat`) },
        attention: 'ese',
      },
    };
  },
  classifier: 'classifier',
};

const TIMM_CONV: ConvNormNames = { conv: 'conv', norm: 'bn', act: 'act' };
const timmLayer = (path: string): LayerNames => ({
  path,
  names: TIMM_CONV,
  depthwise: 'conv_dw',
  pointwise: 'conv_pw',
});

const timm: Naming = {
  stem: (i) => timmLayer(`stem.${i}`),
  stage: (i) => `stages.${i}`,
  pool: 'pool',
  module: (_, j) => ({
    path: `blocks.${j}`,
    names: {
      layer: (k) => timmLayer(`conv_mid.${k}`),
      reduction: { path: 'conv_reduction', names: TIMM_CONV },
      aggregate: { path: 'conv_concat', names: TIMM_CONV },
      attention: 'attn',
    },
  }),
  classifier: 'head.fc',
};

const NAMING: Readonly<Record<'authors' | 'timm', Naming>> = { authors, timm };
