// Tests of training against figures of PyTorch: to the byte and the multiply-add.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import type { ImageSize } from '../../src/families/family.js';
import { graphOf } from '../../src/model.js';
import { training } from '../../src/training/training.js';

const [, ...rows] = readFileSync('fixtures/golden/training.csv', 'utf8').trim().split('\n');

describe('PyTorch 2.13, train mode, CPU', () => {
  test.each(rows.map((row) => row.split(',')))('%s at %s', (name, size, params, forward, backward, kept) => {
    const [n, ...image] = size.split('x').map(Number);
    const model = builtIn(name);
    const { totals, layers } = training(model, {}, n, image as unknown as ImageSize);
    const groups = new Map(graphOf(model).nodes.map((node) => [node.name, Number(node.attributes['groups'] ?? 1)]));
    // Its flop counter multiplies the weights' gradient of a grouped convolution by its groups.
    const counted = layers.reduce(
      (sum, layer) => sum + layer.inputMultAdds + layer.weightMultAdds * (groups.get(layer.name) ?? 1),
      0,
    );
    expect([totals.params, totals.multAdds, counted, totals.keptBytes].map(String)).toEqual([
      params,
      forward,
      backward,
      kept,
    ]);
  });
});
