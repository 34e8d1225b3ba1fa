// What is said of files that are no models, or mean harm? One sentence each, soon, and in little memory.

import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { bytesOf, type Small } from './small.js';

const real = new Uint8Array(readFileSync('fixtures/golden/onnx/squeezenet1_1.op17.folded.ext.onnx'));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

function saysOf(bytes: Uint8Array): string {
  try {
    profile(graphOf(readOnnx(bytesSource(bytes), 'net.onnx')));
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).toMatch(/^net\.onnx: [^\n]+$/);
    expect(message.length).toBeLessThan(700);
    return message;
  }
  return 'counted';
}

/** Field 7 of a model is its graph, field 1 of a graph a node. */
const graphOfNodes = (nodes: readonly Uint8Array[]): Uint8Array => {
  const graph = protobuf.Writer.create();
  for (const node of nodes) graph.uint32(10).bytes(node);
  return protobuf.Writer.create().uint32(8).int64(8).uint32(58).bytes(graph.finish()).finish();
};

/** Graphs inside attributes inside nodes, so many deep. */
function nested(depth: number): Uint8Array {
  let graph: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < depth; i++) {
    const attribute = protobuf.Writer.create().uint32(50).bytes(graph).finish();
    const node = protobuf.Writer.create().uint32(34).string('If').uint32(42).bytes(attribute).finish();
    graph = protobuf.Writer.create().uint32(10).bytes(node).finish();
  }
  return protobuf.Writer.create().uint32(58).bytes(graph).finish();
}

describe('no model', () => {
  test.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'it is empty'],
    ['a zip archive', text('PK\u0003\u0004 and more'), 'it is a zip archive and no ONNX model'],
    ['compressed', Uint8Array.from([0x1f, 0x8b, 8, 0, 0]), 'it is a gzip archive'],
    ['JSON', text('{"a": 1}'), 'it is JSON'],
    [
      'a pointer of Git LFS',
      text('version https://git-lfs.github.com/spec/v1'),
      'a Git LFS pointer, whose file was not fetched',
    ],
    ['text', text('Lorem ipsum dolor sit amet'), 'damaged or cut short'],
    ['zeros', new Uint8Array(1000), 'damaged or cut short'],
    ['protobuf of something else', Uint8Array.from([0x08, 0x01]), 'it holds no graph'],
    ['cut short', real.slice(0, 9000), 'it is damaged or cut short at byte'],
    [
      'a graph without nodes',
      protobuf.Writer.create().uint32(58).bytes(new Uint8Array(0)).finish(),
      'its graph has no nodes',
    ],
    ['if in if in if, a thousand deep', nested(1000), 'If (1x'],
    [
      'two million empty nodes',
      graphOfNodes(new Array<Uint8Array>(2_000_000).fill(new Uint8Array(0))),
      'parts, which no network has',
    ],
    [
      '300,000 nodes',
      graphOfNodes(new Array<Uint8Array>(300_000).fill(Uint8Array.from([34, 1, 65]))),
      'its graph has 300000 nodes',
    ],
    [
      'a name of a megabyte',
      graphOfNodes([
        protobuf.Writer.create()
          .uint32(26)
          .string('x'.repeat(2 ** 20))
          .finish(),
      ]),
      'a name or text of 1048576 bytes',
    ],
  ])('%s', (_, bytes, says) => {
    expect(saysOf(bytes)).toContain(says);
  });
});

describe('a model that cannot be', () => {
  const conv: Small = { weights: { w: [4, 3, 3, 3] }, nodes: [['Conv', 'x w', 'y']] };
  test.each<[string, Small, string]>([
    [
      'a second operand that is too long for its axis',
      { opset: 6, weights: { b: [8, 8] }, nodes: [['Add', 'x b', 'y', { broadcast: 1, axis: 3 }]] },
      'its second operand [8, 8] do not fit its input [1, 3, 8, 8]',
    ],
    [
      'a cycle',
      {
        nodes: [
          ['Add', 'x b', 'a'],
          ['Relu', 'a', 'b'],
        ],
      },
      'node "n_a" (Add) waits for its own output',
    ],
    [
      'an input that nothing makes',
      { nodes: [['Relu', 'z', 'y']] },
      'node "n_y" (Relu) reads "z", which nothing makes',
    ],
    [
      'an output that is made twice',
      {
        nodes: [
          ['Relu', 'x', 'y'],
          ['Relu', 'x', 'y'],
        ],
      },
      '"y", which exists already',
    ],
    [
      'an output that nothing makes',
      { nodes: [['Relu', 'x', 'y']], outputs: ['z'] },
      'nothing makes "z", which is read',
    ],
    ['no image', { inputs: {}, weights: { w: [1] }, nodes: [['Relu', 'w', 'y']] }, 'it has no input that is an image'],
    [
      'weights that do not fit',
      { ...conv, weights: { w: [4, 5, 3, 3] } },
      'node "n_y" (Conv): its weights [4, 5, 3, 3] do not fit its input [1, 3, 8, 8]',
    ],
    [
      'biases that do not fit',
      { ...conv, weights: { w: [4, 3, 3, 3], b: [5] }, nodes: [['Conv', 'x w b', 'y']] },
      'its 5 biases do not fit its 4 channels',
    ],
    [
      'groups that do not divide',
      { ...conv, weights: { w: [4, 1, 3, 3] }, nodes: [['Conv', 'x w', 'y', { group: 3 }]] },
      'the groups do not divide the output channels',
    ],
    ['an image that is too small', { ...conv, weights: { w: [4, 3, 9, 9] } }, 'does not fit in a side of 8'],
    [
      'an image of four dimensions',
      { inputs: { x: [1, 3, 4, 8, 8, 8] }, weights: { w: [4, 3, 3, 3, 3, 3] }, nodes: [['Conv', 'x w', 'y']] },
      'node "n_y" (Conv): it needs an input [N, C, L], [N, C, H, W] or [N, C, D, H, W]',
    ],
    [
      'computed weights that do not fit',
      {
        nodes: [
          ['Transpose', 'x', 'r', { perm: [0, 2, 3, 1] }],
          ['Conv', 'x r', 'y'],
        ],
      },
      'node "n_y" (Conv): the weights [1, 8, 8, 3] do not fit the [1, 3, 8, 8]',
    ],
    ['a side of -5', { ...conv, inputs: { x: [1, -5, 8, 8] } }, 'net.onnx: its input "x" has a side of -5: '],
    [
      'a side of 2^60',
      { ...conv, inputs: { x: [1, 3, 2 ** 60, 8] } },
      'net.onnx: its input "x" has a side of more than 2^53: ',
    ],
    [
      'sides whose product passes 2^53',
      { ...conv, inputs: { x: [2 ** 20, 3, 2 ** 20, 2 ** 20] } },
      'net.onnx: input "x": a count passes 2^53',
    ],
    [
      'layers that only together pass 2^53',
      {
        inputs: { x: [1, 3, 18_000_000, 18_000_000] },
        weights: { w: [4, 3, 1, 1], v: [3, 4, 1, 1] },
        nodes: [
          ['Conv', 'x w', 'a'],
          ['Conv', 'a v', 'y'],
        ],
      },
      'net.onnx: node "n_y" (conv), added to those before it: a count passes 2^53',
    ],
    [
      'another reshape',
      { ints: { s: [5, -1] }, nodes: [['Reshape', 'x s', 'y']] },
      'does not have the elements of [5, -1]',
    ],
    [
      'sides that the network computes',
      {
        nodes: [
          ['Relu', 'x', 's'],
          ['Reshape', 'x s', 'y'],
        ],
      },
      'its sides are computed from the image',
    ],
    [
      'a slice in steps of 0',
      { ints: { a: [0], b: [4], c: [2], d: [0] }, nodes: [['Slice', 'x a b c d', 'y']] },
      'in steps of 0',
    ],
    ['a node without its inputs', { nodes: [['Conv', 'x', 'y']] }, 'node "n_y" (Conv): its input 1 is missing'],
    [
      'shapes that do not broadcast',
      {
        inputs: { x: [1, 3, 8, 8] },
        nodes: [
          ['Transpose', 'x', 't', { perm: [0, 2, 1, 3] }],
          ['Add', 'x t', 'y'],
        ],
      },
      'do not fit together',
    ],
    [
      'a constant of a billion',
      {
        ints: { n: [2 ** 30] },
        nodes: [
          ['ConstantOfShape', 'n', 'c'],
          ['Reshape', 'x c', 'y'],
        ],
      },
      'its sides are not in the file',
    ],
  ])('%s', (_, small, says) => {
    expect(saysOf(bytesOf(small))).toContain(says);
  });
});
