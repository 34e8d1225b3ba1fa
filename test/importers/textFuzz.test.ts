// Does a spoilt text ever break its reader? A few hundred seeded mutations of each kind; bench/fuzz.ts does 100,000.

import { describe, expect, test } from 'vitest';
import { readCaffe } from '../../src/importers/caffe/readCaffe.js';
import { readDarknet } from '../../src/importers/darknet/readDarknet.js';
import { CAFFE_NETS } from './caffe/nets.js';
import { DARKNET_NETS } from './darknet/nets.js';
import { spoilt } from './mutateText.js';
import { textOutcome } from './textOutcome.js';

describe.each([
  { kind: 'darknet', nets: DARKNET_NETS, read: readDarknet, name: 'net.cfg' },
  { kind: 'caffe', nets: CAFFE_NETS, read: readCaffe, name: 'net.prototxt' },
])('spoilt $kind', ({ nets, read, name }) => {
  test('the networks themselves are counted', () => {
    expect(nets.map((net) => textOutcome(read, net, name))).toEqual(nets.map(() => 'counted'));
  });

  test('300 mutations are counted or refused with one sentence', () => {
    const outcomes = { counted: 0, refused: 0 };
    for (let seed = 1; seed <= 300; seed++) outcomes[textOutcome(read, spoilt(nets, seed), name)]++;
    expect(Math.min(outcomes.counted, outcomes.refused)).toBeGreaterThan(10);
  });
});
