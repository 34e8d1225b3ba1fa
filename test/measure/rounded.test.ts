// Is a rounded clock told from one that tells times?

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundedTo } from '../../src/measure/rounded.js';

const pass = (milliseconds: readonly number[]) => [
  {
    clock: 'device' as const,
    layers: milliseconds.map((ms) => ({
      nodes: ['conv1'],
      op: 'conv' as const,
      ms,
      kernels: [{ name: 'conv2d', ms }],
    })),
  },
];

it.each([
  [0.065536, 65.536],
  [0.1, 100],
])('times that are multiples of %d ms are rounded, zeros among them', (step, microseconds) => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000), { minLength: 1 }), fc.integer({ min: 1, max: 5000 }), (counts, count) => {
      expect(roundedTo(pass([...counts, count].map((n) => n * step)))).toBe(microseconds);
    }),
  );
});

it('nearly all is enough, half is not', () => {
  const rounded = Array.from({ length: 39 }, (_, i) => (i + 1) * 0.065536);
  expect(roundedTo(pass([...rounded, 0.0123]))).toBe(65.536);
  expect(roundedTo(pass([...rounded.slice(0, 20), ...rounded.slice(0, 20).map((ms) => ms + 0.001)]))).toBeNull();
});

it('a clock of nanoseconds or microseconds, nothing but zeros, and no kernels are no rounding to such steps', () => {
  expect(roundedTo(pass([0.568744, 0.866816, 33.248568]))).toBeNull();
  expect(roundedTo(pass([0.041, 0.263, 0.007]))).toBeNull();
  expect(roundedTo(pass([0, 0]))).toBeNull();
  expect(roundedTo(pass([]))).toBeNull();
});
