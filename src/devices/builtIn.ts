// The device records that are built in. Each follows from a published table of times.

import { InputError } from '../inputError.js';
import { nearestNames } from '../nearest.js';
import type { Device, FittedOn } from './device.js';

const TIMM = "timm's results/";
const WHERE = ' (huggingface/pytorch-image-models)';

const gpu = {
  schema: 'flopscope.device/1',
  kind: 'gpu',
  precision: 'amp',
  bytesPerElement: 2,
  weightBytesPerSecond: null,
  halfLength: null,
  ratios: null,
  origin: 'published times',
} as const;

const cpu = { ...gpu, kind: 'cpu', precision: 'fp32', bytesPerElement: 4 } as const;

/** The range of the published networks: 14 families, up to 20.7 G multiply-adds per image. */
const fitted = (networks: number, batch: FittedOn['batch'], launchShare: number): FittedOn => ({
  ...{ networks, batch, launchShare },
  side: [106, 320],
  multAdds: [24188688, 20676851712],
  transformers: true,
});

const families = (median: number, p90: number, networks: number): Device['error'] => ({
  ...{ median, p90, networks },
  leftOut: 'families',
});

/** Fits and errors: npm run validate-predict. */
export const DEVICES: readonly Device[] = [
  {
    ...gpu,
    name: 'rtx-3090',
    title: 'NVIDIA RTX 3090',
    mode: 'eager',
    flopsPerSecond: 7.51e13,
    bytesPerSecond: 4.36e11,
    secondsPerLaunch: 3.77e-5,
    source: `${TIMM}benchmark-infer-amp-nchw-pt240-cu124-rtx3090.csv${WHERE}, PyTorch 2.4`,
    fittedOn: fitted(214, [512, 1024], 0.306),
    error: families(0.068, 0.212, 214),
  },
  {
    ...gpu,
    name: 'rtx-4090',
    title: 'NVIDIA RTX 4090',
    mode: 'eager',
    flopsPerSecond: 1.51e14,
    bytesPerSecond: 5.04e11,
    secondsPerLaunch: 8.07e-6,
    source: `${TIMM}benchmark-infer-amp-nchw-pt291-cu128-4090.csv${WHERE}, PyTorch 2.9`,
    fittedOn: fitted(223, [512, 1024], 0.109),
    error: families(0.075, 0.279, 223),
  },
  {
    ...gpu,
    name: 'rtx-pro-6000-max-q',
    title: 'NVIDIA RTX PRO 6000 Blackwell Max-Q',
    mode: 'eager',
    flopsPerSecond: 2.35e14,
    bytesPerSecond: 6.82e11,
    secondsPerLaunch: 1.9e-5,
    source: `${TIMM}benchmark-infer-amp-nchw-pt291-cu130-pro6000maxq.csv${WHERE}, PyTorch 2.9`,
    fittedOn: fitted(223, [512, 2048], 0.166),
    error: families(0.089, 0.289, 223),
  },
  {
    ...gpu,
    name: 'rtx-4090-nhwc',
    title: 'NVIDIA RTX 4090',
    mode: 'eager-nhwc',
    flopsPerSecond: 2.05e14,
    bytesPerSecond: 8.18e11,
    secondsPerLaunch: 1.11e-6,
    source: `${TIMM}benchmark-infer-amp-nhwc-pt240-cu124-rtx4090.csv${WHERE}, PyTorch 2.4`,
    fittedOn: fitted(214, [384, 512], 0.033),
    error: families(0.088, 0.221, 214),
  },
  {
    ...gpu,
    name: 'rtx-4090-compiled',
    title: 'NVIDIA RTX 4090',
    mode: 'compiled',
    flopsPerSecond: 2.13e14,
    bytesPerSecond: 1.066e12,
    secondsPerLaunch: 4.85e-6,
    source: `${TIMM}benchmark-infer-amp-nchw-pt240-cu124-rtx4090-dynamo.csv${WHERE}, PyTorch 2.4`,
    fittedOn: fitted(214, [256, 256], 0.354),
    error: families(0.104, 0.266, 214),
  },
  {
    ...gpu,
    name: 'rtx-pro-6000-max-q-compiled',
    title: 'NVIDIA RTX PRO 6000 Blackwell Max-Q',
    mode: 'compiled',
    flopsPerSecond: 3.03e14,
    bytesPerSecond: 1.446e12,
    secondsPerLaunch: 1.17e-5,
    source: `${TIMM}benchmark-infer-amp-nchw-pt291-cu130-pro6000maxq-dynamo.csv${WHERE}, PyTorch 2.9`,
    fittedOn: fitted(223, [256, 2048], 0.186),
    error: families(0.096, 0.233, 223),
  },
  {
    ...cpu,
    name: 'i9-10940x',
    title: 'Intel Core i9-10940X',
    mode: 'compiled-own',
    flopsPerSecond: 2.89e12,
    bytesPerSecond: 4e10,
    weightBytesPerSecond: 1.732e10,
    halfLength: 25.2,
    ratios: {
      ...{ linearCompute: 8.84, depthwise: 0.727, linear: 3.9, elementwise: 4.66, rearranging: 0.444 },
      ...{ softmax: 1.28, transpose: 1.09, norm: 1.15, learnt: 1.04 },
    },
    secondsPerLaunch: 2.54e-5,
    source: `${TIMM}benchmark-infer-fp32-nchw-pt240-cpu-i9_10940x-dynamo.csv${WHERE}, PyTorch 2.4, compiled`,
    fittedOn: fitted(214, [1, 1], 0.92),
    error: families(0.125, 0.323, 214),
  },
];

export const deviceNames = (): readonly string[] => DEVICES.map(({ name }) => name);

/** @throws InputError with the nearest names when there is no such device */
export function builtInDevice(name: string): Device {
  const found = DEVICES.find((device) => device.name === name.toLowerCase());
  if (found) return found;
  throw new InputError(
    `there is no built-in device "${name}"${nearestNames(name, deviceNames())} (flopscope device list shows all); a file that flopscope device calibrate wrote can be named, too`,
  );
}
