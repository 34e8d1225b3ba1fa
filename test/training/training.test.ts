// Tests of whole training steps: freezing, types, optimisers, peaks, closed forms.

import { describe, expect, test } from 'vitest';
import { blockModel } from '../../src/blockModels.js';
import { Builder } from '../../src/builder.js';
import { builtIn, builtInNames } from '../../src/builtIn.js';
import { FAMILIES } from '../../src/families/table.js';
import { formula } from '../../src/formula/formula.js';
import { buildWith } from '../../src/formula/closedForm.js';
import { segmentsOf } from '../../src/training/checkpoint.js';
import { countsOfSteps, sumOf, TRAINING_COUNTS } from '../../src/training/counts.js';
import { trainingFormula } from '../../src/training/forms.js';
import { peakOf } from '../../src/training/peak.js';
import { trainingReading } from '../../src/training/reading.js';
import { tapeFrom, training, type Training, type TrainingOptions } from '../../src/training/training.js';
import { builtInTape, conv, PLAIN, tapeOn } from './chain.js';

const resnet = (options: TrainingOptions = {}) => training(builtIn('resnet18'), options, 2);

describe('what no output depends on', () => {
  test('runs, but gets no gradient, and autograd keeps nothing of it', () => {
    const tape = tapeOn((net, x) => {
      const read = conv(net, 'read', x, 4);
      conv(net, 'unread', read, 8);
      return conv(net, 'last', read, 4);
    });
    const unread = tape.steps.find(({ name }) => name === 'unread')!;
    expect([unread.gradients, unread.keeps]).toEqual([{ inputs: [false], weights: false }, []]);
    const last = tape.steps.find(({ name }) => name === 'last')!;
    expect(last.gradients).toEqual({ inputs: [true], weights: true });
  });
});

describe('autocast', () => {
  test('adds up along a side in single precision, as PyTorch lists cumsum', () => {
    const tape = tapeOn(
      (net, x) => net.apply('sigmoid', 'sigmoid', net.apply('cumSum', 'sum', conv(net, 'conv', x, 4), { axis: 1 })),
      { amp: true },
    );
    const [, sum, sigmoid] = tape.steps;
    expect([sum, sigmoid].map((step) => tape.storages[step!.writes]!.bytes)).toEqual([4, 4]);
  });
});

describe('freezing', () => {
  test('a layer that its file does not train is frozen, and so is a tensor of one that it trains', () => {
    const frozen = (id: string, elements: number) => ({ id, elements, frozen: true as const });
    const net = Builder.start();
    const x = net.input([1, 2, 4, 4]);
    const a = net.apply('conv', 'a', x, { channels: 2, kernel: 1 }, { weight: [frozen('a', 4)] });
    const b = net.apply(
      'conv',
      'b',
      a,
      { channels: 2, kernel: 1, bias: true },
      { weight: [{ id: 'b', elements: 4 }], bias: [frozen('c', 2)] },
    );
    const tape = tapeFrom(net.finish('frozen', b), PLAIN, {});
    expect(tape.steps.map(({ gradients }) => gradients.weights)).toEqual([false, true]);
    expect(sumOf(countsOfSteps(tape, [], 'sgd')).trainedParams).toBe(4);
  });

  test('no gradient goes in front of the last trained layer, and nothing is kept there', () => {
    const { layers } = resnet({ freeze: ['stem', 'layer1', 'layer2'] });
    for (const { stage, name, ...layer } of layers) {
      if (!['stem', 'layer1', 'layer2'].includes(stage)) continue;
      expect([name, layer.inputMultAdds, layer.weightMultAdds, layer.keptBytes, layer.memoryAccess]).toEqual([
        name,
        0,
        0,
        0,
        0,
      ]);
    }
    const first = layers.find(({ name }) => name === 'layer3.0.conv1')!;
    expect([first.inputMultAdds, first.weightMultAdds]).toEqual([0, first.multAdds]);
  });

  test('a frozen layer behind a trained one passes its gradient on and makes none of its weights', () => {
    const { layers, totals } = resnet({ freeze: ['layer4.1'] });
    const frozen = layers.find(({ name }) => name === 'layer4.1.conv1')!;
    expect([frozen.inputMultAdds, frozen.weightMultAdds, frozen.trained]).toEqual([frozen.multAdds, 0, false]);
    expect(totals.trainedParams).toBeLessThan(resnet().totals.trainedParams);
    // Convolutions and norms keep what they read all the same.
    expect(totals.keptBytes).toBe(resnet().totals.keptBytes);
  });

  test('all frozen, nothing is left', () => {
    const { totals } = resnet({ freeze: ['stem', 'layer1', 'layer2', 'layer3', 'layer4', 'head'] });
    expect([totals.keptBytes, totals.backwardMultAdds, totals.trainedParams, totals.gradientBytes]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('a block that several stages have is asked for with its stage', () => {
    const model = builtIn('ese_vovnet39b');
    expect(() => training(model, { freeze: ['blocks.0'] })).toThrow(
      '"blocks.0" is a block in several stages of ese_vovnet39b: name its stage too, as in stages.0/blocks.0',
    );
    const { layers } = training(model, { freeze: ['stages.0.blocks.0'] });
    const frozen = layers.filter(({ weightMultAdds, op }) => op === 'conv' && weightMultAdds === 0);
    expect(new Set(frozen.map(({ stage }) => stage))).toEqual(new Set(['stages.0']));
  });
});

describe('memory that is not kept', () => {
  test('an optimiser holds tensors as large as what is trained', () => {
    const params = 11689512;
    const of = (optimizer: TrainingOptions['optimizer']): number =>
      resnet({ optimizer: optimizer! }).totals.optimizerBytes;
    expect([of('sgd'), of('momentum'), of('adam')]).toEqual([0, 4 * params, 8 * params]);
    expect(resnet().totals.gradientBytes).toBe(4 * params);
  });

  test('the total is all of its parts', () => {
    const { totals } = resnet({ optimizer: 'adamw', amp: true });
    const { imageBytes, parameterBytes, gradientBytes, optimizerBytes, weightCopyBytes, peak, totalBytes } = totals;
    expect(totalBytes).toBe(
      imageBytes + parameterBytes + gradientBytes + optimizerBytes + weightCopyBytes + peak.bytes,
    );
    expect(imageBytes).toBe(2 * 3 * 224 * 224 * 4);
  });
});

describe('mixed precision', () => {
  test('activations halve, statistics and indices keep their type, and the image is copied once', () => {
    const [single, half] = [resnet().totals, resnet({ amp: true }).totals];
    const [full, mixed] = [single.keptBytesOf, half.keptBytesOf];
    expect([mixed.statistics, mixed.indices]).toEqual([full.statistics, full.indices]);
    const image = 2 * 3 * 224 * 224 * 2;
    expect(mixed.input! + mixed.output!).toBe((full.input! + full.output!) / 2 + image);
  });

  test('autograd keeps a copy of every weight of convolutions and fully connected layers, biases and norms apart', () => {
    const [convolutions, norms, bias] = [11689512 - 9600 - 513000, 9600, 1000];
    expect(norms + bias).toBe(10600);
    expect(resnet({ amp: true }).totals.weightCopyBytes).toBe(2 * (convolutions + 512000));
    expect(resnet().totals.weightCopyBytes).toBe(0);
  });

  test('softmax and layer norm work in single precision: what a convolution then reads is copied', () => {
    const tape = tapeOn((net, x) => conv(net, 'b', net.apply('softmax', 's', conv(net, 'a', x))), { amp: true });
    const kinds = tape.steps.map(({ name, keeps }) => [name, ...keeps.map(({ storage }) => tape.storages[storage]!)]);
    expect(kinds).toMatchObject([
      ['a', { kind: 'copy', bytes: 2 }],
      ['s', { kind: 'value', bytes: 4 }],
      ['b', { kind: 'copy', bytes: 2 }],
    ]);
  });
});

describe('the peak, by hand', () => {
  /** Bytes of [1, 2, 4, 4]. */
  const X = 128;

  test('a chain of convolutions keeps every input; at the end its output and two gradients come on top', () => {
    const tape = tapeOn((net, x) => conv(net, 'c', conv(net, 'b', conv(net, 'a', x))));
    // Forward a, b, c; backward: the output's gradient beside all three, then the output is gone.
    expect(peakOf(tape, [])).toEqual({ bytes: 4 * X, at: 'c', pass: 'backward' });
  });

  test('what nobody keeps goes after its last reader', () => {
    const tape = tapeOn((net, x) => {
      let y = conv(net, 'a', x);
      for (let i = 0; i < 5; i++) y = net.apply('negate', `n${i}`, y);
      return y;
    });
    expect(peakOf(tape, [])).toMatchObject({ bytes: 2 * X });
  });

  test('a segment that runs again holds what it keeps only then', () => {
    const tape = tapeOn((net, x) => {
      let y = conv(net, 'start', x);
      for (const part of ['one', 'two', 'three', 'four']) {
        const inside = net.at(part, { block: part });
        for (let i = 0; i < 4; i++) y = inside.apply('sigmoid', `s${i}`, y);
      }
      return y;
    });
    const segments = segmentsOf(tape, ['block']);
    // 16 outputs, or each segment's input and the four outputs of one; and two gradients, one made from the other.
    expect(peakOf(tape, []).bytes).toBe(16 * X + 2 * X);
    expect(peakOf(tape, segments).bytes).toBe(4 * X + 4 * X + 2 * X);
  });

  test('adding a batch adds in proportion to it', () => {
    const bytes = (n: number): number => peakOf(builtInTape('squeezenet1_1', {}, n), []).bytes;
    expect(bytes(3) - bytes(2)).toBe(bytes(2) - bytes(1));
  });
});

describe('every built-in network', () => {
  test.each(builtInNames())('%s: each kind of checkpoint keeps no more, and steps add up', (name) => {
    const model = builtIn(name);
    const { totals } = training(model);
    expect(totals.stepMultAdds).toBe(totals.multAdds + totals.inputMultAdds + totals.weightMultAdds);
    expect(totals.weightMultAdds).toBe(totals.multAdds);
    expect(totals.peak.bytes).toBeGreaterThanOrEqual(totals.keptBytes);
    for (const kind of ['stage', 'block', 'concat'])
      expect(training(model, { checkpoint: [kind] }).totals.keptBytes).toBeLessThanOrEqual(totals.keptBytes);
  });
});

describe('closed forms', () => {
  const options: readonly TrainingOptions[] = [
    {},
    { checkpoint: ['block'], optimizer: 'adam', amp: true },
    { checkpoint: ['concat'], freeze: ['stem'] },
  ];

  test.each(
    FAMILIES.filter(({ name }) => name !== 'dsod').map(({ name, variants }) => [name, Object.keys(variants)[0]!]),
  )(
    '%s: evaluated, they are the counts of %s',
    (_, variant) => {
      const model = builtIn(variant);
      const [, h, w] = model.input;
      for (const given of options) {
        if (given.freeze && !training(model).layers.some(({ stage }) => stage === 'stem')) continue;
        const { at } = formula(model, {}, { n: 3, h, w }, trainingReading(model, given));
        const { totals } = training(model, given, 3);
        for (const name of TRAINING_COUNTS) expect([name, at!.others![name]]).toEqual([name, totals[name]]);
      }
    },
    30_000,
  );

  test.each(['resnet18', 'densenet121', 'vgg11', 'mobilenet_v2', 'vovnet27_slim'])(
    'the peak of %s at its own sizes, and no more than the peak at others',
    (name) => {
      const model = builtIn(name);
      const [, h, w] = model.input;
      for (const given of [{}, { checkpoint: ['block'] }]) {
        const { others } = formula(model, {}, {}, trainingReading(model, given));
        const at = (n: number, side: number): number =>
          formula(model, {}, { n, h: side, w: side }, trainingReading(model, given)).at!.others!['peakBytes'] as number;
        expect(others!['peakBytes']).toMatch(/h n w/);
        expect(h).toBe(w);
        expect(at(1, h)).toBe(training(model, given, 1).totals.peak.bytes);
        expect(at(4, 64)).toBeLessThanOrEqual(training(model, given, 4, [3, 64, 64]).totals.peak.bytes);
      }
    },
  );

  test('the peak in a number of layers: of DenseNet-169 at 48 layers it is that of DenseNet-201', () => {
    const [model, deeper] = ['densenet169', 'densenet201'].map((name) => builtIn(name));
    const point = { n: 1, h: 224, w: 224, L: 48 };
    const { at } = trainingFormula(model!, { 'blocks.2': 'L' }, point);
    expect(at!.others!['peakBytes']).toBe(training(deeper!).totals.peak.bytes);
    expect(at!.others!['keptBytes']).toBe(training(deeper!).totals.keptBytes);
  });

  test.each([
    ['dense', 9, 'L^2'],
    ['osa', 6, 'L h n w'],
  ])('of a block of %s alone the peak is one polynomial from %i layers on', (name, least, term) => {
    const model = blockModel(name)!;
    const { others, peakFrom } = trainingFormula(model, { layers: 'L' }, {});
    expect(peakFrom).toEqual({ L: least });
    expect(others!['peakBytes']).toContain(term);
    const [, h, w] = model.input;
    const stepAt = (layers: number): Training =>
      training({ ...model, build: (shape) => buildWith(model, shape[0]!, shape[2]!, shape[3]!, { layers }) });
    for (const layers of [least, least + 1, 17]) {
      const { totals } = stepAt(layers);
      const { at } = trainingFormula(model, { layers: 'L' }, { n: 1, h, w, L: layers });
      expect(at!.others).toMatchObject({ peakBytes: totals.peak.bytes, totalBytes: totals.totalBytes });
      expect(at!.others!['heldBytes']).toBe(totals.totalBytes - totals.peak.bytes + totals.keptBytes);
    }
    // With one layer less another moment peaks, and the form gives no figure of it.
    const { at } = trainingFormula(model, { layers: 'L' }, { n: 1, h, w, L: least - 1 });
    expect(Object.keys(at!.others!)).not.toContain('peakBytes');
    const below = peakAt(others!['peakBytes']!, { n: 1, h, w, L: least - 1 });
    expect(below).toBeLessThan(stepAt(least - 1).totals.peak.bytes);
  });

  /** The value of a closed form as text. */
  function peakAt(form: string, values: Readonly<Record<string, number>>): number {
    const terms = form.replaceAll(' - ', ' + -').split(' + ');
    return terms.reduce((sum, term) => {
      const factors = term.replace(/^-/, '').split(' ');
      const size = factors.reduce((all, factor) => {
        const [name = '', power = '1'] = factor.split('^');
        return all * (values[name] ?? Number(name)) ** Number(power);
      }, 1);
      return sum + (term.startsWith('-') ? -size : size);
    }, 0);
  }

  test('bytes in all add up what is held, with the peak or with what is kept', () => {
    const model = builtIn('resnet18');
    const [, h, w] = model.input;
    const { at } = trainingFormula(model, {}, { n: 2, h, w }, { optimizer: 'adam' });
    const { totals } = training(model, { optimizer: 'adam' }, 2);
    expect(at!.others).toMatchObject({
      totalBytes: totals.totalBytes,
      heldBytes: totals.totalBytes - totals.peak.bytes + totals.keptBytes,
      parameterBytes: totals.parameterBytes,
      imageBytes: totals.imageBytes,
    });
  });

  test('a dense block keeps bytes with the square of its layers, an OSA module in proportion to them', () => {
    const kept = (name: string, given: TrainingOptions = {}): string =>
      trainingFormula(blockModel(name)!, { layers: 'L' }, {}, given).others!['keptBytes']!;
    expect(kept('dense')).toBe('128 L^2 h n w + 1408 L h n w + 128 L^2 + 1408 L');
    expect(kept('osa')).toBe('1536 L h n w + 2560 h n w + 1024 L + 2048');
    // Without the concats the square is gone, but for statistics of norms.
    expect(kept('dense', { checkpoint: ['concat'] })).not.toContain('L^2 h');
  });

  test('in growth, DenseNet-121 keeps what PyTorch 2.13 keeps at 32', () => {
    const model = builtIn('densenet121');
    const { at, others } = formula(
      model,
      { growth: 'g' },
      { n: 2, h: 224, w: 224, g: 32 },
      trainingReading(model, {}, { growth: 'g' }),
    );
    expect(others!['keptBytes']).toBe('80.8125 g h n w + 128 g n + 10456 g');
    expect(at!.others!['keptBytes']).toBe(259853056);
  });
});
