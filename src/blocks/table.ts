// The table of all blocks. A config can name only blocks that stand here.

import type { Block } from './block.js';
import { convNormBlock } from './convNorm.js';
import { darknetUnitBlock } from './darknetUnit.js';
import { denseBlock, transitionBlock } from './dense.js';
import { depthwiseBlock, depthwiseSeparableBlock } from './depthwise.js';
import { fireBlock } from './fire.js';
import { invertedResidualBlock } from './invertedResidual.js';
import { osaBlock } from './osa.js';
import { basicBlock, bottleneckBlock } from './residual.js';
import { shuffleUnitBlock } from './shuffleUnit.js';
import { effectiveSqueezeExciteBlock, squeezeExciteBlock } from './squeezeExcite.js';
import { twoWayDenseBlock } from './twoWayDense.js';

export const BLOCKS = {
  convNorm: convNormBlock,
  dense: denseBlock,
  transition: transitionBlock,
  osa: osaBlock,
  basic: basicBlock,
  bottleneck: bottleneckBlock,
  squeezeExcite: squeezeExciteBlock,
  effectiveSqueezeExcite: effectiveSqueezeExciteBlock,
  depthwise: depthwiseBlock,
  depthwiseSeparable: depthwiseSeparableBlock,
  invertedResidual: invertedResidualBlock,
  shuffleUnit: shuffleUnitBlock,
  twoWayDense: twoWayDenseBlock,
  fire: fireBlock,
  darknetUnit: darknetUnitBlock,
} as unknown as Readonly<Record<string, Block>>;
