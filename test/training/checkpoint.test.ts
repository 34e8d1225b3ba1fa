// Tests of checkpoints: by hand on small networks, against every subset of blocks on whole ones.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { keeping, segmentsOf, type Segment } from '../../src/training/checkpoint.js';
import { countsOfSteps, sumOf } from '../../src/training/counts.js';
import { peakOf } from '../../src/training/peak.js';
import { countedBytes, type Tape } from '../../src/training/tape.js';
import { training } from '../../src/training/training.js';
import { builtInTape, conv, tapeOn } from './chain.js';

const sums = (tape: Tape, segments: readonly Segment[]) => {
  const { keptBytes, recomputedMultAdds } = sumOf(countsOfSteps(tape, segments, 'sgd'));
  return { keptBytes: Number(keptBytes), recomputedMultAdds: Number(recomputedMultAdds) };
};

describe('segments', () => {
  test('a segment keeps what it reads, and runs again up to the last step that saves something', () => {
    const tape = tapeOn((net, x) => {
      const inside = net.at('part', { block: 'part' });
      const norm = inside.apply('batchNorm', 'norm', conv(inside, 'b', conv(net, 'a', x, 3), 5));
      const last = conv(inside, 'last', inside.apply('relu', 'relu', norm), 7);
      return net.apply('sigmoid', 'end', last);
    });
    const [part] = segmentsOf(tape, ['part']);
    const { keepers, recomputed } = keeping(tape, [part!]);
    // The last convolution saves only what it reads, so recomputing stops in front of it.
    expect([...recomputed].map(({ name }) => name)).toEqual(['part.b', 'part.norm', 'part.relu']);
    expect(sums(tape, [part!])).toEqual({ keptBytes: 4 * 16 * (3 + 7), recomputedMultAdds: 16 * 3 * 5 });
    expect([...keepers.values()].map(({ what }) => what)).toEqual(['input', 'input', 'output']);
  });

  test('a frozen segment that nothing trained comes before saves nothing and holds nothing', () => {
    const model = builtIn('resnet18');
    const frozen = { freeze: ['stem', 'layer1'] };
    const [without, under] = [training(model, frozen), training(model, { ...frozen, checkpoint: ['layer1'] })];
    expect(under.totals).toEqual(without.totals);
  });

  test('one that overwrites what it reads is refused', () => {
    const inPlace = { inPlace: ['relu'] } as const;
    const tape = tapeOn(
      (net, x) => conv(net, 'b', net.apply('relu', 'relu', net.apply('batchNorm', 'norm', conv(net, 'a', x)))),
      {},
      inPlace,
    );
    expect(() => segmentsOf(tape, ['relu'])).toThrow(
      'the segment "relu" cannot run again: its layer "relu" overwrites what the segment reads; begin it with the layer before',
    );
  });

  test('unknown names and overlaps are refused', () => {
    const tape = builtInTape('resnet18');
    expect(() => segmentsOf(tape, ['layer9'])).toThrow(
      'resnet18 has no stage, block or layer "layer9": did you mean layer',
    );
    expect(() => segmentsOf(tape, ['layer1', 'layer1.0'])).toThrow('overlap: checkpoint one of them');
    expect(() => segmentsOf(tape, ['stage', 'block'])).toThrow('overlap: checkpoint one of them');
  });

  test('a name wins over a kind', () => {
    const tape = builtInTape('resnet18');
    expect(segmentsOf(tape, ['block', 'layer1']).map(({ name }) => name)).toEqual(
      ['layer1', 2, 3, 4].flatMap((stage) =>
        typeof stage === 'string' ? stage : [`layer${stage}.0`, `layer${stage}.1`],
      ),
    );
  });

  test('the dropout before a layer runs with it', () => {
    const tape = builtInTape('vgg11');
    const [segment] = segmentsOf(tape, ['classifier.3']);
    expect(tape.steps.slice(segment!.first, segment!.last + 1).map(({ op }) => op)).toEqual(['dropout', 'linear']);
  });
});

describe('memory-efficient DenseNet (arXiv 1707.06990)', () => {
  const [plain, efficient] = [{}, { checkpoint: ['concat'] }].map((options) =>
    training(builtIn('densenet121'), options, 2),
  );

  test('recomputes concats and norms: no multiply-add is paid again', () => {
    expect(efficient!.totals.recomputedMultAdds).toBe(0);
    expect(efficient!.totals.recomputedMemoryAccess).toBeGreaterThan(0);
  });

  test('drops, in each layer, the concat, the norm and the first statistics, and nothing else', () => {
    // Channels that the layers of each dense block read, at the block's resolution.
    const dropped = [64, 128, 256, 512].reduce((sum, start, i) => {
      const [layers, side] = [[6, 12, 24, 16][i]!, 56 / 2 ** i];
      let bytes = 0;
      for (let layer = 0; layer < layers; layer++) {
        const channels = start + 32 * layer;
        bytes += 2 * (2 * channels * side * side * 4) + 2 * channels * 4;
      }
      return sum + bytes;
    }, 0);
    // The features of the last layer of a block are read by its last concat alone, which keeps nothing.
    const held = [64, 128, 256, 512].reduce((sum, start, i) => {
      const side = 56 / 2 ** i;
      // The first layer's input: the stem's pool keeps its own, transitions' pools nothing of their output.
      return sum + 2 * (start + 32 * ([6, 12, 24, 16][i]! - 1)) * side * side * 4;
    }, 0);
    expect(plain!.totals.keptBytes - efficient!.totals.keptBytes).toBe(dropped - held);
  });

  test('what is kept grows with the square of the layers, and in proportion to them where concats run again', () => {
    const ratio = (options: object): number => {
      const [small, large] = ['densenet121', 'densenet201'].map(
        (name) => training(builtIn(name), options).totals.keptBytes,
      );
      return large! / small!;
    };
    expect(ratio({})).toBeGreaterThan(1.4);
    expect(ratio({ checkpoint: ['concat'] })).toBeLessThan(ratio({}));
  });
});

describe('laws', () => {
  const tape = builtInTape('resnet56');
  const blocks = segmentsOf(tape, ['block']);
  const some = fc.subarray([...blocks]);

  test('no set of segments keeps more than none, and a larger set runs more again', () => {
    const none = sums(tape, []);
    fc.assert(
      fc.property(some, some, (a, b) => {
        const union = blocks.filter((block) => a.includes(block) || b.includes(block));
        expect(sums(tape, a).keptBytes).toBeLessThanOrEqual(none.keptBytes);
        expect(sums(tape, union).recomputedMultAdds).toBeGreaterThanOrEqual(sums(tape, a).recomputedMultAdds);
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  test('the peak is at least what is kept and no less than the widest step', () => {
    fc.assert(
      fc.property(some, (segments) => {
        const { bytes } = peakOf(tape, segments);
        expect(bytes).toBeGreaterThanOrEqual(sums(tape, segments).keptBytes);
        const widest = Math.max(...tape.storages.map((storage) => Number(countedBytes(storage))));
        expect(bytes).toBeGreaterThanOrEqual(widest);
      }),
      { seed: 7, numRuns: 25 },
    );
  });
});
