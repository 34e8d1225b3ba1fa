// Which families are there? Each is a file of its own; a family that is missing here is unknown to every command.

import { densenet } from './densenet.js';
import type { Family } from './family.js';
import { resnet } from './resnet.js';
import { vovnet } from './vovnet.js';

/** Their fields' types are forgotten here, so that readers treat all families alike. */
export const FAMILIES = [resnet, densenet, vovnet] as unknown as readonly Family[];
