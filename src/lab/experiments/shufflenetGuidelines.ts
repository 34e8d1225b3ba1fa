// The experiments of ShuffleNetV2's four guidelines (arXiv 1807.11164, section 2).

import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import { STACKED, type Assumptions, type Experiment, type Platform, type Trial } from '../experiment.js';
import { stack } from '../stack.js';

/** A row of Tables 1-4: channels at x1, and the printed speeds at x1, x2 and x4, by platform. */
interface Row {
  readonly variant: string;
  /** Of the block's input, and whatever else it needs. */
  readonly channels: Readonly<Record<Platform, readonly [number, ...number[]]>>;
  readonly speeds: Readonly<Record<Platform, readonly [number, number, number]>>;
  block(net: Builder, x: Value, channels: readonly number[], assumptions: Assumptions): Value;
}

const pointwise = (net: Builder, name: string, x: Value, channels: number, groups = 1): Value =>
  net.apply('conv', name, x, { channels, kernel: 1, groups });

/** Two 1x1 convolutions, c1 to c2 and back. */
const pair: Row['block'] = (net, x, [c1, c2]) => pointwise(net, 'conv2', pointwise(net, 'conv1', x, c2!), c1!);

const grouped =
  (groups: number): Row['block'] =>
  (net, x, [c]) =>
    pointwise(net, 'conv', x, c!, groups);

const series =
  (fragments: number): Row['block'] =>
  (net, x, [c]) =>
    Array.from({ length: fragments }, (_, i) => `conv${i + 1}`).reduce(
      (last, name) => pointwise(net, name, last, c!),
      x,
    );

const parallel =
  (fragments: number): Row['block'] =>
  (net, x, [c]) => {
    const [first, ...others] = Array.from({ length: fragments }, (_, i) => pointwise(net, `conv${i + 1}`, x, c!));
    return others.reduce((sum, branch, i) => net.apply('add', `add${i + 1}`, [sum, branch]), first!);
  };

/** ResNet's bottleneck unit without norms: 1x1, 3x3, 1x1, with or without ReLU and shortcut. */
const unit =
  (relu: boolean, shortcut: boolean): Row['block'] =>
  (net, x, [c], { squeeze }) => {
    const act = (name: string, value: Value): Value => (relu ? net.apply('relu', name, value) : value);
    const inner = Math.max(1, Math.round(c! / squeeze));
    const narrow = act('relu1', pointwise(net, 'conv1', x, inner));
    const spatial = act('relu2', net.apply('conv', 'conv2', narrow, { channels: inner, kernel: 3, padding: 1 }));
    const wide = pointwise(net, 'conv3', spatial, c!);
    return act('relu3', shortcut ? net.apply('add', 'add', [wide, x]) : wide);
  };

const row = (
  variant: string,
  block: Row['block'],
  gpu: Row['channels']['gpu'],
  gpuSpeeds: Row['speeds']['gpu'],
  arm: Row['channels']['arm'],
  armSpeeds: Row['speeds']['arm'],
): Row => ({ variant, block, channels: { gpu, arm }, speeds: { gpu: gpuSpeeds, arm: armSpeeds } });

/** Channels that make n fragments cost what one does; the paper prints none. */
const fragment = (channels: number, fragments: number): readonly [number] => [
  Math.round(channels / Math.sqrt(fragments)),
];

const G1: readonly Row[] = [
  row('1:1', pair, [128, 128], [1480, 723, 232], [32, 32], [76.2, 21.7, 5.3]),
  row('1:2', pair, [90, 180], [1296, 586, 206], [22, 44], [72.9, 20.5, 5.1]),
  row('1:6', pair, [52, 312], [876, 489, 189], [13, 78], [69.1, 17.9, 4.6]),
  row('1:12', pair, [36, 432], [748, 392, 163], [9, 108], [57.6, 15.1, 4.4]),
];

const G2: readonly Row[] = [
  row('g = 1', grouped(1), [128], [2451, 1289, 437], [64], [40.0, 10.2, 2.3]),
  row('g = 2', grouped(2), [180], [1725, 873, 341], [90], [35.0, 9.5, 2.2]),
  row('g = 4', grouped(4), [256], [1026, 644, 338], [128], [32.9, 8.7, 2.1]),
  // The paper prints 180 for its ARM column, which 8 groups do not divide.
  row('g = 8', grouped(8), [360], [634, 445, 230], [184], [27.8, 7.5, 1.8]),
];

const G3: readonly Row[] = [
  row('1 fragment', series(1), [128], [2446, 1274, 434], [64], [40.2, 10.1, 2.3]),
  row('2 in series', series(2), fragment(128, 2), [1790, 909, 336], fragment(64, 2), [38.6, 10.1, 2.2]),
  row('4 in series', series(4), fragment(128, 4), [752, 745, 349], fragment(64, 4), [38.4, 10.1, 2.3]),
  row('2 in parallel', parallel(2), fragment(128, 2), [1537, 803, 320], fragment(64, 2), [33.4, 9.1, 2.2]),
  row('4 in parallel', parallel(4), fragment(128, 4), [691, 572, 292], fragment(64, 4), [35.0, 8.4, 2.1]),
];

const G4: readonly Row[] = [
  row('ReLU, shortcut', unit(true, true), [32], [2427, 2066, 1436], [32], [56.7, 16.9, 5.0]),
  row('ReLU', unit(true, false), [32], [2647, 2256, 1735], [32], [61.9, 18.8, 5.2]),
  row('shortcut', unit(false, true), [32], [2672, 2121, 1458], [32], [57.3, 18.2, 5.1]),
  row('neither', unit(false, false), [32], [2842, 2376, 1782], [32], [66.3, 20.2, 5.4]),
];

/** The scales whose speeds the paper prints, in its order. */
const PRINTED = [1, 2, 4];

function trials(key: string, rows: readonly Row[], assumptions: Assumptions): readonly Trial[] {
  const { scales, widths } = assumptions;
  return scales.flatMap((scale) =>
    rows.map(({ variant, channels, speeds, block }): Trial => {
      const scaled = channels[widths].map((c) => c * scale);
      const place = PRINTED.indexOf(scale);
      const slower = (platform: Platform): number | null =>
        place < 0 ? null : rows[0]!.speeds[platform][place]! / speeds[platform][place]!;
      return {
        scale,
        variant,
        widths: scaled.join(', '),
        graph: stack(`${key} ${variant} x${scale}`, scaled[0]!, assumptions, (net, x) =>
          block(net, x, scaled, assumptions),
        ),
        published: { gpu: slower('gpu'), arm: slower('arm') },
      };
    }),
  );
}

const PAPER = 'ShuffleNetV2 (arXiv 1807.11164)';

export const G1_WIDTH: Experiment = {
  key: 'G1',
  claim: 'equal channel width minimizes memory access cost',
  source: `${PAPER}, Table 1`,
  protocol: 'each block is two 1x1 convolutions, c1 to c2 and back, with the channels that the paper prints',
  measure: 'time',
  assumes: STACKED,
  trials: (assumptions) => trials('G1', G1, assumptions),
};

export const G2_GROUPS: Experiment = {
  key: 'G2',
  claim: 'excessive group convolution increases memory access cost',
  source: `${PAPER}, Table 2`,
  protocol:
    'each block is one grouped 1x1 convolution, with the channels that the paper prints (on ARM 184 for its 180, which 8 groups do not divide)',
  measure: 'time',
  assumes: STACKED,
  trials: (assumptions) => trials('G2', G2, assumptions),
};

export const G3_FRAGMENTS: Experiment = {
  key: 'G3',
  claim: 'network fragmentation reduces the degree of parallelism',
  source: `${PAPER}, Table 3`,
  protocol:
    'each block is one to four 1x1 convolutions, one after the other or side by side and added; n fragments have c / sqrt(n) channels (assumed: the paper only says that FLOPs are equal)',
  measure: 'time',
  assumes: STACKED,
  trials: (assumptions) => trials('G3', G3, assumptions),
};

export const G4_ELEMENTWISE: Experiment = {
  key: 'G4',
  claim: 'element-wise operations are non-negligible',
  source: `${PAPER}, Table 4`,
  protocol:
    'each block is a 1x1, 3x3, 1x1 bottleneck unit with and without ReLU and shortcut; c is its outer width, and its 3x3 has c / squeeze channels (assumed, and so is the resolution: the paper states neither)',
  measure: 'saving',
  // Its channels are the same on both platforms.
  assumes: ['batch', 'side', 'blocks', 'scales', 'squeeze'],
  trials: (assumptions) => trials('G4', G4, assumptions),
};
