// The bars of stages: multiply-adds, memory access and time of each as a share of the whole.

import { short } from '../text/number.js';
import { timedLayers } from '../report/timedLayers.js';
import { milliseconds } from './measures.js';
import type { Subject } from './scene.js';

/** Colours there are; a network with more stages has its last ones gathered. */
const MOST_STAGES = 8;

export interface StageBar {
  readonly cost: string;
  /** From the first stage to the last. */
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
    return whole > 0 ? [{ cost, show, shares: gathered(shares) }] : [];
  };
  return [
    ...bar('multiply-adds', 'multAdds', short),
    ...bar('memory', 'access', (elements) => `${short(elements)} elements`),
    ...bar('time', 'time', milliseconds),
  ];
}

/** The last of many stages are gathered into one. */
export function gathered(shares: readonly StageShare[]): readonly StageShare[] {
  if (shares.length <= MOST_STAGES) return shares;
  const rest = shares.slice(MOST_STAGES - 1);
  const sum = (pick: (one: StageShare) => number): number => rest.reduce((all, one) => all + pick(one), 0);
  return [
    ...shares.slice(0, MOST_STAGES - 1),
    { stage: `${rest.length} more`, amount: sum(({ amount }) => amount), share: sum(({ share }) => share) },
  ];
}
