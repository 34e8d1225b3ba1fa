// Tests of the audits of training: where each fires, where it must not, and what the changed network keeps.

import { describe, expect, test } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import { implementationOf, type Implementation } from '../../../src/counters/implementation.js';
import { findingsOf } from '../../../src/diagnosis/audits.js';
import type { Finding } from '../../../src/diagnosis/finding.js';
import { trainedSubject } from '../../../src/diagnosis/trainedSubject.js';
import type { Graph, Value } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { segmentsOf } from '../../../src/training/checkpoint.js';
import { stepCost } from '../../../src/training/stepCost.js';
import { tapeOf } from '../../../src/training/recordTape.js';
import { tapeFrom, training, type TrainingOptions } from '../../../src/training/training.js';

const PLAIN: Implementation = { name: 'plain', about: '', calls: {} };

function found(name: string, options: TrainingOptions = {}): readonly Finding[] {
  const model = builtIn(name);
  const tape = tapeFrom(graphOf(model, 2), implementationOf(model), options);
  return findingsOf(trainedSubject(model, tape, segmentsOf(tape, options.checkpoint ?? []), options));
}

function foundIn(graph: Graph): readonly Finding[] {
  const tape = tapeOf(graph, PLAIN);
  return findingsOf({
    graph,
    profile: profile(graph),
    training: { tape, segments: [], implementation: PLAIN, options: {} },
  });
}

/** The audits of training, which this file is about. */
const OWN = ['concat-chain-kept', 'activation-out-of-place', 'stem-at-full-resolution'];
const own = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ audit }) => OWN.includes(audit));
const ids = (findings: readonly Finding[]): readonly string[] => own(findings).map(({ audit }) => audit);

describe('concats that are kept', () => {
  test.each([
    [{}, ['concat']],
    [{ checkpoint: ['features.denseblock1'] }, ['concat', 'features.denseblock1']],
    // Segments of a search, of which one begins inside of what the kind means.
    [
      { checkpoint: ['stem', 'features.denseblock2.denselayer3'] },
      ['concat', 'stem', 'features.denseblock2.denselayer3'],
    ],
  ])('the flag of the fix overlaps with no segment of now: %j', (options, flags) => {
    const finding = own(found('densenet121', options)).find(({ audit }) => audit === 'concat-chain-kept')!;
    const advised = /--checkpoint ([^;]*);/.exec(finding.fix)![1]!.split(' ');
    expect(advised).toEqual(flags);
    const tape = tapeFrom(graphOf(builtIn('densenet121'), 2), implementationOf(builtIn('densenet121')), {});
    const before = stepCost(tape, segmentsOf(tape, (options as TrainingOptions).checkpoint ?? []));
    const after = stepCost(tape, segmentsOf(tape, advised));
    expect(before.keptBytes - after.keptBytes).toBe(finding.saves.keptBytes);
  });

  test('nothing is said of training where nobody asks', () => {
    const graph = graphOf(builtIn('densenet121'), 2);
    expect(ids(findingsOf({ graph, profile: profile(graph) }))).toEqual([]);
  });

  test('DenseNet: what is saved is what its memory-efficient form keeps less', () => {
    const [finding] = own(found('densenet121'));
    const [before, after] = [{}, { checkpoint: ['concat'] }].map(
      (options) => training(builtIn('densenet121'), options, 2).totals,
    );
    expect(finding).toMatchObject({ audit: 'concat-chain-kept', layers: { length: 58 }, figures: { chains: 4 } });
    expect(finding!.saves).toEqual({
      keptBytes: 259853056 - after!.keptBytes,
      peakBytes: before!.peak.bytes - after!.peak.bytes,
      recomputedMemoryAccess: -after!.recomputedMemoryAccess,
    });
  });

  test('not where they run again already, and not in OSA modules or residual blocks', () => {
    expect(ids(found('densenet121', { checkpoint: ['concat'] }))).toEqual([]);
    expect(ids(found('vovnet39'))).toEqual([]);
    expect(ids(found('resnet50'))).toEqual([]);
  });

  test('a chain in which each concat reads the one before, as Keras writes it', () => {
    const chain = (concats: number): Graph => {
      const net = Builder.start();
      let x = net.apply('conv', 'stem', net.input([1, 4, 8, 8]), { channels: 8, kernel: 1 });
      for (let i = 0; i < concats; i++) {
        const more = net.apply('conv', `conv${i}`, net.apply('relu', `relu${i}`, net.apply('batchNorm', `bn${i}`, x)), {
          channels: 4,
          kernel: 3,
          padding: 1,
        });
        x = net.apply('concat', `concat${i}`, [x, more]);
      }
      return net.finish(
        'chain',
        net.apply('conv', 'end', net.apply('relu', 'last', net.apply('batchNorm', 'norm', x)), {
          channels: 4,
          kernel: 1,
        }),
      );
    };
    expect(ids(foundIn(chain(4)))).toEqual(['concat-chain-kept']);
    expect(ids(foundIn(chain(2)))).toEqual([]);
  });
});

describe('activations out of place', () => {
  /** conv, norm and activation, three times. */
  const net = (op: 'leakyRelu' | 'relu' | 'silu'): Graph => {
    const net = Builder.start();
    let x: Value = net.input([1, 3, 8, 8]);
    for (const i of [1, 2, 3]) {
      const conv = net.apply('conv', `conv${i}`, x, { channels: 4, kernel: 3, padding: 1 });
      x = net.apply(op, `act${i}`, net.apply('batchNorm', `norm${i}`, conv));
    }
    return net.finish('acts', net.apply('conv', 'end', x, { channels: 1, kernel: 1 }));
  };

  test('a leaky ReLU keeps [1, 4, 8, 8] in single precision twice, and once where it overwrites', () => {
    const [finding] = own(foundIn(net('leakyRelu')));
    const value = 4 * 64 * 4;
    // The outputs of three convolutions, mean and deviation of each norm, inputs and outputs of activations.
    const before = 3 * (value + 2 * 4 * 4 + 2 * value);
    expect(finding).toMatchObject({ audit: 'activation-out-of-place', layers: ['act1', 'act2', 'act3'] });
    expect(finding).toMatchObject({
      figures: { keptBytes: 3 * value, stepKeptBytes: before },
      saves: { keptBytes: 3 * value },
    });
    const changed = tapeOf(net('leakyRelu'), { ...PLAIN, inPlace: ['leakyRelu'] });
    expect(stepCost(changed, []).keptBytes).toBe(before - 3 * value);
  });

  test('a ReLU keeps its output in either form, and SiLU needs its input in both', () => {
    expect(ids(foundIn(net('relu')))).toEqual([]);
    expect(ids(foundIn(net('silu')))).toEqual([]);
  });

  test('where others read the input it cannot be overwritten', () => {
    const net = Builder.start();
    const conv = net.apply('conv', 'conv', net.input([1, 3, 8, 8]), { channels: 4, kernel: 1 });
    const act = net.apply('leakyRelu', 'act', conv);
    const sum = net.apply('add', 'sum', [act, conv]);
    const shared = net.finish('shared', net.apply('conv', 'end', sum, { channels: 1, kernel: 1 }));
    expect(ids(foundIn(shared))).toEqual([]);
  });
});

describe('a stem at full resolution', () => {
  /** Two convolutions at the image's resolution, or at half of it, and what follows at half. */
  const net = (moved: boolean): Graph => {
    const net = Builder.start();
    const image = net.input([2, 3, 64, 64]);
    const first = net.apply('conv', 'first', image, {
      channels: 8,
      kernel: 3,
      padding: 1,
      ...(moved ? { stride: 2 } : {}),
    });
    const second = net.apply('conv', 'second', net.apply('relu', 'relu', first), {
      channels: 8,
      kernel: 3,
      padding: 1,
    });
    const pooled = moved ? second : net.apply('maxPool', 'pool', second, { kernel: 2, stride: 2 });
    return net.finish('stem', net.apply('conv', 'third', pooled, { channels: 8, kernel: 3, padding: 1 }));
  };

  test('what is saved is what the network with a stride in its first convolution keeps less', () => {
    const [finding] = own(foundIn(net(false)));
    const [before, after] = [false, true].map((moved) => stepCost(tapeOf(net(moved), PLAIN), []));
    expect(finding).toMatchObject({ audit: 'stem-at-full-resolution', layers: ['first', 'relu', 'second'] });
    expect(finding!.saves).toEqual({
      keptBytes: before!.keptBytes - after!.keptBytes,
      peakBytes: before!.peakBytes - after!.peakBytes,
      stepMultAdds: before!.stepMultAdds - after!.stepMultAdds,
    });
    // The ReLU's output, the pool's input, its indices of 8 bytes and its output; then only halves of two.
    const full = 2 * 8 * 64 * 64;
    expect(before!.keptBytes).toBe(4 * full + 4 * full + 8 * (full / 4) + 4 * (full / 4));
    expect(after!.keptBytes).toBe(4 * (full / 4) + 4 * (full / 4));
  });

  test('VGG has one; ResNet halves first, CIFAR images are small, and a segmentation network needs its resolution', () => {
    expect(ids(found('vgg16_bn'))).toEqual(['stem-at-full-resolution']);
    expect(ids(found('resnet50'))).toEqual([]);
    expect(ids(found('densenet40_k12'))).toEqual(['concat-chain-kept']);
    const net = Builder.start();
    const image = net.input([1, 3, 64, 64]);
    const first = net.apply('conv', 'first', image, { channels: 8, kernel: 3, padding: 1 });
    const half = net.apply('conv', 'half', net.apply('maxPool', 'pool', first, { kernel: 2, stride: 2 }), {
      channels: 8,
      kernel: 1,
    });
    const whole = net.apply('concat', 'whole', [first, net.apply('upsample', 'up', half, { scale: 2 })]);
    const unet = net.finish('unet', net.apply('conv', 'end', whole, { channels: 2, kernel: 1 }));
    expect(ids(foundIn(unet))).toEqual([]);
  });
});
