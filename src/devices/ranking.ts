// Ranks predicted networks by images per second. Networks whose intervals overlap share a rank.

import type { Prediction } from './predict.js';

/** Networks of one rank cannot be told apart: the intervals of neighbours overlap. */
export type Rank = readonly Prediction[];

/**
 * Fastest first by images per second. A network joins the rank before it where its interval
 * overlaps that of any network in it. A network whose counts are a lower bound has no rank.
 */
export function ranking(predictions: readonly Prediction[]): readonly Rank[] {
  const whole = predictions.filter(({ lowerBound }) => lowerBound === undefined);
  const sorted = whole.sort((a, b) => b.predictedImagesPerSecond - a.predictedImagesPerSecond);
  const ranks: Prediction[][] = [];
  for (const prediction of sorted) {
    const last = ranks.at(-1);
    if (last?.some((other) => overlap(prediction, other)) === true) last.push(prediction);
    else ranks.push([prediction]);
  }
  return ranks;
}

export const overlap = (a: Prediction, b: Prediction): boolean =>
  a.imagesPerSecondInterval[0] <= b.imagesPerSecondInterval[1] &&
  b.imagesPerSecondInterval[0] <= a.imagesPerSecondInterval[1];
