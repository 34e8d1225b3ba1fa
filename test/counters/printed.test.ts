// Are totals written as each tool writes them? Examples that follow from the tools' own formatting code.

import { expect, test } from 'vitest';
import * as printed from '../../src/counters/printed.js';

test.each([
  [printed.fvcoreText, 2_865_546_752, '2.866G'],
  [printed.fvcoreText, 314_193_216, '0.314G'],
  [printed.fvcoreText, 100_000_000, '100M'],
  [printed.fvcoreText, 99, '99'],
  [printed.fvcoreText, 83_868_672_000, '83.869G'],
  [printed.torchText, 8_178_368_512, '8178.369M'],
  [printed.torchText, 14_148_386_816, '14.148B'],
  [printed.torchText, 28_800, '28.800K'],
  [printed.torchText, 240, '240.000'],
  [printed.ptflopsText, 2_899_843_048, '2.9 GMac'],
  [printed.ptflopsText, 320_300_008, '320.3 MMac'],
  [printed.ptflopsText, 3_000_000_000, '3.0 GMac'],
  [printed.ptflopsText, 999, '999 Mac'],
  [printed.thopText, 2_897_007_104, '2.897G'],
  [printed.thopText, 411_848_256, '411.848M'],
  [printed.torchinfoText, 2_834_246_312, 'mult-adds (G): 2.83'],
  [printed.torchinfoText, 300_809_384, 'mult-adds (M): 300.81'],
  [printed.deepspeedText, 5_716_881_152, '5.72 G'],
  [printed.deepspeedText, 5_200_000_000, '5.2 G'],
  [printed.tensorflowText, 7_751_234_567, '7.75b flops'],
  [printed.tensorflowText, 1_148_000, '1.15m flops'],
  [printed.onnxToolText, 4_111_512_576, '4,111,512,576 MACs'],
  [printed.paperText, 568_740_352, '569 M'],
  [printed.paperText, 999_600_000, '1.00 G'],
] as const)('%o of %i is %s', (write, count, text) => {
  expect(write(count)).toBe(text);
});

test.each([
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [2.5, 0, '2'],
  [3.5, 0, '4'],
  [1.005, 2, '1.00'],
  [6.9002, 2, '6.90'],
])('Python rounds %d to %i decimals as %s: exact ties go to the even digit', (value, decimals, text) => {
  expect(printed.fixed(value, decimals)).toBe(text);
});
