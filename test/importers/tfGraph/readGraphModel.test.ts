// Is a graph model read as TensorFlow.js runs it? Every node has the shape that tfjs-converter computed, and every weight is counted once.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { weightFilesOf } from '../tfjs/weightFiles.js';
import { closedForm } from '../../../src/formula/closedForm.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf, type Model } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { readTfjs } from '../../../src/importers/tfjs/readTfjs.js';

const FILE = 'fixtures/tfjs/graph.json';
const text = readFileSync(FILE, 'utf8');

interface NodeData {
  name: string;
  op: string;
  input?: string[];
  attr: Record<string, unknown>;
}
interface FileData {
  signature?: unknown;
  modelTopology: { node: NodeData[] };
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}

const PREFIX = 'StatefulPartitionedCall/net/';

const read = (change: (data: FileData) => void = () => undefined, files = weightFilesOf(FILE)): Model => {
  const data = JSON.parse(text) as FileData;
  change(data);
  return readTfjs(JSON.stringify(data), FILE, files);
};

describe('a graph model', () => {
  it('has the shapes that tfjs-converter computes', () => {
    const { batch, shapes } = JSON.parse(readFileSync('fixtures/tfjs/graph.facts.json', 'utf8')) as {
      batch: number;
      shapes: [string, number[]][];
    };
    const facts = new Map(shapes.map(([name, shape]) => [name.replace(PREFIX, ''), shape]));
    const graph = graphOf(read(), batch);
    for (const { name, shape } of graph.nodes) {
      const [n, h, w, c] = facts.get(name.replace(/\.relu6?$/, '')) ?? [];
      expect([name, shape]).toEqual([name, c === undefined ? [n, h].filter(Boolean) : [n, c, h, w]]);
    }
    // Constants, shapes and biases that go into the layer before become no node.
    const missing = [...facts.keys()].filter((name) => !graph.nodes.some((node) => node.name === name));
    expect(missing.sort()).toEqual([
      'Identity',
      'conv2_block2_1_conv/BiasAdd',
      'conv2_block2_dw/bias',
      'flat/Pack',
      'flat/Shape',
      'flat/strided_slice',
      'head/BiasAdd',
    ]);
  });

  it('counts every weight once, but statistics and single numbers', () => {
    const { weightsManifest } = JSON.parse(text) as FileData;
    const learnt = weightsManifest[0]!.weights.filter(
      ({ name, shape, dtype }) => dtype === 'float32' && shape.length > 0 && !/bn\/[mv]$/.test(name),
    );
    const elements = learnt.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(profile(graphOf(read())).totals.params).toBe(elements);
  });

  it('counts the same where what is not known may be left out', () => {
    const less = readTfjs(text, FILE, weightFilesOf(FILE), { allowUnknown: true });
    expect(profile(graphOf(less)).totals).toEqual(profile(graphOf(read())).totals);
  });

  it('has stages and blocks from the names of Keras, and an open batch', () => {
    const { layers } = profile(graphOf(read()));
    const of = (name: string): unknown =>
      layers.filter((layer) => layer.name === name).map(({ stage, block }) => [stage, block]);
    expect(of('conv2_block2_add/add')).toEqual([['conv2', 'conv2_block2']]);
    const { counts } = closedForm({ ...read(), build: (shape) => read().build([shape[0]!, 3, 33, 29]) });
    expect(counts.params).toBe(profile(graphOf(read())).totals.params);
  });

  it('without its files says which one it needs, and for what', () => {
    expect(() => graphOf(read(undefined, () => undefined))).toThrow(
      `${FILE}: node "${PREFIX}conv2_block1_pad/Pad" (Pad): its paddings are not in the file: put "graph.bin" beside the model`,
    );
  });

  it('takes numbers that stand in the file itself', () => {
    const inside = read(
      (data) => {
        for (const node of data.modelTopology.node) {
          if (node.name !== `${PREFIX}pad`) continue;
          const value = { dtype: 'DT_INT32', tensorShape: { dim: [{ size: '4' }, { size: '2' }] } };
          node.attr['value'] = { tensor: { ...value, intVal: [0, 0, 0, 1, 2, 1, 0, 0] } };
        }
      },
      (paths, offset, length) => (length === 32 ? undefined : weightFilesOf(FILE)(paths, offset, length)),
    );
    expect(graphOf(inside)).toEqual(graphOf(read()));
  });

  it('shares the parameters of nodes that read the same weights', () => {
    const shared = read((data) => {
      const again = data.modelTopology.node.find(({ op }) => op === '_FusedMatMul')!;
      const [, weight, bias] = again.input!;
      data.modelTopology.node.push({ ...again, name: 'again', input: [`${PREFIX}flat/Reshape`, weight!, bias!] });
      delete data.signature;
    });
    const { totals } = profile(graphOf(shared));
    const before = profile(graphOf(read())).totals;
    expect([totals.params, totals.multAdds - before.multAdds]).toEqual([before.params, 8 * 8 * 32 * 4]);
  });
});

describe('what is wrong', () => {
  const refusal = (change: (data: FileData) => void): string => {
    try {
      graphOf(read(change));
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return 'nothing';
  };
  const at = (data: FileData, name: string): NodeData =>
    data.modelTopology.node.find((node) => node.name === PREFIX + name)!;

  it.each<[string, (data: FileData) => void, RegExp]>([
    [
      'all unknown ops at once',
      (data) => {
        at(data, 'hard/mul').op = 'MysteryV2';
        at(data, 'up/resize').op = 'Enigma';
        at(data, 'head/Softmax').op = 'MysteryV2';
      },
      /flopscope does not know MysteryV2 \(2x, first node "StatefulPartitionedCall\/net\/hard\/mul"\), Enigma \(1x, first/,
    ],
    [
      'a circle',
      (data) => (at(data, 'conv2_block1_pad/Pad').input![0] = `${PREFIX}cat/concat`),
      /waits for its own output: the graph has a cycle$/,
    ],
    [
      'a missing node',
      (data) => (at(data, 'hard/mul').input![0] = 'gone'),
      /node ".*hard\/mul" takes its input from "gone", which is not there$/,
    ],
    [
      'a filter that does not fit',
      (data) => (data.weightsManifest[0]!.weights[0]!.shape[2] = 2),
      /Relu" \(_FusedConv2D\): its filter sees 2 of 3 channels$/,
    ],
    [
      'a constant without a shape',
      (data) => {
        at(data, 'fc/w').attr = {};
        data.weightsManifest[0]!.weights = data.weightsManifest[0]!.weights.filter(
          ({ name }) => !name.endsWith('fc/w'),
        );
      },
      /the constant ".*fc\/w" has no shape, and no weight has its name$/,
    ],
    [
      'another order',
      (data) => (at(data, 'pool/MaxPool').attr['data_format'] = { s: 'TkNIVw==' }),
      /MaxPool" \(MaxPool\): its data_format is "NCHW", and that of the graph is NHWC$/,
    ],
    ['no nodes', (data) => (data.modelTopology.node = []), /its graph has no nodes$/],
  ])('%s is said in one sentence', (_, change, message) => {
    expect(refusal(change)).toMatch(message);
    expect(refusal(change)).not.toContain('\n');
  });

  it('reads no file outside of the folder of the model', () => {
    const reader = weightFilesOf(FILE);
    expect(reader(['graph.bin'], 0, 4)).toHaveLength(4);
    for (const path of ['../../package.json', '/etc/passwd', 'C:\\x', 'missing.bin'])
      expect(reader([path], 0, 4)).toBeUndefined();
    expect(reader(['graph.bin', 'graph.bin'], 38_734, 4)).toHaveLength(4);
    expect(reader(['graph.bin'], 38_734, 4)).toBeUndefined();
  });
});

describe('functions of a graph model', () => {
  const text = (value: string): unknown => ({ s: Buffer.from(value).toString('base64') });
  const ones = { list: { i: ['1', '1', '1', '1'] } };
  const placeholder = (name: string): NodeData => ({
    ...{ name, op: 'Placeholder' },
    attr: { shape: { shape: { dim: [1, 8, 8, 3].map((size) => ({ size: String(size) })) } } },
  });
  const weight: NodeData = {
    ...{ name: 'body/w', op: 'Const' },
    attr: { value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } },
  };
  const conv: NodeData = {
    ...{ name: 'conv', op: 'Conv2D', input: ['x', 'body/w:output:0'] },
    attr: { strides: ones, dilations: ones, padding: text('SAME'), data_format: text('NHWC') },
  };
  const call = (name: string, input: string): NodeData => ({
    ...{ name, op: 'PartitionedCall', input: [input] },
    attr: { f: { func: { name: 'body' } } },
  });
  const file = (change: object = {}): string =>
    JSON.stringify({
      modelTopology: {
        node: [placeholder('image'), call('first', 'image'), call('second', 'first')],
        library: {
          function: [
            {
              signature: { name: 'body', inputArg: [{ name: 'x' }], outputArg: [{ name: 'y' }] },
              nodeDef: [weight, conv],
              ret: { y: 'conv:output:0' },
              ...change,
            },
          ],
        },
      },
      weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'body/w', shape: [3, 3, 3, 3], dtype: 'float32' }] }],
    });

  it('run where they are called, and a weight of theirs is one', () => {
    const { multAdds, params } = profile(graphOf(readTfjs(file(), 'model.json'))).totals;
    expect({ multAdds, params }).toEqual({ multAdds: 2 * 8 * 8 * 81, params: 81 });
  });

  it('without a name are refused', () => {
    expect(() => readTfjs(file({ signature: {} }), 'model.json')).toThrow('one of its functions has the name nothing');
  });
});
