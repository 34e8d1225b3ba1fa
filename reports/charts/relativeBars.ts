// Compares a few networks with the baseline: a group of bars per cost, less left, more right.

import { times } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { logAxis } from './axis.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import type { Picture } from './chart.js';
import { ratioIn, type Measure } from './measures.js';
import { barLabels } from './plugins/barTexts.js';
import { HEADING, headings } from './plugins/headings.js';
import { verticalLine } from './plugins/verticalLine.js';
import type { Scene } from './scene.js';
import { fitting, textWidth } from './textWidth.js';
import { colourOf } from './theme.js';

/** Of one bar with the gap below it; taller on a phone. */
const barHeight = (width: number): number => (width < 420 ? 22 : 17);
const GAP = 4;

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
      const ratio = ratioIn(measure, subject, baseline);
      if (value === null || value <= 0 || ratio === null) return undefined;
      return { ratio, text: `${measure.show(value)}  ${times(ratio)}` };
    }),
  );
  const ratios = bars.flat().flatMap((bar) => bar?.ratio ?? []);
  const range = [Math.min(0.7, ...ratios) * 0.94, Math.max(1.5, ...ratios) * 1.04] as const;
  const labels = bars.flat().flatMap((bar) => (bar ? [bar] : []));
  const groupHeight = (width: number): number => HEADING + others.length * barHeight(width) + 10;
  return {
    height: (width) => measures.length * groupHeight(width) + 86 + 18 * legendLines(names, width),
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
          categoryPercentage: (others.length * barHeight(width)) / groupHeight(width),
          barPercentage: (barHeight(width) - GAP) / barHeight(width),
          minBarLength: 2,
          pointStyle: 'rect' as const,
        })),
      },
      options: {
        ...commonOptions(theme),
        indexAxis: 'y',
        layout: { padding: { right: roomForLabels(labels, range, width) } },
        scales: {
          x: logAxis(theme, {
            title: fitting(
              ['relative cost (baseline = 1x, log scale)', 'baseline = 1x, log scale'],
              width - roomForLabels(labels, range, width),
            ),
            range,
            pixels: width - roomForLabels(labels, range, width),
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
            asides: [`${abbreviate(baseline.label, 28)}: `, ''].map(
              (whose) => `${whose}${measure.show(measure.value(baseline)!)}`,
            ),
          })),
          () => others.length * barHeight(width),
        ),
        barLabels(theme, (s, g) => bars[s]![g]?.text),
      ],
    }),
  };
}

/** Pixels right of the axis: just enough for the texts beside the bars. */
function roomForLabels(
  labels: readonly { readonly ratio: number; readonly text: string }[],
  [from, to]: readonly [number, number],
  width: number,
): number {
  const rooms = labels.map(({ ratio, text }) => {
    const along = Math.log(Math.max(1, ratio) / from) / Math.log(to / from);
    return width - (width - textWidth(text) - 12) / along;
  });
  return Math.max(12, ...rooms);
}

/** Lines that Chart.js's legend needs. */
function legendLines(names: readonly string[], width: number): number {
  const widths = names.map((name) => textWidth(name) + 34);
  return Math.ceil(widths.reduce((sum, one) => sum + one, 0) / Math.max(1, width - Math.max(...widths) / 2));
}
