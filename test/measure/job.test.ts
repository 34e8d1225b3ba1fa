// A network to measure: a graph that would be another network than its file says so.

import { expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { jobOf } from '../../src/measure/job.js';
import type { Model } from '../../src/model.js';

const stored = (bytesPerElement?: number): Model => ({
  ...builtIn('resnet20'),
  source: 'onnx',
  ...(bytesPerElement === undefined ? {} : { bytesPerElement }),
});

it.each([
  [2, '2 bytes'],
  [1, '1 byte'],
])('a file of %i bytes an element has no stand-in in float32', (bytes, said) => {
  expect(jobOf(stored(bytes)).otherNumbers?.message).toBe(
    `resnet20: the file stores ${said} for each weight, and its graph would run in float32, so only the file itself gives a true time: measure it at the batch and input that it states, with its weights in it or beside it`,
  );
});

it('a file of float32, and a network of ours, have one', () => {
  for (const model of [stored(4), stored(), builtIn('resnet20')]) expect(jobOf(model).otherNumbers).toBeUndefined();
});
