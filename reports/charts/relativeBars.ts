// How do a few networks look beside the baseline? A group of bars per cost, from 1x to the left (less) or right (more).

import { times } from '../number.js';
import { abbreviate } from '../visible.js';
import { logAxis } from './axis.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import type { Picture } from './chart.js';
import type { Measure } from './measures.js';
import { barLabels } from './plugins/barTexts.js';
import { HEADING, headings } from './plugins/headings.js';
import { verticalLine } from './plugins/verticalLine.js';
import type { Scene } from './scene.js';
import { colourOf } from './theme.js';

const BAR = 17;
/** Room for "12.3 G  0.69x" beside a bar. */
const LABEL_ROOM = 112;

/** @param measures those that the baseline has */
export function relativeBars(
  { baseline, subjects }: Scene,
  measures: readonly Measure[],
): Pick<Picture, 'height' | 'config'> {
  const others = subjects.filter(({ place }) => place !== baseline.place);
  const names = others.map(({ label }) => abbreviate(label, 28));
  const bars = others.map((subject) =>
    measures.map((measure) => {
      const value = measure.value(subject);
      if (value === null || value <= 0) return undefined;
      const ratio = value / measure.value(baseline)!;
      return { ratio, text: `${measure.show(value)}  ${times(ratio)}` };
    }),
  );
  const ratios = bars.flat().flatMap((bar) => bar?.ratio ?? []);
  const groupHeight = HEADING + others.length * BAR + 10;
  return {
    height: () => measures.length * groupHeight + 86 + 18 * Math.ceil(names.join('').length / 60),
    config: (theme, width) => ({
      type: 'bar',
      data: {
        labels: measures.map(({ title }) => title),
        datasets: others.map(({ place }, s) => ({
          label: names[s]!,
          data: bars[s]!.map((bar) => (bar ? [Math.min(1, bar.ratio), Math.max(1, bar.ratio)] : null)) as [
            number,
            number,
          ][],
          backgroundColor: colourOf(theme, place),
          borderColor: colourOf(theme, place),
          categoryPercentage: (others.length * BAR) / groupHeight,
          barPercentage: (BAR - 4) / BAR,
          minBarLength: 2,
          pointStyle: 'rect' as const,
        })),
      },
      options: {
        ...commonOptions(theme),
        indexAxis: 'y',
        layout: { padding: { right: LABEL_ROOM } },
        scales: {
          x: logAxis(theme, {
            title: 'relative cost (baseline = 1x, log scale)',
            range: [Math.min(0.7, ...ratios) * 0.94, Math.max(1.5, ...ratios) * 1.04],
            pixels: width - LABEL_ROOM,
            room: 44,
            show: (value) => `${value}x`,
          }),
          // The heading's room lies above the bars of each group.
          y: { offset: true, ticks: { display: false }, grid: { display: false }, border: { display: false } },
        },
        plugins: {
          legend: legend(theme),
          tooltip: {
            ...tooltip(theme),
            callbacks: {
              label: ({ datasetIndex, dataIndex }) =>
                `${names[datasetIndex]!}: ${bars[datasetIndex]![dataIndex]?.text ?? ''}`,
            },
          },
        },
      },
      plugins: [
        verticalLine(theme, 1),
        headings(
          theme,
          measures.map((measure) => ({
            name: measure.title,
            aside: `${abbreviate(baseline.label, 28)}: ${measure.show(measure.value(baseline)!)}`,
          })),
          () => others.length * BAR,
        ),
        barLabels(theme, (s, g) => bars[s]![g]?.text),
      ],
    }),
  };
}
