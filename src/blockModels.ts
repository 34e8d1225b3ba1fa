// The blocks as models of their own, each with the config and input of a published network.

import { BLOCKS } from './blocks/table.js';
import { Builder } from './builder.js';
import type { ImageSize } from './families/family.js';
import { complete, fieldAt, type Fields, type Given } from './fields.js';
import type { Config, Model } from './model.js';

interface Example {
  readonly input: ImageSize;
  readonly config: Config;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  /** The stem of resnet50. */
  convNorm: { input: [3, 224, 224], config: { channels: 64, kernel: 7, stride: 2 } },
  /** denseblock1 of densenet121. */
  dense: { input: [64, 56, 56], config: { layers: 6, growth: 32 } },
  /** transition1 of densenet121. */
  transition: { input: [256, 56, 56], config: {} },
  /** Stage 2 of vovnet39. */
  osa: { input: [128, 56, 56], config: { layers: 5, growth: 128, channels: 256 } },
  /** layer1.1 of resnet34. */
  basic: { input: [64, 56, 56], config: { channels: 64 } },
  /** layer1.1 of resnet50. */
  bottleneck: { input: [256, 56, 56], config: { channels: 256 } },
  /** The gate in layer1.1 of seresnet50. */
  squeezeExcite: { input: [256, 56, 56], config: {} },
  /** The gate of stage 2 of V-39-eSE. */
  effectiveSqueezeExcite: { input: [256, 56, 56], config: {} },
  /** The first half of Conv2d_1 of mobilenet_v1. */
  depthwise: { input: [32, 112, 112], config: {} },
  /** Conv2d_1 of mobilenet_v1. */
  depthwiseSeparable: { input: [32, 112, 112], config: { channels: 64 } },
  /** features.3 of mobilenet_v2. */
  invertedResidual: { input: [24, 56, 56], config: { channels: 24 } },
  /** stage2.1 of shufflenet_v2_x1_0. */
  shuffleUnit: { input: [116, 28, 28], config: { channels: 116 } },
  /** denseblock1 of peleenet. */
  twoWayDense: { input: [32, 56, 56], config: { layers: 3, growth: 32, bottleneckWidth: 1 } },
  /** features.3 of squeezenet1_1. */
  fire: { input: [64, 55, 55], config: { squeeze: 16, expand: 64 } },
  /** stages.0.blocks.0 of darknet53. */
  darknetUnit: { input: [64, 112, 112], config: {} },
};

export const blockModelNames = (): readonly string[] => Object.keys(EXAMPLES);

/** The model of one block. Undefined for an unknown name. */
export function blockModel(name: string): Model | undefined {
  const [example, definition] = [EXAMPLES[name], BLOCKS[name]];
  if (!example || !definition) return undefined;
  const { fields } = definition;
  return {
    name,
    source: 'built-in',
    input: example.input,
    fields,
    config: example.config,
    fieldAt: (path) => fieldAt(fields, path),
    build(shape, config = example.config) {
      const net = Builder.start();
      const inside = net.at('', { stage: name, block: name });
      return net.finish(name, definition.build(inside, net.input(shape), complete(fields, config as Given<Fields>)));
    },
  };
}
