// Can a graph be built when the file is closed and the pages that were read are no longer kept?

import { expect, it } from 'vitest';
import { Network } from '../../../src/importers/tflite/network.js';
import { Tables } from '../../../src/importers/tflite/readTables.js';
import { classifier } from './fixtures.js';

const MEBIBYTE = 2 ** 20;
const PAGE = 16 * 1024;

it('the options of operators are read while the file is open', () => {
  const file = classifier();
  const bytes = new Uint8Array(file.length + 8 * MEBIBYTE);
  bytes.set(file);
  let open = true;
  const tables = new Tables({
    size: bytes.length,
    read(start, length) {
      if (!open) throw new Error('the file is closed');
      return bytes.subarray(start, start + length);
    },
  });
  const network = new Network(tables);
  const { calls } = network.subgraph(network.main);
  // More pages than are kept.
  for (let at = file.length + PAGE; at < bytes.length - 4; at += PAGE) tables.i32(at);
  open = false;
  const conv = calls.find(({ op }) => op === 'CONV_2D')!;
  expect(network.options(conv.operator, 'Conv2D')).toMatchObject({ strideW: 2, strideH: 2 });
  expect(() => tables.i32(0)).toThrow('the file is closed');
});
