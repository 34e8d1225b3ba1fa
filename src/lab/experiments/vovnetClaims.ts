// VoVNet's claims on factorised convolutions (arXiv 1904.09730, sections 2.2 and 4.2).

import type { Builder } from '../../builder.js';
import { builtIn } from '../../builtIn.js';
import type { Value } from '../../graph.js';
import type { Experiment, Trial } from '../experiment.js';
import { stack } from '../stack.js';

const whole = (net: Builder, x: Value, channels: number): Value =>
  net.apply('conv', 'conv', x, { channels, kernel: 3, padding: 1 });

const split = (net: Builder, x: Value, channels: number): Value => {
  const depthwise = net.apply('conv', 'depthwise', x, { channels, kernel: 3, padding: 1, groups: channels });
  return net.apply('conv', 'pointwise', depthwise, { channels, kernel: 1 });
};

const UNPUBLISHED = { gpu: null, arm: null } as const;
/** Channels at x1. */
const CHANNELS = 64;

export const SPLIT: Experiment = {
  key: 'split',
  claim: 'a 3x3 split into depthwise and 1x1 uses the GPU less well: fewer FLOPs, fewer FLOP/s',
  source: 'VoVNet (arXiv 1904.09730), section 2.2; no table',
  protocol:
    'each block is a 3x3 convolution of 64 channels at x1, or a depthwise 3x3 and a 1x1 of as many (widths assumed)',
  measure: 'timePerMultAdd',
  assumes: ['batch', 'side', 'blocks', 'scales'],
  trials: (assumptions) =>
    assumptions.scales.flatMap((scale) => {
      const channels = CHANNELS * scale;
      return (
        [
          ['3x3', whole],
          ['depthwise 3x3, 1x1', split],
        ] as const
      ).map(([variant, block]): Trial => ({
        scale,
        variant,
        widths: String(channels),
        graph: stack(`split ${variant} x${scale}`, channels, assumptions, (net, x) => block(net, x, channels)),
        published: UNPUBLISHED,
      }));
    }),
};

/** [C, H, W] of DSOD300, in which the paper measures it. */
const DSOD = [3, 300, 300] as const;

export const BOTTLENECK: Experiment = {
  key: 'bottleneck',
  claim: 'a 1x1 bottleneck before each 3x3 saves FLOPs and parameters and takes longer',
  source: 'VoVNet (arXiv 1904.09730), Table 3: 14 ms and 18 ms in DSOD300',
  protocol:
    'VoVNet-27-slim without classifier at 300x300, and the same with a 1x1 of half of its input before each 3x3 of its modules; the paper times the whole detector',
  measure: 'time',
  assumes: ['batch'],
  trials: ({ batch }) => {
    const model = builtIn('vovnet27_slim');
    return [false, true].map((bottleneck): Trial => {
      const variant = bottleneck ? 'with bottlenecks' : 'VoVNet-27-slim';
      const graph = model.build([batch, ...DSOD], { ...model.config, classes: 0, bottleneck });
      return {
        scale: 1,
        variant,
        widths: '64, 80, 96, 112',
        graph: { ...graph, name: `bottleneck ${variant}` },
        published: { gpu: bottleneck ? 18 / 14 : 1, arm: null },
      };
    });
  },
};
