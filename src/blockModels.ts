// Which blocks can be analysed by themselves? Each with the config and input that it has in a published network.

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
  /** denseblock1 of densenet121. */
  dense: { input: [64, 56, 56], config: { layers: 6, growth: 32 } },
  /** Stage 2 of vovnet39. */
  osa: { input: [128, 56, 56], config: { layers: 5, growth: 128, channels: 256 } },
  /** layer1.1 of resnet34. */
  basic: { input: [64, 56, 56], config: { channels: 64 } },
  /** layer1.1 of resnet50. */
  bottleneck: { input: [256, 56, 56], config: { channels: 256 } },
};

export const blockModelNames = (): readonly string[] => Object.keys(EXAMPLES);

/** A model of one block, undefined where the name is no block's. */
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
