// Chart: the share of each stage in multiply-adds, memory access and measured time.

import { howTimed } from '../text/layerClock.js';
import { percent } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import type { Chart } from './chart.js';
import type { Subject } from './scene.js';
import { stackedStages } from './stackedStages.js';
import { inOrder, stageBars } from './stageBars.js';
import { groupName } from '../../src/groupName.js';

/** A network whose file has more than is counted has no whole to take shares of. */
function wholeOf(subjects: readonly Subject[]): string {
  const bounds = subjects.filter(({ network }) => network.lowerBound).map(({ label }) => abbreviate(label, 40));
  return bounds.length === 0
    ? 'Shares of the whole'
    : `Shares of the whole, and of ${bounds.join(', ')} of what is counted, which is a lower bound`;
}

export const stages: Chart = {
  id: 'stages',
  title: 'Cost by stage',
  closeUp: true,
  picture(scene) {
    const subjects = scene.focus.filter(({ network }) => network.stages !== null);
    if (subjects.length === 0) return { missing: 'The stages of these networks are not known: name them as MODEL.' };
    const groups = subjects.map((subject) => ({ subject, bars: stageBars(subject) }));
    const flat = groups.flatMap(({ subject, bars }) => bars.map((bar) => ({ subject, bar })));
    const timed = flat.flatMap(({ subject: { run }, bar }) => (run && bar.cost === 'time' ? [run] : []));
    const time = timed.length > 0 ? `; time is the sum of its layers, ${howTimed(timed)}` : '';
    return {
      lead: `${wholeOf(subjects)}, ${inOrder(groups)}${time}. Where the second bar differs from the first, multiply-adds mislead.`,
      summary: flat
        .map(
          ({ subject, bar }) =>
            `${abbreviate(subject.label, 40)}, ${bar.cost}: ${bar.shares.map(({ stage, share }) => `${abbreviate(groupName(stage, 'stage'), 24)} ${percent(share, 1) || '0 %'}`).join(', ')}`,
        )
        .join('; '),
      table: {
        head: ['Network', 'Cost', 'Stage', 'Amount', 'Share'],
        rows: flat.flatMap(({ subject, bar }) =>
          bar.shares.map(({ stage, amount, share }) => [
            subject.label,
            bar.cost,
            groupName(stage, 'stage'),
            bar.show(amount),
            percent(share, 1) || '0 %',
          ]),
        ),
      },
      ...stackedStages(groups, {
        axis: '% of the whole network',
        length: ({ share }) => 100 * share,
        most: 100,
        step: 25,
      }),
    };
  },
};
