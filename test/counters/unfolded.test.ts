// Do counters say of a folded export what they printed for the network before? Every folded file whose network is in fixtures/golden/models.csv.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { originOf } from '../../src/counters/likely.js';
import { reconcile, type Counting } from '../../src/counters/reconcile.js';
import { unfolded } from '../../src/counters/unfolded.js';
import { readOnnx } from '../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../src/importers/modelFile.js';
import { graphFromJson } from '../../src/importers/graphJson/readGraph.js';
import { graphToJson } from '../../src/exporters/json/graphJson.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { modelOf } from '../importers/onnx/small.js';

const onnx = (file: string) => readOnnx(bytesSource(readFileSync(`fixtures/golden/onnx/${file}.onnx`)), `${file}.onnx`);

const [header = '', ...lines] = readFileSync('fixtures/golden/models.csv', 'utf8').trim().split(/\r?\n/);
const goldenOf = (model: string): Readonly<Record<string, number>> => {
  const cells = lines.map((line) => line.split(',')).find((row) => row[0] === model && row[1]!.endsWith('224x224'))!;
  return Object.fromEntries(header.split(',').map((column, i) => [column, Number(cells[i])]));
};
const totalOf = ({ counters }: Counting, name: string) => counters.find(({ counter }) => counter === name)?.total;

/** What depends on ops alone; the others see how the code calls them too, which a file does not say. */
const TRACED = { fvcore: 'fvcore', torch_flop_counter: 'torch', mult_adds: 'paper', activations: 'timm-macts' };
const ALL = {
  ...TRACED,
  ptflops_pytorch: 'ptflops',
  ptflops_aten: 'ptflops-aten',
  thop: 'thop',
  torchinfo: 'torchinfo',
};

describe('a folded export with its norms back counts as the network that was exported', () => {
  test.each([
    ['resnet50.op17.folded.ext', 'resnet50', 53, ALL],
    ['mobilenet_v2.op17.folded.ext', 'mobilenet_v2', 52, TRACED],
    ['mobilenet_v2.op17.folded.dynhw.ext', 'mobilenet_v2', 52, TRACED],
    ['vovnet39a.op13.folded.ext', 'vovnet39', 39, TRACED],
    // Its adaptive pool changes nothing at this size, and is not in the file: fvcore counts its input all the same.
    ['vgg16_bn.op13.folded.ext', 'vgg16_bn', 13, { mult_adds: 'paper', torch_flop_counter: 'torch' }],
  ])('%s is %s', (file, model, convolutions, columns) => {
    const result = reconcile(onnx(file));
    const golden = goldenOf(model);
    expect(result.unfolded).toMatchObject({ evidence: 'named', convolutions });
    expect(Object.entries(columns).map(([column, name]) => [column, totalOf(result.unfolded!, name)])).toEqual(
      Object.keys(columns).map((column) => [column, golden[column]]),
    );
    expect(totalOf(result, 'fvcore')).toBeLessThan(totalOf(result.unfolded!, 'fvcore')!);
  });

  test('params too, where no convolution had a bias beside its norm', () => {
    for (const [file, model] of [
      ['resnet50.op17.folded.ext', 'resnet50'],
      ['mobilenet_v2.op17.folded.ext', 'mobilenet_v2'],
    ] as const)
      expect(reconcile(onnx(file)).unfolded?.params).toBe(goldenOf(model)['params']);
  });

  test('squeeze-and-excitation keeps the biases that are its own', () => {
    const { nodes, folding } = graphOf(onnx('efficientnet_b0.op17.folded.ext'));
    const biased = nodes.filter(({ op, attributes }) => op === 'conv' && attributes['bias'] === true);
    expect(biased).toHaveLength(81);
    expect(folding).toMatchObject({ evidence: 'named', convolutions: { length: 49 } });
  });
});

describe('--given of a folded export', () => {
  const [first, ...rest] = originOf('4.11G', onnx('resnet50.op17.folded.ext')).candidates;

  test('finds what a tool printed for the network before, and says so', () => {
    expect(first).toMatchObject({
      who: ['fvcore', 'timm gmacs', 'mmengine'],
      count: 4_111_512_576,
      unfolded: { convolutions: 53, evidence: 'named' },
    });
    expect(first!.sentence).toContain('with the 53 batch norms back that the exporter folded into its convolutions');
    expect(rest.filter(({ count }) => count === first!.count)).toEqual([]);
  });

  test('takes the network as it is where that fits, and names a counter once', () => {
    const [paper] = originOf('4.09G', onnx('resnet50.op17.folded.ext')).candidates;
    expect(paper).toMatchObject({ count: 4_089_184_256, unfolded: null });
  });

  test('tries a norm in place of every bias where nothing shows that there was none, and calls it an assumption', () => {
    const model = onnx('squeezenet1_1.op17.folded.ext');
    const { unfolded: before } = reconcile(model);
    expect(before).toMatchObject({ evidence: 'possible', convolutions: 26 });
    const count = totalOf(before!, 'thop')!;
    const [found] = originOf(String(count), model).candidates;
    expect(found).toMatchObject({ count, unfolded: { evidence: 'possible' } });
    expect(found!.sentence).toContain('if a batch norm was folded into each of its 26 convolutions with a bias');
  });
});

describe('what shows that norms were folded', () => {
  const net = (weight: string, bias: string) =>
    graphOf(
      modelOf({
        weights: { [weight]: [4, 3, 1, 1], [bias]: [4], 'last.weight': [2, 4, 1, 1], 'last.bias': [2] },
        nodes: [
          ['Conv', `x ${weight} ${bias}`, 'a'],
          ['Conv', 'a last.weight last.bias', 'y'],
        ],
      }),
    ).folding;

  test.each([
    ['onnx::Conv_12', 'onnx::Conv_13', 'named', 1],
    ['12', '13', 'named', 1],
    // Weight normalisation computes the weight alone.
    ['onnx::Conv_12', 'first.bias', 'possible', 2],
    ['first.weight', 'first.bias', 'possible', 2],
  ])('%s and %s: %s, %i', (weight, bias, evidence, length) => {
    expect(net(weight, bias)).toMatchObject({ evidence, convolutions: { length } });
  });

  test('nothing, where a norm is there', () => {
    expect(graphOf(onnx('resnet50.op17.bn.ext')).folding).toBeUndefined();
    expect(reconcile(onnx('resnet50.op17.bn.ext')).unfolded).toBeUndefined();
    expect(reconcile(builtIn('vgg16')).unfolded).toBeUndefined();
  });
});

test('a graph with its norms back is a graph: every node reads earlier ones, and shapes stay', () => {
  const graph = graphOf(onnx('vovnet39a.op13.folded.ext'));
  const before = unfolded(graph);
  const read = graphFromJson(JSON.parse(JSON.stringify(graphToJson(before))));
  expect(profile(read).totals).toEqual(profile(before).totals);
  expect(before.nodes).toHaveLength(graph.nodes.length + 39);
  expect(profile(before).totals.multAdds).toBe(profile(graph).totals.multAdds);
});
