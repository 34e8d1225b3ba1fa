// Is a figure's origin found? Figures that tools, papers and people print, and figures that nobody does.

import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { readFigures } from '../../src/counters/figure.js';
import { originAmong, originOf, type FigureOrigin } from '../../src/counters/likely.js';
import { interpretations } from '../../src/counters/interpretation.js';
import { reconcile } from '../../src/counters/reconcile.js';

const origin = (given: string, model: string): FigureOrigin => originOf(given, builtIn(model));
const first = (given: string, model: string): FigureOrigin['candidates'][number] => origin(given, model).candidates[0]!;

describe('the likeliest origin', () => {
  test.each([
    ['2.87G', 'densenet121', ['fvcore', 'timm gmacs', 'mmengine'], 2_865_546_752],
    ['2.87', 'densenet121', ['fvcore', 'timm gmacs', 'mmengine'], 2_865_546_752],
    ['2.834', 'densenet121', ['paper', 'torchvision _ops', 'DeepSpeed MACs'], 2_834_161_664],
    ['2.897G', 'densenet121', ['thop'], 2_897_007_104],
    ['2.9 GMac', 'densenet121', ['ptflops pytorch'], 2_899_843_048],
    ['5.72 G', 'densenet121', ['DeepSpeed flops'], 5_716_881_152],
    ['5668.323M', 'densenet121', ['torch flop_counter', 'Darknet BFLOPs'], 5_668_323_328],
    ['4089184256', 'resnet50', ['paper', 'torchvision _ops', 'DeepSpeed MACs'], 4_089_184_256],
    ['25.6M', 'resnet50', ['params'], 25_557_032],
    ['25557032', 'resnet50', ['params'], 25_557_032],
    ['11.11', 'resnet50', ['timm macts'], 11_114_984],
    ['8.21 GFLOPs', 'resnet50', ['DeepSpeed flops'], 8_211_108_352],
  ])('%s for %s is of %j', (given, model, who, count) => {
    expect(first(given, model)).toMatchObject({ who, count, factor: 1, images: 1, input: [3, 224, 224] });
  });

  test('a doubled count: 8.22 GFLOPs for resnet50 is twice what fvcore says', () => {
    expect(first('8.22 GFLOPs', 'resnet50')).toMatchObject({
      who: ['fvcore', 'timm gmacs', 'mmengine'],
      factor: 2,
      images: 1,
    });
  });

  test('another input: timm has darknet53 at 288', () => {
    expect(first('11.78G', 'darknet53')).toMatchObject({
      who: ['fvcore', 'timm gmacs', 'mmengine'],
      input: [3, 288, 288],
    });
    expect(first('11.78G', 'darknet53').sentence).toBe(
      'fvcore, timm gmacs and mmengine, printed by timm gmacs as "11.78", at 3x288x288 and not 3x224x224',
    );
  });

  test('a batch: 32.9 G for resnet50 is fvcore on 8 images', () => {
    expect(first('32.9 G', 'resnet50')).toMatchObject({ who: ['fvcore'], images: 8 });
  });

  test('cut digits: the paper of MobileNetV2 prints 300M', () => {
    const { sentence, count } = first('300M', 'mobilenet_v2');
    expect(count).toBe(300_774_272);
    expect(sentence).toContain('its last digit cut rather than rounded');
  });

  test('a word rules out other quantities: 11.1M params is no count of activations', () => {
    expect(origin('11.1M', 'resnet50').candidates).toHaveLength(1);
    expect(origin('11.1M params', 'resnet50').candidates).toEqual([]);
    expect(origin('8.18 GMACs', 'resnet50').candidates.flatMap(({ who }) => who)).not.toContain('torch flop_counter');
  });

  test('--input is where it looks first', () => {
    const { candidates } = originOf('5.34G', builtIn('resnet50'), [3, 256, 256]);
    expect(candidates[0]).toMatchObject({ input: [3, 256, 256], tied: true });
    expect(candidates[0]!.sentence).not.toContain('and not');
  });
});

test('two digits leave ties, at most five candidates are named, and the rest is counted', () => {
  const { candidates, others } = origin('4.1 GFLOPs', 'resnet50');
  expect(candidates.map(({ tied }) => tied)).toEqual([true, true, true, true, true]);
  expect(others).toBeGreaterThan(0);
});

test.each([
  ['3.7G', 'resnet50', 'paper', 4_089_184_256],
  ['20M params', 'resnet50', 'params', 25_557_032],
  ['77.7T', 'resnet50', 'DeepSpeed flops', 8_211_108_352],
])('%s for %s fits nothing: the nearest is %s', (given, model, who, count) => {
  expect(origin(given, model)).toMatchObject({ candidates: [], others: 0, nearest: { who, count } });
});

/** Models with all kinds of implementations and sizes. */
const MODELS = [
  'densenet121',
  'ese_vovnet39b',
  'V-19-slim-dw-eSE',
  'vovnet27_slim',
  'mobilenet_v2',
  'resnet20',
  'vgg16',
];

test.each(MODELS)('%s: what each counter prints leads back to it, alone or tied with others', (name) => {
  const model = builtIn(name);
  const all = [...interpretations(model, model.input)];
  for (const { title, printed } of reconcile(model).counters) {
    const given = printed.replace(/^mult-adds \((.)\): (.*)$/, '$2$1');
    const unit = title === 'timm macts' ? 'M' : /^[\d.]+$/.test(given) ? 'G' : '';
    const { candidates, others } = originAmong(readFigures(given + unit), all, model.input);
    const tied = candidates.filter((candidate) => candidate.tied);
    const found = tied.some(({ who }) => who.includes(title)) || (tied.length === 5 && others > 0);
    expect({ title, printed, found }).toMatchObject({ found: true });
  }
});
