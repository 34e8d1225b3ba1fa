// Does each counter's total equal what the counter itself printed? Every column of fixtures/golden/models.csv, and totals published elsewhere.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { reconcile, type Counted, type Reconciliation } from '../../src/counters/reconcile.js';
import { groupBy, profile } from '../../src/profile.js';

/** Column of the golden file -> counter. */
const COLUMNS = {
  fvcore: 'fvcore',
  torch_flop_counter: 'torch',
  ptflops_pytorch: 'ptflops',
  ptflops_aten: 'ptflops-aten',
  thop: 'thop',
  torchinfo: 'torchinfo',
  mult_adds: 'deepspeed-macs',
  activations: 'timm-macts',
} as const;

const [header = '', ...lines] = readFileSync(new URL('../../fixtures/golden/models.csv', import.meta.url), 'utf8')
  .trim()
  .split(/\r?\n/);
const rows = lines.map((line) => {
  const cells = line.split(',');
  return Object.fromEntries(header.split(',').map((column, i) => [column, cells[i] ?? '']));
});

const of = ({ counters }: Reconciliation, name: string): Counted => counters.find(({ counter }) => counter === name)!;
const at = (model: string, h = 224, w = h): Reconciliation => reconcile(builtIn(model), 1, [3, h, w]);

describe('totals equal what the counters printed', () => {
  test('there are 20 rows, and every column of a counter is one that is tested', () => {
    expect(rows).toHaveLength(20);
    expect(header.split(',').slice(-6)).toEqual(Object.keys(COLUMNS).slice(0, 6));
  });

  for (const row of rows)
    test(`${row['model']!} at ${row['input']!}`, () => {
      const [, , h, w] = row['input']!.split('x').map(Number);
      const result = at(row['model']!, h, w);
      const totals = Object.fromEntries(
        Object.entries(COLUMNS).map(([column, name]) => [column, of(result, name).total]),
      );
      expect(totals).toEqual(Object.fromEntries(Object.keys(COLUMNS).map((column) => [column, Number(row[column])])));
    });
});

describe('DeepSpeed flops', () => {
  test('densenet121: 5,716,881,152, run with its own profiler', () => {
    expect(of(at('densenet121'), 'deepspeed').total).toBe(5_716_881_152);
  });

  /** Its run agrees with this on all networks of plain modules: 2 per multiply-add, conv biases, 2 per norm element, ReLUs, pool inputs. */
  const PLAIN = ['resnet18', 'resnet50', 'resnext50_32x4d', 'wide_resnet50_2', 'vgg16', 'vgg16_bn', 'squeezenet1_1'];
  test.each(PLAIN)(
    '%s: twice the multiply-adds, biases of convolutions, norms, ReLUs and the inputs of pools',
    (name) => {
      const { layers, totals } = profile(builtIn(name).build([1, 3, 224, 224]));
      const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
      const sum = (op: RegExp, pick: (layer: (typeof layers)[number]) => number): number =>
        layers.filter((layer) => op.test(layer.op)).reduce((all, layer) => all + pick(layer), 0);
      const expected =
        2 * totals.multAdds +
        sum(/^conv$/, (layer) => (layer.bias ? size(layer.outShape) : 0)) +
        2 * sum(/^batchNorm$/, (layer) => size(layer.outShape)) +
        sum(/^relu$/, (layer) => size(layer.outShape)) +
        sum(/Pool$/, (layer) => size(layer.inShape));
      expect(of(at(name), 'deepspeed').total).toBe(expected);
      expect(groupBy(layers, 'op').length).toBeGreaterThan(3);
    },
  );
});

/** timm's benchmark table: gmacs and macts. */
test.each([
  ['densenet121', 224, '2.87', '6.90'],
  ['resnet50', 224, '4.11', '11.11'],
  ['vovnet39', 224, '7.09', '6.73'],
  ['ese_vovnet99b', 224, '16.51', '11.27'],
  ['darknet53', 288, '11.78', '15.68'],
  ['seresnet50', 224, '4.11', '11.13'],
])('timm publishes %s at %i as %s gmacs and %s macts', (model, side, gmacs, macts) => {
  const result = at(model, side);
  expect([of(result, 'timm').printed, of(result, 'timm-macts').printed]).toEqual([gmacs, macts]);
});

/** `_ops` of torchvision's weights. */
test.each([
  ['resnet50', '4.089'],
  ['densenet161', '7.728'],
  ['vgg16', '15.470'],
  ['mobilenet_v2', '0.301'],
  ['shufflenet_v2_x0_5', '0.040'],
  ['squeezenet1_1', '0.349'],
])('torchvision publishes %s with _ops of %s', (model, ops) => {
  expect(of(at(model), 'torchvision').printed).toBe(ops);
});

test("ptflops' README has resnet18 at 1.83 GMac", () => {
  expect(of(at('resnet18'), 'ptflops').printed).toBe('1.83 GMac');
});
