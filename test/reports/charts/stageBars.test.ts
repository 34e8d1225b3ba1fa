// Which stages of a long network have a name in the chart: the largest, in the order of the network?

import { expect, it } from 'vitest';
import { gathered, inOrder, stageBars, type StageBar } from '../../../reports/charts/stageBars.js';
import { sceneOf } from '../../../reports/charts/scene.js';
import { reportData } from '../../../reports/report/reportData.js';
import { profileOf } from '../synthetic.js';

/** @param amounts of the stages a, b, c and so on, in percent */
const bar = (cost: string, amounts: readonly number[]): StageBar => ({
  cost,
  show: String,
  shares: amounts.map((amount, i) => ({ stage: String.fromCharCode(97 + i), amount, share: amount / 100 })),
});
const names = ({ shares }: StageBar): string => shares.map(({ stage }) => stage).join(' ');

it('eight stages have a name each', () => {
  const bars = [bar('time', [1, 2, 3, 4, 5, 6, 7, 72])];
  expect(gathered(bars)).toEqual(bars);
});

it('of more stages the largest have one, in order, and the smallest stand together at the end', () => {
  const [found] = gathered([bar('time', [8, 1, 10, 2, 12, 9, 3, 14, 9, 32])]);
  expect(names(found!)).toBe('a c e f h i j 3 smaller');
  expect(found!.shares.at(-1)!.amount).toBe(6);
  expect(found!.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
});

it('all bars of a network name the same stages: each is among the largest of one of them', () => {
  const bars = gathered([
    bar('multiply-adds', [40, 10, 10, 10, 10, 10, 9, 1, 0]),
    bar('time', [10, 10, 10, 10, 10, 9, 1, 10, 30]),
  ]);
  expect(bars.map(names)).toEqual(Array.from({ length: 2 }, () => 'a b c d e f i 2 smaller'));
  expect(bars.map(({ shares }) => shares.map(({ amount }) => amount).at(-2))).toEqual([0, 30]);
});

it('the words say where the smallest stand', () => {
  const scene = sceneOf(
    reportData({
      madeAt: '2001-01-01',
      version: '0',
      runs: [],
      profiles: [profileOf('mobilenet_v2'), profileOf('resnet18')],
    }),
    0,
  );
  const words = scene.subjects.map((subject) => inOrder([{ subject, bars: stageBars(subject) }]));
  const stages = scene.subjects.map(({ network }) => network.stages!.length);
  expect(words.map((text) => text.endsWith(', the smallest together at the end'))).toEqual(stages.map((n) => n > 8));
  expect(stages.some((n) => n > 8)).toBe(true);
});
