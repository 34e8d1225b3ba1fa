// The bars of stages: multiply-adds, memory access and time of each as a share of the whole.

import { short } from '../text/number.js';
import { timedLayers } from '../report/timedLayers.js';
import { milliseconds } from './measures.js';
import type { Subject } from './scene.js';

/** Colours there are; a network with more stages has its smallest gathered. */
const MOST_STAGES = 8;

export interface StageBar {
  readonly cost: string;
  /** From the first stage to the last; of many stages, the smallest together at the end. */
  readonly shares: readonly StageShare[];
  show(amount: number): string;
}

export interface StageShare {
  readonly stage: string;
  readonly amount: number;
  /** As a part of 1. */
  readonly share: number;
}

/**
 * Time is the sum of the layers of a stage; a cost that is 0 everywhere, or was not measured, has
 * no bar.
 */
export function stageBars(subject: Subject): readonly StageBar[] {
  const timed = timedLayers(subject);
  const stages = subject.network.stages!.map(({ name, multAdds, memoryAccess }) => ({
    stage: name,
    multAdds,
    access: memoryAccess.unfused,
    time: timed.reduce((sum, layer) => sum + (layer.stage === name ? layer.time.milliseconds : 0), 0),
  }));
  const bar = (cost: string, key: 'multAdds' | 'access' | 'time', show: StageBar['show']): readonly StageBar[] => {
    const whole = stages.reduce((sum, stage) => sum + stage[key], 0);
    const shares = stages.map((one) => ({ stage: one.stage, amount: one[key], share: one[key] / whole }));
    return whole > 0 ? [{ cost, show, shares }] : [];
  };
  return gathered([
    ...bar('multiply-adds', 'multAdds', short),
    ...bar('memory', 'access', (elements) => `${short(elements)} elements`),
    ...bar('time', 'time', milliseconds),
  ]);
}

/**
 * The stages with the largest share in any of the bars keep their names, in order. The smallest of
 * many are gathered into one, which comes last.
 * @param bars of the same stages
 */
export function gathered(bars: readonly StageBar[]): readonly StageBar[] {
  const stages = bars[0]?.shares ?? [];
  if (stages.length <= MOST_STAGES) return bars;
  const named = new Set(
    stages
      .map((_, place) => ({ place, share: Math.max(...bars.map(({ shares }) => shares[place]!.share)) }))
      .sort((a, b) => b.share - a.share)
      .slice(0, MOST_STAGES - 1)
      .map(({ place }) => place),
  );
  return bars.map((bar) => {
    const rest = bar.shares.filter((_, place) => !named.has(place));
    const sum = (pick: (one: StageShare) => number): number => rest.reduce((all, one) => all + pick(one), 0);
    const last = {
      stage: `${rest.length} smaller`,
      amount: sum(({ amount }) => amount),
      share: sum((one) => one.share),
    };
    return { ...bar, shares: [...bar.shares.filter((_, place) => named.has(place)), last] };
  });
}

/** The order of bars, in words. */
export function inOrder(groups: readonly { readonly subject: Subject; readonly bars: readonly StageBar[] }[]): string {
  const some = groups.some(({ subject, bars }) =>
    bars.some(({ shares }) => shares.length < (subject.network.stages?.length ?? 0)),
  );
  return `from the first stage on the left to the last on the right${some ? ', the smallest together at the end' : ''}`;
}
