// Is a space file read as it was meant, and refused with the place of what is wrong?

import { describe, expect, it } from 'vitest';
import { readSpace } from '../../../src/records/sweep/readSpace.js';

const read = (text: string) => readSpace(text, 's.yaml');

describe('a space file', () => {
  it('has lists and ranges, whose values are what a person would write', () => {
    const { axes, inputs, batches } = read(
      'model: densenet121\nvary: { growth: { from: 0.1, to: 0.5, step: 0.1 }, naming: [a, b] }\ninputs: [3x32x64]\nbatches: [1, 8]',
    );
    expect(axes.map(({ path, values }) => [path, values])).toEqual([
      ['growth', [0.1, 0.2, 0.3, 0.4, 0.5]],
      ['naming', ['a', 'b']],
    ]);
    expect(inputs).toEqual([[3, 32, 64]]);
    expect(batches).toEqual([1, 8]);
  });

  it.each([
    ['', 's.yaml:1:1: the file is empty: name a model'],
    ['vary: { growth: [1] }', 's.yaml:1:1: a design space names its model by model: or by file:'],
    ['model: x\nvary: {}', 's.yaml:2:7: nothing varies: give vary'],
    ['model: x\nvary: { growth: [] }', 's.yaml:2:17: growth must be a list of values'],
    ['model: x\nvary: { growth: 8 }', 's.yaml:2:17: growth must be a list of values'],
    ['model: x\nvary: { growth: [8, 8] }', 's.yaml:2:17: growth has the value 8 twice'],
    ['model: x\nvary: { growth: { from: 8, to: 4, step: 1 } }', 's.yaml:2:17: growth has no value, or too many'],
    ['model: x\nvary: { growth: { from: 8, to: 16, step: 0 } }', 's.yaml:2:17: growth must be a list of values'],
    [
      'model: x\nvary: { growth: [8] }\nbatchs: [1]',
      's.yaml:3:1: a design space has no field "batchs"; the nearest is batches',
    ],
    ['model: x\nvary: { growth: [8] }\nbatches: [0]', 's.yaml:3:10: batches must be a list of positive whole numbers'],
    ['model: x\nvary: { growth: [8] }\nbatches: [1, 8, 1]', 's.yaml:3:17: batches has the value 1 twice: remove one'],
    [
      'model: x\nvary: { growth: [8] }\ninputs: [3x8x8, { channels: 3, height: 8, width: 8 }]',
      's.yaml:3:17: inputs has the value "3x8x8" twice: remove one',
    ],
    ['model: x\nvary: { growth: [8] }\ninputs: [big]', 's.yaml:3:9: inputs must be'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
