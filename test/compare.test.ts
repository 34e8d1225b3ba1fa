// Are networks compared by the right ratios, and does the sentence say what the ratios say?

import { describe, expect, test } from 'vitest';
import { compareSheet } from '../reports/sheets/compareSheet.js';
import { markdown } from '../reports/text/markdown.js';
import { compare, type Counted } from '../src/compare.js';

/** A network of which only what matters to the sentence is given. */
function counted(model: string, multAdds: number, access: number, ops = 10, more: object = {}): Counted {
  const memoryAccess = { conv: access / 2, linear: 0, unfused: access, fused: access / 4 };
  const counts = { params: 7, multAdds, flops: 2 * multAdds, activations: 5, convLayers: 3, ops };
  const later = { cio: 4, peakActivations: 8, peakActivationsOutOfPlace: 9 };
  return {
    model,
    source: 'built-in',
    input: { n: 1, c: 3, h: 9, w: 9 },
    bytesPerElement: 4,
    totals: { ...counts, ...later, memoryAccess, memoryAccessBound: { conv: access / 3 }, ...more },
  };
}

const finding = (multAdds: number, access: number, ops = 10, base = 100): string =>
  compare([counted('a', base, 100), counted('b', multAdds, access, ops)]).findings[0]!;

describe('ratios', () => {
  test('each count over that of the first network, which is 1 throughout', () => {
    const { ratios } = compare([counted('a', 100, 100), counted('b', 50, 300, 20, { params: 21, activations: 10 })]);
    expect(ratios[0]).toEqual({
      model: 'a',
      ...{ params: 1, multAdds: 1, flops: 1, activations: 1, ops: 1 },
      ...{ cio: 1, peakActivations: 1, peakActivationsOutOfPlace: 1 },
      memoryAccess: { conv: 1, linear: null, unfused: 1, fused: 1 },
    });
    expect(ratios[1]).toEqual({
      model: 'b',
      ...{ params: 3, multAdds: 0.5, flops: 0.5, activations: 2, ops: 2 },
      ...{ cio: 1, peakActivations: 1, peakActivationsOutOfPlace: 1 },
      memoryAccess: { conv: 3, linear: null, unfused: 3, fused: 3 },
    });
  });

  test('null where the first network has none, whatever the other has', () => {
    const later = { cio: 0, peakActivations: 0, peakActivationsOutOfPlace: 0 };
    const none = counted('a', 0, 0, 0, { params: 0, activations: 0, ...later });
    expect(compare([none, counted('b', 5, 5)]).ratios[1]).toEqual({
      model: 'b',
      ...{ params: null, multAdds: null, flops: null, activations: null, ops: null },
      ...{ cio: null, peakActivations: null, peakActivationsOutOfPlace: null },
      memoryAccess: { conv: null, linear: null, unfused: null, fused: null },
    });
  });

  test('models carry their totals in the order given, with one finding for each after the first', () => {
    const all = [counted('a', 1, 1), counted('b', 2, 2), counted('c', 3, 3)] as const;
    const { schema, models, findings, bytesPerElement } = compare([...all], 2);
    expect([schema, bytesPerElement, findings.length]).toEqual(['flopscope.compare/1', 2, 2]);
    expect(models).toEqual(all.map(({ totals, ...rest }) => ({ ...rest, ...totals, bytesPerElement: 2 })));
    expect(compare([all[0]]).findings).toEqual([]);
  });
});

describe('elements of files', () => {
  const half = { ...counted('half', 100, 100), bytesPerElement: 2 };

  test('have the bytes of each file, and a sentence says where they differ', () => {
    const { models, findings, bytesPerElement } = compare([counted('a', 100, 100), half]);
    expect([bytesPerElement, ...models.map((model) => model.bytesPerElement)]).toEqual([4, 4, 2]);
    expect(findings[0]).toMatch(/; but its elements have 2 bytes, not 4\.$/);
    expect(compare([half, { ...half, model: 'other' }]).findings[0]).not.toContain('bytes');
  });

  test('are named under the table', () => {
    const note = (...all: readonly [Counted, ...Counted[]]): string =>
      /memory access in .*/.exec(markdown(compareSheet(compare(all))))![0];
    expect(note(counted('a', 1, 1), half)).toContain('elements: of 4 bytes in a; of 2 bytes in half;');
    expect(note(half)).toContain('elements of 2 bytes;');
  });
});

describe('lower bounds', () => {
  const bound = { lowerBound: { ops: [{ op: 'Fancy', nodes: 1, first: 'f' }], behind: 0 } };
  const [a, b] = [counted('a', 100, 100), counted('b', 50, 300)];

  test.each([
    ['the reference', [{ ...a, ...bound }, b], 'what is counted of a is a lower bound'],
    ['the network', [a, { ...b, ...bound }], 'what is counted of b is a lower bound'],
    [
      'both',
      [
        { ...a, ...bound },
        { ...b, ...bound },
      ],
      'what is counted of each is a lower bound',
    ],
  ] as const)('no ratio where %s is one', (_, profiles, why) => {
    const { ratios, findings, models } = compare([...profiles]);
    expect(ratios[1]).toMatchObject({ multAdds: null, params: null, memoryAccess: { unfused: null } });
    expect(JSON.stringify(ratios[1])).not.toMatch(/[0-9]/);
    expect(findings).toEqual([`b cannot be compared with a: ${why}.`]);
    expect(models.map(({ multAdds }) => multAdds)).toEqual([100, 50]);
  });

  test('whole networks beside one keep their ratios', () => {
    const { ratios } = compare([a, { ...b, ...bound }, counted('c', 200, 100)]);
    expect(ratios.map(({ multAdds }) => multAdds)).toEqual([1, null, 2]);
  });
});

describe('the sentence', () => {
  test('says where the images differ, which may be all that differs', () => {
    const larger = { ...counted('b', 179, 179), input: { n: 1, c: 3, h: 300, w: 300 } };
    expect(compare([counted('a', 100, 100), larger]).findings[0]).toBe(
      'b has 1.79x the multiply-adds of a and 1.79x its memory access, in as many ops; but its input is 1x3x300x300, not 1x3x9x9.',
    );
  });

  test.each([
    ['less work, more traffic', 69, 109, 'b has 0.69x the multiply-adds of a but 1.09x its memory access'],
    ['more work, less traffic', 150, 50, 'b has 1.50x the multiply-adds of a but 0.50x its memory access'],
    ['less of both', 50, 40, 'b has 0.50x the multiply-adds of a and 0.40x its memory access'],
    ['more of both', 200, 1234, 'b has 2.00x the multiply-adds of a and 12.3x its memory access'],
    ['the same work, more traffic', 100, 120, 'b has the same multiply-adds as a but 1.20x its memory access'],
    ['less work, the same traffic', 80, 100, 'b has 0.80x the multiply-adds of a but the same memory access'],
    ['the same of both', 100, 100, 'b has the same multiply-adds as a and the same memory access'],
    ['nearly the same', 100.4, 99.6, 'b has about the same multiply-adds as a and about the same memory access'],
    ['just not the same', 100.6, 99.4, 'b has 1.01x the multiply-adds of a but 0.99x its memory access'],
  ])('%s', (_, multAdds, access, says) => {
    expect(finding(multAdds, access)).toBe(`${says}, in as many ops.`);
  });

  test.each([
    [5, 'in 0.50x as many ops.'],
    [10, 'in as many ops.'],
    [25, 'in 2.50x as many ops.'],
    [120, 'in 12.0x as many ops.'],
  ])('%i ops for 10', (ops, says) => {
    expect(finding(100, 100, ops).endsWith(says)).toBe(true);
  });

  test('a first network without multiply-adds has memory access alone', () => {
    expect(finding(5, 150, 10, 0)).toBe('b has 1.50x the memory access of a, in as many ops.');
  });
});
