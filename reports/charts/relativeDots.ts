// Compares many networks with the baseline: a row each, sorted by multiply-adds.

import { abbreviate } from '../../src/visible.js';
import { logAxis, logRange } from './axis.js';
import type { DotRows, DotSeries } from './dotRows.js';
import { ACCESS, amountText, MULT_ADDS, ratioIn, TIME, type Measure } from './measures.js';
import type { Scene } from './scene.js';

/** Costs are no networks: they have shapes and tones of their own. */
const LOOKS: ReadonlyMap<Measure, DotSeries['look']> = new Map<Measure, DotSeries['look']>([
  [MULT_ADDS, (theme) => ({ pointStyle: 'circle', borderColor: theme.muted, backgroundColor: 'transparent' })],
  [ACCESS, (theme) => ({ pointStyle: 'rect', borderColor: theme.series[0]!, backgroundColor: theme.series[0]! })],
  [TIME, (theme) => ({ pointStyle: 'rectRot', borderColor: theme.ink, backgroundColor: theme.ink })],
]);

/** @param measures those with a look that the baseline has */
export function relativeDots({ baseline, subjects }: Scene, measures: readonly Measure[]): DotRows {
  const ordered = [...subjects].sort((a, b) => a.network.totals.multAdds - b.network.totals.multAdds);
  const rows = ordered.map((subject) => {
    const amounts = measures.map((measure) => measure.value(subject));
    return {
      name: abbreviate(subject.label, subject === baseline ? 21 : 26) + (subject === baseline ? ' (1x)' : ''),
      values: measures.map((measure) => ratioIn(measure, subject, baseline) || null),
      texts: amounts.map((amount, m) => (amount === null ? '-' : amountText(measures[m]!, subject, amount))),
    };
  });
  const range = logRange([1, ...rows.flatMap(({ values }) => values.filter((value) => value !== null))], 0.03);
  return {
    series: measures.map((measure) => ({
      label: measure.title,
      head: measure.brief,
      look: LOOKS.get(measure)!,
    })),
    rows,
    mark: 1,
    axis: (theme, pixels) =>
      logAxis(theme, {
        title: 'relative cost (baseline = 1x, log scale)',
        range,
        pixels,
        room: 44,
        show: (value) => `${value}x`,
      }),
  };
}
