// Which networks stand for all? A small member of every family, at the least size that all its stages survive.

import { FAMILIES } from '../../src/families/table.js';
import type { Graph } from '../../src/graph.js';
import { familyModel, graphOf, type Config } from '../../src/model.js';

export interface Member {
  readonly family: string;
  readonly variant: string;
  readonly side: number;
  /** In place of the variant's own: a software driver takes a second for a filter of 512 channels. */
  readonly smaller?: Config;
}

const NARROW = { channels: [16, 24, 32, 48, 64] };
const FOUR = { channels: [16, 24, 32, 48] };

export const MEMBERS: readonly Member[] = [
  { family: 'resnet', variant: 'resnet18', side: 32, smaller: FOUR },
  {
    family: 'resnet',
    variant: 'resnext50_32x4d',
    side: 32,
    smaller: { ...FOUR, groups: 4, widthPerGroup: 16, depths: [1, 1, 1, 1] },
  },
  { family: 'resnet', variant: 'seresnet50', side: 32, smaller: { ...FOUR, depths: [1, 2, 1, 1] } },
  { family: 'densenet', variant: 'densenet121', side: 32, smaller: { blocks: [3, 4, 2, 2] } },
  { family: 'vovnet', variant: 'V-19-slim-dw-eSE', side: 64 },
  { family: 'vovnet', variant: 'ese_vovnet19b_slim', side: 64 },
  { family: 'vovnet', variant: 'vovnet27_slim', side: 32 },
  { family: 'vgg', variant: 'vgg11_bn', side: 32, smaller: { ...NARROW, hidden: 64 } },
  { family: 'darknet', variant: 'darknet19', side: 32, smaller: NARROW },
  { family: 'mobilenet_v1', variant: 'mobilenet_v1', side: 32, smaller: { width: 0.25 } },
  { family: 'mobilenet_v2', variant: 'mobilenet_v2', side: 32 },
  { family: 'shufflenet_v2', variant: 'shufflenet_v2_x0_5', side: 64 },
  { family: 'squeezenet', variant: 'squeezenet1_1', side: 33 },
  { family: 'peleenet', variant: 'peleenet', side: 32 },
  { family: 'dsod', variant: 'densenet67', side: 32 },
  { family: 'resnet_cifar', variant: 'resnet20', side: 32 },
  { family: 'densenet_cifar', variant: 'densenet_bc100_k12', side: 32, smaller: { blocks: [4, 4, 4] } },
  { family: 'osa_cifar', variant: 'osa_cifar_12x20', side: 32 },
];

export function graphOfMember({ family: name, variant, side, smaller = {} }: Member, batch = 1): Graph {
  const family = FAMILIES.find((candidate) => candidate.name === name)!;
  const model = familyModel(family, variant, 'built-in', { ...family.variants[variant], ...smaller });
  return graphOf(model, batch, [3, side, side]);
}
