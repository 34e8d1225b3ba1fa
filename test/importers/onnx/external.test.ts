// Are whole numbers that say a shape read from the file beside a model, and is a missing file named?

import { describe, expect, test } from 'vitest';
import { encode, type Written } from '../../../src/exporters/onnx/writeMessage.js';
import { bytesBeside } from '../../../src/importers/bytesBeside.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { graphOf } from '../../../src/model.js';
import { shapeOut } from './small.js';

/** Four whole numbers that stand behind the first eight bytes of another file. */
const stored = (location: string, type: number): Written<'Tensor'> => ({
  ...{ name: 's', dataType: type, dims: [4], dataLocation: 1 },
  externalData: [
    { key: 'location', value: location },
    { key: 'offset', value: '8' },
  ],
});

/** An image [1, 3, 8, 8], and a condition that holds. */
const graphAround = (condition?: string): Written<'Graph'> => ({
  name: 'g',
  input: [
    {
      name: 'x',
      type: { tensorType: { elemType: 1, shape: { dim: [1, 3, 8, 8].map((dimValue) => ({ dimValue })) } } },
    },
  ],
  initializer: condition === undefined ? [] : [{ name: condition, dataType: 9, dims: [], int32Data: [1] }],
  output: [{ name: 'y' }],
});

/** A reshape of the image by the four numbers. */
const file = (location: string, type = 7): Uint8Array =>
  encode('Model', {
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: {
      ...graphAround(),
      initializer: [stored(location, type)],
      node: [{ opType: 'Reshape', name: 'r', domain: '', input: ['x', 's'], output: ['y'] }],
    },
  });

const read = (bytes: Uint8Array, beside: Readonly<Record<string, Uint8Array>>) =>
  graphOf(
    readOnnx(bytesSource(bytes), 'net.onnx', {
      companion: bytesBeside({
        beside: (path) => (beside[path] === undefined ? undefined : bytesSource(beside[path])),
      }),
    }),
  );

const numbers = new Uint8Array(new BigInt64Array([9n, 1n, 3n, 64n, 1n]).buffer);

describe('whole numbers in another file', () => {
  test('are read where it is there', () => {
    expect(shapeOut(read(file('net.data'), { 'net.data': numbers }))).toEqual([1, 3, 64, 1]);
    const narrow = new Uint8Array(new Int32Array([9, 9, 1, 3, -1, 2]).buffer);
    expect(shapeOut(read(file('net.data', 6), { 'net.data': narrow }))).toEqual([1, 3, 32, 2]);
  });

  test('are read inside of a branch, too', () => {
    const inside = (then: Written<'Graph'>) =>
      encode('Model', {
        irVersion: 8,
        opsetImport: [{ version: 17 }],
        graph: {
          ...graphAround('c'),
          node: [
            {
              ...{ opType: 'If', name: 'i', domain: '', input: ['c'], output: ['y'] },
              attribute: [
                { name: 'then_branch', type: 5, g: then },
                { name: 'else_branch', type: 5, g: then },
              ],
            },
          ],
        },
      });
    const bytes = inside({
      name: 'then',
      initializer: [stored('net.data', 7)],
      node: [{ opType: 'Reshape', name: 'r', domain: '', input: ['x', 's'], output: ['z'] }],
      output: [{ name: 'z' }],
    });
    expect(shapeOut(read(bytes, { 'net.data': numbers }))).toEqual([1, 3, 64, 1]);
    expect(() => read(bytes, {})).toThrow('its sides are not in the file: put "net.data" beside the model');
  });

  test('a file that is missing is named', () => {
    expect(() => read(file('net.data'), {})).toThrow(
      'node "r" (Reshape): its sides are not in the file: put "net.data" beside the model',
    );
  });

  test('a file that is cut off is said to be', () => {
    expect(() => read(file('net.data'), { 'net.data': numbers.subarray(0, 24) })).toThrow(
      'net.onnx: "net.data" ends before the numbers of the tensor "s": it is cut off',
    );
  });

  test('a file outside of the folder is not opened', () => {
    expect(() => read(file('../net.data'), { '../net.data': numbers })).toThrow('put "../net.data" beside the model');
  });
});
