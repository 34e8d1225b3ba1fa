// Is a model of Keras counted as Keras counts it? Known totals of its applications, and every layer of files that TensorFlow.js wrote.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { closedForm } from '../../../src/formula/closedForm.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import { readTfjs } from '../../../src/importers/tfjs/readTfjs.js';
import { APPLICATIONS, resnet50 } from './applications.js';
import { KerasNet } from './kerasNet.js';

const profileOf = (data: unknown, batch = 1): Profile =>
  profile(graphOf(readTfjs(JSON.stringify(data), 'model.json'), batch));

/** Running mean and variance, which Keras counts as parameters that are not trained. */
const statisticsIn = ({ layers }: Profile): number =>
  layers.filter(({ op }) => op === 'batchNorm').reduce((sum, { outShape }) => sum + 2 * outShape[1]!, 0);

describe('Keras Applications', () => {
  it.each(APPLICATIONS)('$net.name: $params parameters, in both forms', ({ net, params, statistics }) => {
    const counted = profileOf(net.keras2());
    expect(statisticsIn(counted)).toBe(statistics);
    expect(counted.totals.params + statistics).toBe(params);
    expect(profileOf(net.keras3())).toEqual(counted);
    expect(profileOf({ modelTopology: { model_config: net.keras2() }, weightsManifest: [] })).toEqual(counted);
  });

  it('places the layers of ResNet-50 in stages and blocks', () => {
    const { layers } = profileOf(resnet50().keras2());
    const of = (name: string): unknown[] =>
      layers.filter((layer) => layer.name === name).map(({ stage, block }) => [stage, block]);
    expect(of('conv3_block2_1_conv')).toEqual([['conv3', 'conv3_block2']]);
    expect(of('avg_pool')).toEqual([['', '']]);
    expect(new Set(layers.map(({ block }) => block)).size).toBe(16 + 1);
  });

  it('has a closed form where the file leaves the size open', () => {
    const net = new KerasNet('open', [null, null, null, 3]);
    let x = net.add('Conv2D', 'a', 'input_1', { filters: 8, kernel_size: 3, strides: 2, padding: 'same' });
    x = net.add('DepthwiseConv2D', 'b', x, { kernel_size: 5, padding: 'same' });
    net.add('GlobalAveragePooling2D', 'c', x);
    const model = readTfjs(JSON.stringify(net.keras3()), 'model.json');
    expect(model.input).toEqual([3, 224, 224]);
    const { symbols } = closedForm(model);
    expect(symbols.find(({ name }) => name === 'h')!.multipleOf).toBe(2);
  });
});

interface Facts {
  readonly params: number;
  readonly layers: readonly [name: string, className: string, shape: readonly (number | null)[], params: number][];
}

describe('files that TensorFlow.js wrote', () => {
  it.each(['mixed', 'sequential'])('%s: every layer has the shape and the parameters that tfjs-layers says', (name) => {
    const read = (file: string): string => readFileSync(`fixtures/tfjs/${file}.json`, 'utf8');
    const facts = JSON.parse(read(`${name}.facts`)) as Facts;
    const model = readTfjs(read(name), name);
    const counted = profile(graphOf(model));
    expect(counted.totals.params + statisticsIn(counted) - twice(name)).toBe(facts.params);
    for (const [layer, className, shape, params] of facts.layers) {
      const own = counted.layers.filter((one) => one.name === layer || one.name.startsWith(`${layer}.`));
      if (own.length === 0) {
        expect(['InputLayer', 'Dropout']).toContain(className);
        continue;
      }
      const [, ...sides] = shape;
      const ours = sides.length === 3 ? [1, sides[2], sides[0], sides[1]] : [1, ...sides];
      expect([layer, own.at(-1)!.outShape]).toEqual([layer, ours]);
      const learnt = own.reduce((sum, one) => sum + one.params, 0);
      const statistics = own.filter(({ op }) => op === 'batchNorm').length * 2 * own.at(-1)!.outShape[1]!;
      expect([layer, learnt + statistics]).toEqual([layer, params]);
    }
  });
});

/** A batch norm that is called twice has its statistics once. */
const twice = (name: string): number => (name === 'mixed' ? 2 * 6 : 0);

/** A model of one layer on a small image. */
const one = (className: string, config = {}, shape: readonly (number | null)[] = [null, 9, 7, 4]): Profile => {
  const net = new KerasNet('one', shape);
  net.add(className, 'layer', 'input_1', config);
  return profileOf(net.keras3());
};

describe('a layer', () => {
  it.each([
    ['Conv2D', { filters: 5, kernel_size: 3, strides: 2, padding: 'same' }, [1, 5, 5, 4]],
    ['Conv2D', { filters: 6, kernel_size: 3, dilation_rate: 2, groups: 2 }, [1, 6, 5, 3]],
    ['Conv2DTranspose', { filters: 3, kernel_size: 2, strides: 3 }, [1, 3, 27, 21]],
    ['Conv2DTranspose', { filters: 3, kernel_size: 5, strides: 2 }, [1, 3, 21, 17]],
    ['Conv2DTranspose', { filters: 3, kernel_size: 3, strides: 2, padding: 'same' }, [1, 3, 18, 14]],
    ['Conv2DTranspose', { filters: 3, kernel_size: 3, strides: 2, padding: 'same', output_padding: 0 }, [1, 3, 17, 13]],
    ['AveragePooling2D', { pool_size: 2, padding: 'same' }, [1, 4, 5, 4]],
    ['GlobalMaxPooling2D', {}, [1, 4]],
    ['GlobalAveragePooling2D', { keepdims: true }, [1, 4, 1, 1]],
    ['Dense', { units: 6 }, [1, 6, 9, 7]],
    ['LayerNormalization', { axis: -1 }, [1, 4, 9, 7]],
    ['GroupNormalization', { groups: 2 }, [1, 4, 9, 7]],
    ['Rescaling', { scale: 1 / 255 }, [1, 4, 9, 7]],
    ['PReLU', { shared_axes: [1, 2] }, [1, 4, 9, 7]],
    ['Resizing', { height: 3, width: 5 }, [1, 4, 3, 5]],
    ['Reshape', { target_shape: [7, 9, -1] }, [1, 4, 7, 9]],
    ['Reshape', { target_shape: [-1, 4] }, [1, 63, 4]],
    ['Permute', { dims: [3, 1, 2] }, [1, 7, 4, 9]],
    ['Activation', { activation: { class_name: 'function', config: 'silu' } }, [1, 4, 9, 7]],
    ['ReLU', { max_value: 20 }, [1, 4, 9, 7]],
  ])('%s with %j makes %j', (className, config, shape) => {
    expect(one(className, config).layers.at(-1)!.outShape).toEqual(shape);
  });

  it('normalises with a scale, a shift, both or none', () => {
    const params = (config: object): number => one('BatchNormalization', config).totals.params;
    expect([{}, { scale: false }, { center: false }, { scale: false, center: false }].map(params)).toEqual([
      8, 4, 4, 0,
    ]);
  });

  it('keeps the order of a model with channels first', () => {
    const given = { filters: 5, kernel_size: 3, data_format: 'channels_first' };
    expect(one('Conv2D', given, [null, 4, 9, 7]).layers[0]!.outShape).toEqual([1, 5, 7, 5]);
  });

  it('may be an operation on a number', () => {
    const net = new KerasNet('op', [null, 4, 4, 3]);
    net.add('Multiply', 'multiply', net.add('Add', 'add', 'input_1'));
    const data = JSON.parse(JSON.stringify(net.keras3())) as {
      config: { layers: { inbound_nodes: { args: unknown[] }[] }[] };
    };
    for (const { inbound_nodes: nodes } of data.config.layers.slice(1)) nodes[0]!.args.push(0.5);
    expect(profileOf(data).layers.map(({ op, params }) => [op, params])).toEqual([
      ['shiftBy', 0],
      ['scaleBy', 0],
    ]);
  });

  it('may be a function of TensorFlow', () => {
    const net = new KerasNet('op', [null, 4, 4, 3]);
    net.add('TFOpLambda', 'tf.nn.relu6', net.add('TFOpLambda', 'add', 'input_1', { function: '__operators__.add' }), {
      function: 'nn.relu6',
    });
    const data = net.keras2() as { config: { layers: { inbound_nodes: unknown[][][] }[] } };
    data.config.layers[1]!.inbound_nodes[0]![0]![3] = { y: 3, name: null };
    expect(profileOf(data).layers.map(({ op }) => op)).toEqual(['shiftBy', 'relu6']);
  });
});

describe('what is wrong', () => {
  const net = (): KerasNet => new KerasNet('net', [null, 8, 8, 3]);
  const refusal = (data: unknown): string => {
    try {
      profileOf(data);
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return 'nothing';
  };

  it('lists all unknown layers at once', () => {
    const model = net();
    let x = model.add('Lambda', 'my_lambda', 'input_1');
    x = model.add('Lambda', 'other', x);
    x = model.add('Activation', 'act', x, { activation: 'mystery' });
    model.add('Enigma', 'enigma', x);
    expect(refusal(model.keras2())).toBe(
      'model.json: flopscope does not know Lambda (2x, first layer "my_lambda"), Activation with activation mystery (1x, first layer "act"), Enigma (1x, first layer "enigma")',
    );
  });

  it.each([
    [
      'a circle',
      () => {
        const model = net();
        model.add('ReLU', 'a', 'b');
        model.add('ReLU', 'b', 'a');
        return model.keras2();
      },
      /^model\.json: layer "a" \(ReLU\) waits for its own output: the graph has a cycle$/,
    ],
    [
      'a missing layer',
      () => {
        const model = net();
        model.add('ReLU', 'a', 'gone');
        return model.keras3();
      },
      /^model\.json: layer "a" takes its input from call 0 of "gone", which is not there$/,
    ],
    [
      'a missing setting',
      () => {
        const model = net();
        model.add('Conv2D', 'a', 'input_1', { kernel_size: 3 });
        return model.keras3();
      },
      /^model\.json: layer "a" \(Conv2D\): filters must be a positive whole number, not nothing$/,
    ],
    [
      'a kernel larger than the image',
      () => {
        const model = net();
        model.add('Conv2D', 'a', 'input_1', { filters: 2, kernel_size: 9 });
        return model.keras3();
      },
      /^model\.json: layer "a" \(Conv2D\): a window of kernel 9.* does not fit/,
    ],
    [
      'two of one name',
      () => {
        const model = net();
        model.add('ReLU', 'a', 'input_1');
        model.add('ReLU', 'a', 'input_1');
        return model.keras3();
      },
      /^model\.json: two of its layers have the name "a"$/,
    ],
    [
      'no topology',
      () => ({ modelTopology: { class_name: 'Bert', config: {} } }),
      /its class_name is "Bert", and Sequential and Functional models are read: /,
    ],
    [
      'models 1,000 deep',
      () => {
        let data: object = net().keras2();
        for (let i = 0; i < 1000; i++) data = { class_name: 'Sequential', config: { name: `m${i}`, layers: [data] } };
        return data;
      },
      /^model\.json: models stand inside models more than 32 deep$/,
    ],
    [
      'no shape',
      () => ({ class_name: 'Sequential', config: { layers: [{ class_name: 'ReLU', config: {} }] } }),
      /its input "[^"]*" states no shape: save the model again$/,
    ],
  ])('%s is said in one sentence', (_, data, message) => {
    expect(refusal(data())).toMatch(message);
  });

  it('of a chain of 20,000 layers is nothing', () => {
    const model = net();
    let x = 'input_1';
    for (let i = 0; i < 20_000; i++) x = model.add('ReLU', `r${i}`, x);
    expect(profileOf(model.keras2()).layers).toHaveLength(20_000);
  });
});

it('is refused where no layer computes anything', () => {
  const net = new KerasNet('bare', [null, 8, 8, 3]);
  expect(() => profileOf(net.keras2())).toThrow('model.json: nothing of it can be counted');
  net.add('Dropout', 'd', 'input_1', { rate: 0.5 });
  expect(() => profileOf(net.keras3())).toThrow('model.json: nothing of it can be counted');
});
