// The modes in which networks run: which ops share a pass over memory, and ratios of op classes.

import type { Priors } from './fit.js';
import { RATIO_NAMES, type Ratios } from './rates.js';
import type { Fusion } from './work.js';

/**
 * PyTorch on a GPU with automatic mixed precision: `eager` (NCHW), `eager-nhwc` (channels last),
 * `compiled` (torch.compile). Those ratios of classes are known. Every other device and engine has
 * ratios of its own, which do not transfer: `eager-own` runs every op by itself, `compiled-own`
 * merges runs of elementwise ops, `fused-own` merges them into convolutions, as ONNX Runtime does.
 */
export const MODE_NAMES = ['eager', 'eager-nhwc', 'compiled', 'eager-own', 'compiled-own', 'fused-own'] as const;
export type ModeName = (typeof MODE_NAMES)[number];

export interface Mode {
  readonly fusion: Fusion;
  readonly words: string;
  /** Rates of classes as multiples of the device's two rates. */
  readonly ratios: Ratios;
  /** Of the logarithm of each ratio: 0 where they are known, 1 where measured networks decide. */
  readonly spread: number;
  /** The inner length at which a product runs at half of the rate. */
  readonly halfLength: number;
  /** FLOPs per element, and seconds per launch: where a fit starts. */
  readonly balance: number;
  readonly secondsPerLaunch: number;
}

const EVEN: Ratios = Object.fromEntries(RATIO_NAMES.map((name) => [name, 1])) as Ratios;

/** A mode without known ratios: measured networks decide. */
const OPEN = { ratios: EVEN, spread: 1, halfLength: 40, balance: 300, secondsPerLaunch: 1e-5 } as const;

/** The ratios are geometric means over devices, from published tables (docs/predicting.md). */
export const MODES: Readonly<Record<ModeName, Mode>> = {
  eager: {
    fusion: 'eager',
    words: 'PyTorch, eager, NCHW',
    ratios: {
      ...{ linearCompute: 1.97, depthwise: 1.12, linear: 1.29, elementwise: 2.95, rearranging: 1.16 },
      ...{ softmax: 0.314, transpose: 2.55, norm: 0.948, learnt: 0.647 },
    },
    ...{ spread: 0, halfLength: 91, balance: 520, secondsPerLaunch: 1.6e-5 },
  },
  'eager-nhwc': {
    fusion: 'eager',
    words: 'PyTorch, eager, channels last',
    ratios: {
      ...{ linearCompute: 1.72, depthwise: 0.984, linear: 1.79, elementwise: 1.48, rearranging: 0.578 },
      ...{ softmax: 0.217, transpose: 1.88, norm: 0.198, learnt: 0.393 },
    },
    ...{ spread: 0, halfLength: 82, balance: 500, secondsPerLaunch: 5e-6 },
  },
  compiled: {
    fusion: 'compiled',
    words: 'PyTorch, compiled',
    ratios: {
      ...{ linearCompute: 0.894, depthwise: 0.758, linear: 1.79, elementwise: 1.79, rearranging: 1.04 },
      ...{ softmax: 0.181, transpose: 3.76, norm: 2.27, learnt: 0.741 },
    },
    ...{ spread: 0, halfLength: 157, balance: 410, secondsPerLaunch: 8e-6 },
  },
  'eager-own': { fusion: 'eager', words: 'every op by itself', ...OPEN },
  'compiled-own': { fusion: 'compiled', words: 'runs of elementwise ops merged', ...OPEN },
  'fused-own': { fusion: 'fused', words: 'elementwise ops merged into convolutions', ...OPEN },
};

/** The prior where nothing is known: each class has the device's rates, within a factor of e. */
export const OPEN_PRIORS: Priors = priorsOf({ ...OPEN, halfLength: 128, secondsPerLaunch: 1e-5 });

/** The priors of a device of this mode. */
export const modePriors = (mode: ModeName): Priors => priorsOf(MODES[mode], LINEAR_SPREAD * MODES[mode].spread);

/**
 * Of the logarithm of the ratio of matrix products. For one image a CPU reads the weights of a
 * classifier for a few FLOPs each, so VGG's ran at a thousandth of the rate of convolutions.
 */
const LINEAR_SPREAD = 3;

/** Whether a mode has ratios of its own, so that a device of it is three numbers. */
export const hasRatios = (mode: ModeName): boolean => MODES[mode].spread === 0;

/**
 * @param facts whose ratios are centres; where they are known, weights move like activations
 * @param linearSpread of the logarithm of the ratio of matrix products
 */
export function priorsOf(facts: Omit<Mode, 'fusion' | 'words'>, linearSpread = facts.spread): Priors {
  const { ratios, spread, halfLength, balance, secondsPerLaunch } = facts;
  return {
    flopsPerSecond: { centre: 1, spread: Infinity },
    balance: { centre: balance, spread: 1.5 },
    weightsRatio: { centre: 1, spread: 1.5 * spread },
    secondsPerLaunch: { centre: secondsPerLaunch, spread: 1.5 },
    halfLength: { centre: halfLength, spread },
    ...(Object.fromEntries(
      RATIO_NAMES.map((name) => [
        name,
        { centre: ratios[name], spread: name === 'linearCompute' ? linearSpread : spread },
      ]),
    ) as Record<keyof Ratios, { centre: number; spread: number }>),
  };
}

/**
 * The modes to try where an engine ran every op by itself, or merged them. Every engine has kernels
 * of its own, so the ratios of PyTorch stand beside open ones.
 */
export const MODES_OF_RUN: Readonly<Record<'eager' | 'fused', readonly ModeName[]>> = {
  eager: ['eager-own', 'eager', 'eager-nhwc'],
  fused: ['fused-own', 'compiled-own', 'compiled'],
};
