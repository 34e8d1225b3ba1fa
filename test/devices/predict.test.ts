// Is a prediction never without its interval, its parts and its doubts?

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { Builder } from '../../src/builder.js';
import { builtInDevice, DEVICES } from '../../src/devices/builtIn.js';
import { calibrate } from '../../src/devices/calibrate.js';
import { ratesOf, type Device } from '../../src/devices/device.js';
import { bandwidthOf, guessedDevice, PEAKS } from '../../src/devices/guessedDevice.js';
import { knownTime } from '../../src/devices/knownTime.js';
import { joined } from '../../src/devices/outside.js';
import { intervalOf, predict, type Prediction } from '../../src/devices/predict.js';
import { ranking } from '../../src/devices/ranking.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { readDevice } from '../../src/records/device/readDevice.js';

const at = (name: string, device: Device, batch = 512): Prediction => {
  const graph = graphOf(builtIn(name), batch);
  return predict(graph, profile(graph), device);
};
const RTX4090 = builtInDevice('rtx-4090');
const sum = ({ compute, traffic, launches }: Prediction['parts']): number => compute + traffic + launches;

/**
 * Milliseconds per 1024 images of timm's tables, as published: benchmark-infer-amp-nchw-pt240-cu124-rtx3090.csv
 * and benchmark-infer-amp-nchw-pt291-cu128-4090.csv in timm's results/.
 */
const PUBLISHED: readonly (readonly [model: string, device: string, milliseconds: number])[] = [
  ['resnet50', 'rtx-3090', 318],
  ['densenet121', 'rtx-3090', 370],
  ['mobilenet_v2', 'rtx-3090', 119],
  ['vgg19', 'rtx-3090', 808],
  ['seresnet50', 'rtx-3090', 362],
  ['resnext50_32x4d', 'rtx-3090', 397],
];

describe('a prediction', () => {
  it.each(PUBLISHED)(
    'of %s on %s: %f ms were published, and lie within its interval',
    (model, device, milliseconds) => {
      const { interval, warnings } = at(model, builtInDevice(device), 1024);
      expect(warnings).toEqual([]);
      expect(interval[0]).toBeLessThan(milliseconds);
      expect(interval[1]).toBeGreaterThan(milliseconds);
    },
  );

  it('is the sum of its parts, of its layers and of its stages', () => {
    const prediction = at('vovnet39', RTX4090);
    const { predictedMilliseconds, parts, layers, stages } = prediction;
    const add = (all: readonly { milliseconds: number }[]) =>
      all.reduce((one, { milliseconds }) => one + milliseconds, 0);
    expect(sum(parts)).toBeCloseTo(predictedMilliseconds, 9);
    expect(add(layers)).toBeCloseTo(predictedMilliseconds, 6);
    expect(add(stages)).toBeCloseTo(predictedMilliseconds, 6);
    expect(stages.reduce((all, stage) => all + stage.layers, 0)).toBe(layers.length);
    expect(prediction.predictedImagesPerSecond * predictedMilliseconds).toBeCloseTo(512e3, 6);
  });

  it('has the interval of its record: 10 % off at the 90th percentile', () => {
    expect(intervalOf(110, 0.1).map((end) => Number(end.toFixed(9)))).toEqual([100, 122.222222222]);
    expect(intervalOf(1, 1.2)[1]).toBe(Infinity);
  });

  it.each([
    [1, 'resnet50', /^outside of what rtx-4090 was fitted on: batch 1 \(fitted: 512 to 1024\)$/],
    [512, 'resnet20', /^outside of what rtx-4090 was fitted on: images of 32x32 \(fitted: 106 to 320 pixels\)$/],
  ])('warns at batch %i of %s: %s', (batch, name, warning) => {
    expect(at(name, RTX4090, batch).warnings.some((text) => warning.test(text))).toBe(true);
  });

  it('says in one sentence what lies outside of a record', () => {
    expect(joined(at('resnet20', RTX4090, 1).warnings)).toEqual([
      'outside of what rtx-4090 was fitted on: batch 1 (fitted: 512 to 1024), images of 32x32 (fitted: 106 to 320 pixels)',
    ]);
    expect(joined(['b', 'outside of what x was fitted on: a', 'c', 'outside of what y was fitted on: a'])).toHaveLength(
      4,
    );
  });

  it('warns of launches where the batch does not say it', () => {
    const graph = graphOf(builtIn('resnet50'), 1);
    const record = { ...RTX4090, fittedOn: { ...RTX4090.fittedOn!, batch: [1, 1024] as const } };
    expect(predict(graph, profile(graph), record).warnings).toEqual([
      expect.stringMatching(
        /^outside of what rtx-4090 was fitted on: launches \d+ % of the time \(fitted: up to 11 %\)$/,
      ),
    ]);
  });

  it('warns above 20 GMACs', () => {
    const graph = graphOf(builtIn('vgg19'), 512, [3, 256, 256]);
    expect(predict(graph, profile(graph), RTX4090).warnings).toEqual([
      expect.stringMatching(
        /^outside of what rtx-4090 was fitted on: 25\.6 G multiply-adds per image \(fitted: 0\.024 to 21 G\)$/,
      ),
    ]);
  });

  it('warns of a file whose numbers are neither float32 nor those of the record', () => {
    const graph = graphOf(builtIn('resnet50'), 512);
    const warned = (bytesPerElement: number): string =>
      predict(graph, profile(graph, { bytesPerElement }), RTX4090).warnings.join();
    expect(warned(1)).toContain('its numbers have 1 byte, and rtx-4090 is a record of amp: the time is');
    // Half precision is what the record is of, and float32 is run in it.
    expect([warned(2), warned(4)]).toEqual(['', '']);
  });

  it('warns of a transformer where the record knows convolutions only', () => {
    const net = Builder.start();
    const x = net.input([512, 3, 224, 224]);
    const weights = net.apply('softmax', 'weights', net.apply('matmul', 'scores', [x, x], { transposeSecond: true }), {
      axis: 3,
    });
    const graph = net.finish('attention', net.apply('matmul', 'out', [weights, x]));
    const warned = (transformers: boolean) =>
      predict(graph, profile(graph), { ...RTX4090, fittedOn: { ...RTX4090.fittedOn!, transformers } }).warnings.join(
        '\n',
      );
    expect(warned(false)).toContain('was fitted on convolutional networks only');
    expect(warned(true)).not.toContain('convolutional networks only');
  });

  it('stands on a time of the same network where there is one', () => {
    const graph = graphOf(builtIn('resnet50'), 512);
    const there = builtInDevice('rtx-3090');
    const plain = predict(graph, profile(graph), RTX4090);
    const slow = 1.2 * predict(graph, profile(graph), there).predictedMilliseconds;
    const known = knownTime(graph, slow, there, RTX4090);
    const better = predict(graph, profile(graph), RTX4090, known);
    expect(better.predictedMilliseconds / plain.predictedMilliseconds).toBeCloseTo(1.2, 9);
    expect(better.basis).toBe('a time of the same network on rtx-3090');
    expect(better.interval[1] / better.interval[0]).toBeLessThan(plain.interval[1] / plain.interval[0]);
    expect(() => knownTime(graph, 1, there, builtInDevice('rtx-4090-compiled'))).toThrow('says little across modes');
    const cpu = builtInDevice('i9-10940x');
    expect(() => knownTime(graph, 1, cpu, { ...cpu, name: 'other' })).toThrow(
      'across CPUs and engines it does not help',
    );
  });
});

describe('a ranking', () => {
  it('tells apart what does not overlap, and says where it cannot', () => {
    const some = ['vgg19', 'mobilenet_v2', 'resnet50', 'vovnet39'].map((name) => at(name, RTX4090));
    expect(ranking(some).map((rank) => rank.map(({ model }) => model))).toEqual([
      ['mobilenet_v2'],
      ['vovnet39', 'resnet50'],
      ['vgg19'],
    ]);
  });
});

describe('built-in records', () => {
  it('are records that can be read, each with a source and an error of networks that it has not seen', () => {
    for (const device of DEVICES) {
      expect(readDevice(JSON.stringify(device), device.name)).toEqual(device);
      expect(device.source).toContain('.csv');
      expect(device.error.networks).toBeGreaterThan(200);
      expect(device.error.p90).toBeLessThan(0.33);
    }
  });

  it('are found in any case, and a strange name is answered with near ones', () => {
    expect(builtInDevice('RTX-4090')).toBe(RTX4090);
    expect(() => builtInDevice('rtx-5090')).toThrow(
      'there is no built-in device "rtx-5090"; the nearest names are rtx-3090',
    );
  });
});

describe('a guess', () => {
  it('of a known card from its peaks is near its record, and labelled', () => {
    const guess = guessedDevice('a-4090', PEAKS['rtx-4090']!, 'eager');
    expect(guess).toMatchObject({ origin: 'guess', fittedOn: { transformers: true } });
    const ratio = at('resnet50', guess).predictedMilliseconds / at('resnet50', RTX4090).predictedMilliseconds;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.25);
    expect(at('resnet50', guess).warnings[0]).toContain('a guess from peak FLOP/s and bandwidth');
    expect(guess.error.p90).toBeGreaterThan(RTX4090.error.p90);
  });

  it('is refused for modes without known devices', () => {
    expect(() => guessedDevice('x', PEAKS['rtx-4090']!, 'fused-own')).toThrow(
      'no device of the mode fused-own is known',
    );
    expect(() => guessedDevice('x', { flopsPerSecond: 0, bytesPerSecond: 1 }, 'eager')).toThrow('must be positive');
  });

  it('knows the bandwidth of the cards whose peaks it has, by any spelling', () => {
    expect(['RTX 4090', 'NVIDIA RTX4090', 'NVIDIA GeForce RTX 3090', 'EPYC', null].map(bandwidthOf)).toEqual([
      ...[1008e9, 1008e9, 936e9, null, null],
    ]);
  });
});

describe('calibrate', () => {
  const NAMES = ['resnet18', 'resnet50', 'densenet121', 'vovnet27_slim', 'mobilenet_v2', 'squeezenet1_1', 'peleenet'];
  const labels = { name: 'mine', title: 'mine', precision: 'amp', bytesPerElement: 2, source: 'a test' };
  const timings = NAMES.map((name) => {
    const graph = graphOf(builtIn(name), 512);
    return {
      graph,
      counted: profile(graph),
      family: name.slice(0, 4),
      milliseconds: at(name, RTX4090).predictedMilliseconds,
    };
  });

  it('gives back the device that made the times, with the mode that predicts best', () => {
    const device = calibrate(timings, ['compiled', 'eager'], labels);
    expect(device).toMatchObject({
      mode: 'eager',
      origin: 'calibration',
      ratios: null,
      error: { leftOut: 'families' },
    });
    expect(device.flopsPerSecond / RTX4090.flopsPerSecond).toBeCloseTo(1, 1);
    expect(device.bytesPerSecond / RTX4090.bytesPerSecond).toBeCloseTo(1, 1);
    expect(device.fittedOn).toMatchObject({ networks: 7, batch: [512, 512], side: [224, 224], transformers: false });
    expect(readDevice(JSON.stringify(device), 'x')).toEqual(device);
    expect(at('vovnet39', device).warnings.join()).toContain('7 networks, which are few');
  });

  it('writes ratios of its own where the mode has none', () => {
    const device = calibrate(timings, ['eager-own'], labels);
    expect(device.ratios).not.toBeNull();
    expect(ratesOf(device).ratios).toEqual(device.ratios);
  });

  it('refuses four networks', () => {
    expect(() => calibrate(timings.slice(0, 4), ['eager'], labels)).toThrow(
      '4 networks are too few for a device record',
    );
  });
});
