// Which blocks can a config name? A block that is missing here is unknown to every config.

import type { Block } from './block.js';
import { convNormBlock } from './convNorm.js';
import { denseBlock, transitionBlock } from './dense.js';
import { osaBlock } from './osa.js';
import { basicBlock, bottleneckBlock } from './residual.js';
import { effectiveSqueezeExciteBlock, squeezeExciteBlock } from './squeezeExcite.js';

export const BLOCKS = {
  convNorm: convNormBlock,
  dense: denseBlock,
  transition: transitionBlock,
  osa: osaBlock,
  basic: basicBlock,
  bottleneck: bottleneckBlock,
  squeezeExcite: squeezeExciteBlock,
  effectiveSqueezeExcite: effectiveSqueezeExciteBlock,
} as unknown as Readonly<Record<string, Block>>;
