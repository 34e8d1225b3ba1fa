// The table of all families. Commands know only families that stand here.

import { darknet } from './darknet.js';
import { densenet } from './densenet.js';
import { densenetCifar } from './densenetCifar.js';
import { dsod } from './dsod.js';
import type { Family } from './family.js';
import { mobilenetV1 } from './mobilenetV1.js';
import { mobilenetV2 } from './mobilenetV2.js';
import { osaCifar } from './osaCifar.js';
import { peleenet } from './peleenet.js';
import { resnet } from './resnet.js';
import { resnetCifar } from './resnetCifar.js';
import { shufflenetV2 } from './shufflenetV2.js';
import { squeezenet } from './squeezenet.js';
import { vgg } from './vgg.js';
import { vovnet } from './vovnet.js';

const IMAGENET_FAMILIES = [resnet, densenet, vovnet, vgg, darknet, mobilenetV1, mobilenetV2, shufflenetV2, squeezenet];
const CIFAR_FAMILIES = [resnetCifar, densenetCifar, osaCifar];

/** The types of the fields are dropped here, so that code treats all families the same. */
export const FAMILIES = [...IMAGENET_FAMILIES, peleenet, dsod, ...CIFAR_FAMILIES] as unknown as readonly Family[];
