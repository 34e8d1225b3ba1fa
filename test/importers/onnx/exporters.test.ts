// PyTorch has two exporters. A network has the same stages and blocks in the files of both, so that a diff moves no cost.

import { expect, it } from 'vitest';
import { diff } from '../../../src/diff/diff.js';
import { movedBy } from '../../../src/diff/groups.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { modelOf, type Small } from './small.js';

const weights = {
  'stem.weight': [4, 3, 3, 3],
  'layer1.0.conv1.weight': [4, 4, 3, 3],
  'layer1.1.conv1.weight': [4, 4, 1, 1],
};
const pads = { pads: [1, 1, 1, 1] };

/** As TorchScript's exporter names nodes: by the path of the module, and the op. */
const torchScript: Small = {
  weights,
  nodes: [
    ['Conv', 'x stem.weight', 'a', pads],
    ['Relu', 'a', 'b'],
    ['Conv', 'b layer1.0.conv1.weight', 'c', pads],
    ['Add', 'c b', 'd'],
    ['Conv', 'd layer1.1.conv1.weight', 'e'],
    ['Relu', 'e', 'f'],
  ],
  names: {
    a: '/stem/Conv',
    b: '/act/Relu',
    c: '/layer1/layer1.0/conv1/Conv',
    d: '/layer1/layer1.0/Add',
    e: '/layer1/layer1.1/conv1/Conv',
    f: '/layer1/layer1.1/act/Relu',
  },
};

/** As the dynamo exporter does: flat names, and the modules in the metadata. */
const dynamo: Small = {
  ...torchScript,
  names: { a: 'node_conv2d', b: 'node_relu', c: 'node_conv2d_1', d: 'node_add', e: 'node_conv2d_2', f: 'node_relu_1' },
  scopes: {
    a: ['', 'stem', 'conv2d'],
    b: ['', 'act', 'relu'],
    c: ['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d_1'],
    d: ['', 'layer1', 'layer1.0', 'add'],
    e: ['', 'layer1', 'layer1.1', 'layer1.1.conv1', 'conv2d_2'],
    f: ['', 'layer1', 'layer1.1', 'layer1.1.act', 'relu_1'],
  },
};

it('both files have the same stages and blocks', () => {
  const [one, two] = [torchScript, dynamo].map((small) => profile(graphOf(modelOf(small))));
  const places = [one!, two!].map(({ layers }) => layers.map(({ stage, block }) => [stage, block]));
  expect(places[0]).toEqual(places[1]);
  expect(places[0]!.at(-1)).toEqual(['layer1', 'layer1.1']);
  const matched = diff(one!, two!);
  for (const by of ['stage', 'block'] as const)
    for (const { before, after } of movedBy(matched.rows, by)) expect(after).toEqual(before);
});
