// Chart: the bytes that autograd keeps of each stage, and what stands beside them in memory.

import { bytes, percent } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import type { Chart } from './chart.js';
import type { Subject } from './scene.js';
import { stackedStages, type StageGroup } from './stackedStages.js';
import { gathered, inOrder } from './stageBars.js';
import { groupName } from '../../src/groupName.js';

const MIB = 2 ** 20;

export const keptByStage: Chart = {
  id: 'kept-by-stage',
  title: 'Kept for the backward pass by stage',
  closeUp: true,
  picture(scene) {
    const groups = scene.focus.flatMap((subject) => groupOf(subject));
    if (groups.length === 0)
      return { missing: 'This needs the cost of training: flopscope report --training.', unasked: true };
    const parts = groups.flatMap(({ subject, bars }) => bars[0]!.shares.map((part) => ({ subject, ...part })));
    return {
      lead: `Memory that autograd keeps between the forward and the backward pass, ${inOrder(groups)}. ${groups
        .map(({ subject }) => `${abbreviate(subject.label, 40)} keeps ${keptText(subject)}`)
        .join('; ')}.`,
      summary: parts
        .map(
          ({ subject, stage, amount }) =>
            `${abbreviate(subject.label, 40)}, ${abbreviate(groupName(stage, 'stage'), 24)}: ${bytes(amount)}`,
        )
        .join('; '),
      table: {
        head: ['Network', 'Stage', 'Kept', 'Share'],
        rows: parts.map(({ subject, stage, amount, share }) => [
          subject.label,
          groupName(stage, 'stage'),
          bytes(amount),
          percent(share, 1) || '0 %',
        ]),
      },
      ...stackedStages(groups, {
        axis: 'MiB kept for backward',
        length: ({ amount }) => amount / MIB,
      }),
    };
  },
};

/** "247.8 MiB (peak 248.6 MiB)" */
function keptText({ network }: Subject): string {
  const { totals, keptAtLeast } = network.training!;
  const { keptBytes, peak } = totals;
  return `${keptAtLeast ? 'at least ' : ''}${bytes(keptBytes)} (peak ${bytes(peak.bytes)})`;
}

/** None for a network whose training is not counted, or that keeps nothing. */
function groupOf(subject: Subject): readonly StageGroup[] {
  const { stages, training } = subject.network;
  if (!training || !stages || training.totals.keptBytes === 0) return [];
  const shares = stages.map(({ name }, i) => ({
    stage: name,
    amount: training.stages[i]!.keptBytes,
    share: training.stages[i]!.keptBytes / training.totals.keptBytes,
  }));
  return [{ subject, bars: gathered([{ cost: 'kept', show: bytes, shares }]) }];
}
