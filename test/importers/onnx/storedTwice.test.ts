// Weights that a file stores twice are looked for with few reads, however many tensors it holds.

import { expect, it } from 'vitest';
import type { ByteSource } from '../../../src/importers/modelFile.js';
import type { OnnxTensor } from '../../../src/importers/onnx/messages.js';
import { storedTwice } from '../../../src/importers/onnx/storedTwice.js';

const FLOAT = 1;
const [ROWS, COLUMNS] = [64, 64];
const SIZE = 4 * ROWS * COLUMNS;

/** Tensors that share the bytes from `start` on. */
const tensors = (count: number, start: number): readonly OnnxTensor[] =>
  Array.from(
    { length: count },
    (_, i) =>
      ({
        ...{ name: `w${start}.${i}`, dims: [ROWS, COLUMNS], dataType: FLOAT },
        rawData: { length: SIZE, start },
      }) as unknown as OnnxTensor,
  );

it('of ten thousand constant tensors only some are read', () => {
  const numbers = new Uint8Array(new Float32Array(ROWS * COLUMNS).map((_, i) => i).buffer);
  let reads = 0;
  const source: ByteSource = {
    size: 2 * SIZE,
    read(at, length) {
      reads++;
      return at < SIZE ? numbers.subarray(at, at + length) : new Uint8Array(length);
    },
  };
  const copies = storedTwice(source, [...tensors(2, 0), ...tensors(10_000, SIZE)]);
  expect(copies).toEqual([{ id: 'w0.1', of: 'w0.0', elements: ROWS * COLUMNS }]);
  expect(reads).toBeLessThan(300_000);
});
