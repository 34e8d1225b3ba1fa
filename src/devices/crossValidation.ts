// The error of predictions for networks that a fit has not seen: each group is left out in turn.

/** Of |predicted / measured - 1|, over networks that were not in the fit. */
export interface UnseenError {
  readonly median: number;
  /** The 90th percentile. */
  readonly p90: number;
  readonly worst: number;
  /** Networks, each counted once however many sizes and batches it has. */
  readonly networks: number;
}

export interface Sampled {
  readonly model: string;
  readonly milliseconds: number;
}

export interface HeldOutPrediction<S> {
  readonly sample: S;
  readonly predicted: number;
}

/**
 * Predicts each sample by a fit to those of other groups.
 * @param group of samples that are left out together: a network with all its sizes, or a family
 * @param fit gives milliseconds of any sample
 */
export function leaveGroupsOut<S extends Sampled>(
  samples: readonly S[],
  group: (sample: S) => string,
  fit: (samples: readonly S[]) => (sample: S) => number,
): readonly HeldOutPrediction<S>[] {
  const groups = new Map<string, S[]>();
  for (const sample of samples) groups.set(group(sample), [...(groups.get(group(sample)) ?? []), sample]);
  const predicted = new Map<S, number>();
  for (const [left, members] of groups) {
    const predict = fit(samples.filter((sample) => group(sample) !== left));
    for (const sample of members) predicted.set(sample, predict(sample));
  }
  return samples.map((sample) => ({ sample, predicted: predicted.get(sample)! }));
}

/** One error for each network: the mean over its sizes. */
export function unseenError<S extends Sampled>(predictions: readonly HeldOutPrediction<S>[]): UnseenError {
  const byModel = new Map<string, number[]>();
  for (const { sample, predicted } of predictions)
    byModel.set(sample.model, [...(byModel.get(sample.model) ?? []), Math.abs(predicted / sample.milliseconds - 1)]);
  const errors = [...byModel.values()].map((some) => some.reduce((a, b) => a + b, 0) / some.length);
  return {
    median: quantileOf(errors, 0.5),
    p90: quantileOf(errors, 0.9),
    worst: Math.max(...errors),
    networks: errors.length,
  };
}

/** With linear interpolation between the two nearest values. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (at - Math.floor(at)) * (high - low);
}
