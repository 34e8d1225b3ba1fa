// The table of metrics that are read from a measured run.

import type { RunMetric } from './metric.js';

export const RUN_METRICS = {
  ms: {
    from: 'run',
    unit: 'ms',
    better: 'less',
    title: 'ms per inference',
    short: 'ms',
    words: 'the time of an inference',
    about: 'Median over the timed windows of one inference of the whole batch, in milliseconds. Measured.',
    source: null,
    read: ({ times }) => times.median,
    missing: () => 'it has no times',
  },
  imagesPerSecond: {
    from: 'run',
    unit: 'perSecond',
    better: 'more',
    title: 'images/s',
    short: 'images/s',
    words: 'images per second',
    about: 'Images per second, from the median time. Measured.',
    source: null,
    read: ({ imagesPerSecond }) => imagesPerSecond,
    missing: () => 'it has no times',
  },
  utilisation: {
    from: 'run',
    unit: 'part',
    better: 'more',
    title: 'utilisation',
    short: 'utilisation',
    words: 'the utilisation',
    about:
      'FLOP/s (2 x multiply-adds per second) over the most that the same engine reached on the device: in large matrix products and convolutions, or in a whole inference. Measured.',
    source: null,
    read: ({ utilisation }) => utilisation && utilisation.compute,
    missing: () => 'it was measured without ceilings (--no-ceilings)',
  },
  joulesPerImage: {
    from: 'run',
    unit: 'joules',
    better: 'less',
    title: 'J/image',
    short: 'J/image',
    words: 'the energy of an image',
    about: 'Joules per image, idle power included, where a meter was at hand. Measured.',
    source: null,
    read: ({ energy }) => energy && energy.joulesPerImage,
    missing: ({ noEnergy }) => noEnergy ?? 'no meter was at hand',
  },
} as const satisfies Record<string, RunMetric>;
