// How many windows fit? A loop that places them one by one must agree.

import { describe, expect, it } from 'vitest';
import { symbol } from '../src/dim/dim.js';
import { evaluate } from '../src/dim/evaluate.js';
import { InputError } from '../src/inputError.js';
import { NoClosedForm } from '../src/dim/noClosedForm.js';
import { elements, showShape, windowCount, type Window } from '../src/shape.js';

/** Places windows from the left until one no longer counts; undefined where not even the first one does. */
function placed(
  size: number,
  { kernel, stride, pad: [before, after], dilation = 1, ceil }: Window,
): number | undefined {
  const [extent, padded] = [dilation * (kernel - 1) + 1, before + size + after];
  let count = 0;
  for (let start = 0; ; start += stride, count++) {
    const inside = start + extent <= padded;
    // Rounding up: less than a stride may hang over, and the window must start in the input or its first padding.
    const hanging = start + extent < padded + stride && start < before + size;
    if (!(ceil ? hanging : inside)) return count === 0 ? undefined : count;
  }
}

/** Rounding up goes with pooling, whose padding PyTorch holds to half of the window. */
function* smallWindows(): Generator<Window> {
  for (const ceil of [false, true])
    for (let kernel = 1; kernel <= 4; kernel++)
      for (let stride = 1; stride <= 4; stride++)
        for (const dilation of [1, 2, 3])
          for (let before = 0; before <= 3; before++)
            for (let after = 0; after <= (ceil ? Math.min(3, (dilation * (kernel - 1) + 1) / 2) : 3); after++)
              yield { kernel, stride, pad: [before, after], dilation, ceil };
}

describe('windows', () => {
  it('are as many as a loop places, floor and ceil, dilated, padded on one side or both', () => {
    const wrong: unknown[] = [];
    for (const window of smallWindows())
      for (let size = 1; size <= 12; size++) {
        const expected = placed(size, window);
        let found: unknown;
        try {
          found = windowCount(size, window);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
        if (found !== expected) wrong.push({ size, ...window, found, expected });
      }
    expect(wrong).toEqual([]);
  });

  it('of a symbol are those of every value that keeps its promise', () => {
    const wrong: unknown[] = [];
    for (const window of smallWindows()) {
      const count = windowCount(symbol('s', 12), window);
      for (const s of [12, 24, 36, 120]) {
        const [symbolic, concrete] = [evaluate(count, { s }), windowCount(s, window)];
        if (symbolic !== concrete) wrong.push({ s, ...window, symbolic, concrete });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('drop a last one that starts in the right padding, as PyTorch does', () => {
    expect(windowCount(3, { kernel: 2, stride: 2, pad: [1, 1], ceil: true })).toBe(2);
    expect(windowCount(112, { kernel: 3, stride: 2, pad: [0, 0], ceil: true })).toBe(56);
  });

  it('that do not fit are refused in a sentence with kernel, stride and padding', () => {
    expect(() => windowCount(2, { kernel: 7, stride: 2, pad: [1, 2] })).toThrow(
      new InputError('a window of kernel 7, stride 2, padding 1+2 does not fit in a side of 2: use a larger input'),
    );
    expect(() => windowCount(2, { kernel: 3, stride: 1, pad: [0, 0], dilation: 2 })).toThrow('dilation 2');
  });

  it('of a symbol that promises too little name the promise, and the window too', () => {
    const run = (): unknown => windowCount(symbol('h', 3), { kernel: 3, stride: 2, pad: [1, 1] });
    expect(run).toThrow(NoClosedForm);
    expect(run).toThrow(
      expect.objectContaining({ choices: [{ symbol: 'h', needs: { unit: { numerator: 6n, denominator: 1n } } }] }),
    );
    expect(run).toThrow('a window of kernel 3, stride 2, padding 1+1: ');
  });
});

describe('a shape', () => {
  it('has the product of its sides as elements, and a text', () => {
    const shape = [symbol('n'), 64, 7, 7];
    expect(evaluate(elements(shape), { n: 2 })).toBe(2 * 64 * 49);
    expect(elements([])).toBe(1);
    expect(showShape(shape)).toBe('[n, 64, 7, 7]');
  });
});
