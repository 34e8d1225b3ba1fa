// The printed rows of VoVNet's tables and its authors' READMEs, and our network of each.

import { withoutIneffective } from '../agreement.js';
import { builtIn } from '../builtIn.js';
import { detectorOn } from '../detectors/table.js';
import { FAMILIES } from '../families/table.js';
import { familyModel, type Config, type Model } from '../model.js';

/** Figures as they are printed, digit for digit. */
export interface Figures {
  /** G. */
  readonly flops?: string;
  /** M. */
  readonly params?: string;
  /** Frames per second; where the source prints a time, its inverse is not: see milliseconds. */
  readonly fps?: string;
  readonly milliseconds?: string;
  /** MB. */
  readonly memory?: string;
  /** J per image. */
  readonly energy?: string;
  /** GFLOP/s. */
  readonly efficiency?: string;
}

export type Table = '2' | '3' | '4' | '7' | 'readme' | 'centermask2';
export const TABLES: readonly Table[] = ['2', '3', '4', '7', 'readme', 'centermask2'];

export interface Published {
  readonly table: Table;
  readonly detector: string;
  readonly backbone: string;
  readonly model: () => Model;
  /** What the printed params are of, where that is another network than the row names. */
  readonly paramsOf?: () => Model;
  readonly figures: Figures;
  /** What the source leaves open, and what is assumed for it: a key of NOTES. */
  readonly note: keyof typeof NOTES;
  /**
   * Batch norms of ResNets are frozen in detectron2: their scale and shift are buffers there, not
   * params.
   */
  readonly frozen?: boolean;
}

/** One sentence each. */
export const NOTES = {
  ssd: 'MobileNet-SSD as its published Caffe code builds it; 5.796 is printed as 5.7, cut off (the Pelee README rounds it to 5.8).',
  pelee:
    "Pelee's published Caffe code, whose pools round up (304 rows become 10, not 9); its README prints 5.4 M, too.",
  dsod: 'the code of DS/64-64-16-1 is not published: stem and heads are those of DSOD300, DS/64-192-48-1, whose code is; that leaves 0.07 M of the printed 5.9 M.',
  vovnetDsod:
    "how VoVNet's stages feed DSOD's six scales is not published: those of stride 8, 16 and 32 are the first three, DSOD's own layers make the rest, the stem is that of the paper's Table 1 (stemStrides: [2, 1, 1], poolBeforeStage2: true), and last digits are cut off (5.67, 5.97).",
  halfLayer:
    "the paper's figures follow if each 1x1 has half of the layer's channels, and this row is read so; the next row is what its text says.",
  halfInput:
    "as the text has it, half of the channels of each 1x1's own input: that is too much for the paper's figures.",
  resnet:
    "the original Caffe ResNet, whose stride is in the first 1x1 of a stage (strideIn: 1x1); heads as RefineDet's published ResNet-101 code.",
  densenet: "tapped at the 1x1 of each transition, before its pool; heads as RefineDet's published ResNet-101 code.",
  vovnet:
    "the stem of the paper's Table 1 (stemStrides: [2, 1, 1], poolBeforeStage2: true), which its published code no longer has; 32.66 is printed as 32.6.",
  noCounts: 'the paper prints no FLOPs and params for 512 x 512; the heads are those of 320 x 320.',
  classifier:
    'the params are those of the backbone with its ImageNet classifier (centermask2 says so), cut off; FLOPs and time are those of Faster R-CNN with a pyramid of 128 channels.',
  faster:
    'these params are not those of Faster R-CNN: all seven rows are those of CenterMask on the same backbone (the rows below), about 9.5 M more.',
  centermask:
    'the params that the README prints beside Faster R-CNN, read as those of CenterMask; digits are cut off, and the frozen batch norms of ResNets are buffers in detectron2.',
  mask: 'the README prints no params and no FLOPs, only times: nothing to differ from.',
  centermask2: 'the README prints times alone, on a V100: nothing to differ from.',
  lite: 'the params are those of the backbone with its ImageNet classifier ("Params. means the number of parameters of backbone"), cut off; FLOPs and time are those of CenterMask-Lite; on a Titan Xp.',
  liteTime: 'the README prints its time alone, on a Titan Xp: nothing to differ from.',
} as const;

/** A variant with other fields, of which those that it is too small for are left out. */
function varied(name: string, label: string, change: Config): Model {
  const family = FAMILIES.find(({ variants }) => Object.hasOwn(variants, name))!;
  const config = withoutIneffective(family.fields, { ...builtIn(name).config, ...change });
  return familyModel(family, label, 'built-in', config);
}

/**
 * Table 1 of the paper: the third convolution keeps the resolution, a pool halves it, nothing is
 * added.
 */
const PAPER_STEM = { stemStrides: [2, 1, 1], poolBeforeStage2: true, identity: false };
/** The built-in VoVNet has the stem of the published code, so the label is no built-in name. */
const vovnet = (name: string, change: Config = {}, label = `${name}-paper-stem`): Model =>
  varied(name, label, { ...PAPER_STEM, ...change });
const caffeResnet = (name: string): Model => varied(name, `${name}-caffe`, { strideIn: '1x1' });
/** Detectron2's X-101-FPN: ResNeXt-101, 32 groups of 8 channels, whose stride is in the 3x3. */
const x101 = (): Model => varied('resnext50_32x4d', 'resnext101_32x8d', { depths: [3, 4, 23, 3], widthPerGroup: 8 });

const dsod =
  (backbone: () => Model): (() => Model) =>
  () =>
    detectorOn('dsod300', backbone());
const refine =
  (side: 320 | 512, backbone: () => Model): (() => Model) =>
  () =>
    detectorOn(`refinedet${side}`, backbone());

const slim = (change?: Config, label?: string) => () => vovnet('vovnet27_slim', change, label);

const TABLE_2: readonly Published[] = [
  {
    ...{ table: '2', detector: 'SSD300', backbone: 'MobileNet', note: 'ssd' },
    model: () => detectorOn('ssd300-mobilenet', builtIn('mobilenet_v1')),
    figures: { flops: '1.1', fps: '37', params: '5.7', memory: '766', energy: '2.3', efficiency: '42' },
  },
  {
    ...{ table: '2', detector: 'Pelee304', backbone: 'PeleeNet', note: 'pelee' },
    model: () => detectorOn('pelee304', builtIn('peleenet_caffe')),
    figures: { flops: '1.2', fps: '35', params: '5.4', memory: '1104', energy: '2.4', efficiency: '43' },
  },
  {
    ...{ table: '2', detector: 'DSOD300', backbone: 'DenseNet-67', note: 'dsod' },
    model: dsod(() => builtIn('densenet67')),
    figures: { flops: '5.3', fps: '35', params: '5.9', memory: '1294', energy: '3.7', efficiency: '189' },
  },
  {
    ...{ table: '2', detector: 'DSOD300', backbone: 'VoVNet-27-slim', note: 'vovnetDsod' },
    model: dsod(slim()),
    figures: { flops: '5.6', fps: '71', params: '5.9', memory: '825', energy: '0.9', efficiency: '400' },
  },
];

const TABLE_3: readonly Published[] = [
  {
    ...{ table: '3', detector: 'DSOD300', backbone: 'VoVNet-27-slim', note: 'vovnetDsod' },
    model: dsod(slim()),
    figures: { flops: '5.6', milliseconds: '14', params: '5.9', memory: '825' },
  },
  {
    ...{ table: '3', detector: 'DSOD300', backbone: '+ 1x1 bottleneck', note: 'halfLayer' },
    model: dsod(slim({ bottleneck: true, bottleneckOf: 'layer' }, 'vovnet27_slim-halved-layers')),
    figures: { flops: '4.6', milliseconds: '18', params: '4.8', memory: '895' },
  },
  {
    ...{ table: '3', detector: 'DSOD300', backbone: '+ 1x1 bottleneck, as its text', note: 'halfInput' },
    model: dsod(slim({ bottleneck: true }, 'vovnet27_slim-halved-inputs')),
    figures: { flops: '4.6', milliseconds: '18', params: '4.8', memory: '895' },
  },
];

type Row = readonly [backbone: string, model: () => Model, note: Published['note'], figures: Figures];

const ON_320: readonly Row[] = [
  [
    'ResNet-50',
    () => caffeResnet('resnet50'),
    'resnet',
    { flops: '25.43', fps: '23.2', params: '63.46', memory: '2229', energy: '5.3', efficiency: '591.3' },
  ],
  [
    'DenseNet-201',
    () => builtIn('densenet201'),
    'densenet',
    { flops: '24.65', fps: '12.0', params: '56.13', memory: '3498', energy: '9.9', efficiency: '296.9' },
  ],
  [
    'VoVNet-39',
    () => vovnet('vovnet39'),
    'vovnet',
    { flops: '32.6', fps: '25.0', params: '56.28', memory: '2199', energy: '4.8', efficiency: '815.0' },
  ],
  [
    'ResNet-101',
    () => caffeResnet('resnet101'),
    'resnet',
    { flops: '33.02', fps: '17.5', params: '82.45', memory: '3013', energy: '7.5', efficiency: '579.2' },
  ],
  [
    'DenseNet-161',
    () => builtIn('densenet161'),
    'densenet',
    { flops: '32.74', fps: '12.8', params: '66.76', memory: '3628', energy: '10.0', efficiency: '419.7' },
  ],
  [
    'VoVNet-57',
    () => vovnet('vovnet57'),
    'vovnet',
    { flops: '36.45', fps: '21.2', params: '70.32', memory: '2511', energy: '5.9', efficiency: '775.5' },
  ],
];

const ON_512: readonly Row[] = [
  ['ResNet-50', () => caffeResnet('resnet50'), 'noCounts', { fps: '15.6' }],
  ['ResNet-101', () => caffeResnet('resnet101'), 'noCounts', { fps: '12.3' }],
  ['VoVNet-39', () => vovnet('vovnet39'), 'noCounts', { fps: '16.6' }],
  ['VoVNet-57', () => vovnet('vovnet57'), 'noCounts', { fps: '14.9' }],
];

const refined = (table: Table, side: 320 | 512, rows: readonly Row[]): readonly Published[] =>
  rows.map(([backbone, model, note, figures]) => ({
    ...{ table, detector: `RefineDet${side}`, backbone, note, figures },
    model: refine(side, model),
  }));

/** The READMEs print seconds for an image. */
type Timed = readonly [backbone: string, name: string, params: string | null, milliseconds: string];

/** Faster R-CNN, V100, batch 1; params of the backbone. */
const LITE: readonly Timed[] = [
  ['V2-19', 'V-19-eSE', '11.2', '34'],
  ['V2-19-DW', 'V-19-dw-eSE', '6.5', '27'],
  ['V2-19-Slim', 'V-19-slim-eSE', '3.1', '23'],
  ['V2-19-Slim-DW', 'V-19-slim-dw-eSE', '1.8', '22'],
];
const FPN: readonly Timed[] = [
  ['V2-19', 'V-19-eSE', '37.6', '40'],
  ['R-50', 'resnet50', '51.2', '47'],
  ['V2-39', 'V-39-eSE', '52.6', '47'],
  ['R-101', 'resnet101', '70.1', '63'],
  ['V2-57', 'V-57-eSE', '68.9', '54'],
  ['X-101', 'x101', '114.3', '120'],
  ['V2-99', 'V-99-eSE', '96.9', '73'],
];
const MASK: readonly Timed[] = [
  ['V2-19', 'V-19-eSE', null, '44'],
  ['R-50', 'resnet50', null, '55'],
  ['V2-39', 'V-39-eSE', null, '52'],
  ['R-101', 'resnet101', null, '70'],
  ['V2-57', 'V-57-eSE', null, '58'],
  ['X-101', 'x101', null, '129'],
  ['V2-99', 'V-99-eSE', null, '76'],
];
/** centermask2's README: CenterMask on a V100, CenterMask-Lite on a Titan Xp. */
const CENTERMASK_2: readonly Timed[] = [
  ['V2-39', 'V-39-eSE', null, '50'],
  ['V2-57', 'V-57-eSE', null, '58'],
  ['V2-99', 'V-99-eSE', null, '77'],
];
const CENTERMASK_2_LITE: readonly Timed[] = [
  ['V-19', 'V-19-eSE', '11.2', '23'],
  ['V-19-Slim', 'V-19-slim-eSE', '3.1', '21'],
  ['V-19-Slim-DW', 'V-19-slim-dw-eSE', '1.8', '20'],
  ['V-39', 'V-39-eSE', null, '28'],
];

/** Detectron2's R-50 and R-101 are the original ones. */
const detectronBackbone = (name: string): Model =>
  name === 'x101' ? x101() : name.startsWith('resnet') ? caffeResnet(name) : builtIn(name);

/** @param lite whether the params are those of the backbone with its classifier */
const timed =
  (table: Table, detector: string, model: string, note: Published['note'], lite = false) =>
  ([backbone, name, params, milliseconds]: Timed): Published => ({
    ...{ table, detector, backbone, note, frozen: /^(resnet|x101)/.test(name) },
    model: () => detectorOn(model, detectronBackbone(name)),
    ...(lite && params !== null ? { paramsOf: () => varied(name, name, { classes: 1000 }) } : {}),
    figures: { ...(params === null ? {} : { params }), milliseconds },
  });

const README: readonly Published[] = [
  ...LITE.map(timed('readme', 'Faster R-CNN FPNLite', 'fasterrcnn:channels=128', 'classifier', true)),
  ...FPN.map(timed('readme', 'Faster R-CNN FPN', 'fasterrcnn', 'faster')),
  ...FPN.map(timed('readme', 'CenterMask', 'centermask', 'centermask')).map(({ figures: { params }, ...row }) => ({
    ...row,
    figures: { params: params! },
  })),
  timed('readme', 'Mask R-CNN FPNLite', 'maskrcnn:channels=128', 'mask')(['V2-19', 'V-19-eSE', null, '36']),
  ...MASK.map(timed('readme', 'Mask R-CNN FPN', 'maskrcnn', 'mask')),
];

const CENTERMASK: readonly Published[] = [
  ...CENTERMASK_2.map(timed('centermask2', 'CenterMask2', 'centermask', 'centermask2')),
  ...CENTERMASK_2_LITE.map((row) =>
    timed('centermask2', 'CenterMask2-Lite', 'centermask-lite', row[2] === null ? 'liteTime' : 'lite', true)(row),
  ),
];

/** In the order of the sources. */
export const PUBLISHED: readonly Published[] = [
  ...TABLE_2,
  ...TABLE_3,
  ...refined('4', 320, ON_320),
  ...refined('7', 512, ON_512),
  ...README,
  ...CENTERMASK,
];

/**
 * Rows whose heads are the same, so that what is not published about them cancels: [table,
 * detector, to, from].
 */
export const DIFFERENCES: readonly (readonly [table: Table, detector: string, to: string, from: string])[] = [
  ['3', 'DSOD300', '+ 1x1 bottleneck', 'VoVNet-27-slim'],
  ['4', 'RefineDet320', 'ResNet-101', 'ResNet-50'],
  ['4', 'RefineDet320', 'VoVNet-57', 'VoVNet-39'],
  ['readme', 'Faster R-CNN FPN', 'R-101', 'R-50'],
  ['readme', 'Faster R-CNN FPN', 'X-101', 'R-101'],
  ['readme', 'Faster R-CNN FPN', 'V2-39', 'V2-19'],
  ['readme', 'Faster R-CNN FPN', 'V2-57', 'V2-39'],
  ['readme', 'Faster R-CNN FPN', 'V2-99', 'V2-57'],
];
