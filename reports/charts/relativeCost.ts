// How do the networks compare in every cost at once? Bars from the baseline's 1x to the left (less) or right (more).

import { times } from '../number.js';
import { abbreviate } from '../visible.js';
import { logAxis } from './axis.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import type { Chart, Picture } from './chart.js';
import { ACCESS, MEASURES, MULT_ADDS, TIME, type Measure } from './measures.js';
import { barLabels, HEADING, headings, verticalLine, type Heading } from './plugins.js';
import type { Scene, Subject } from './scene.js';
import { colourOf, type Theme } from './theme.js';

/** Pixels per bar: of a few networks, and of many. */
const [BAR, THIN_BAR] = [17, 12];
/** Room for "12.3 G  0.69x" beside a bar. */
const LABEL_ROOM = 112;
/** With more networks than this the networks become the groups, and only three costs are drawn. */
const FEW = 5;

/** A bar: one cost of one network over the same cost of the baseline. */
interface Bar {
  readonly group: number;
  readonly series: number;
  readonly subject: Subject;
  readonly measure: Measure;
  readonly value: number;
  readonly ratio: number;
}

export const relativeCost: Chart = {
  id: 'relative-cost',
  title: 'Cost relative to the baseline',
  picture(scene) {
    const { baseline } = scene;
    const others = scene.subjects.filter(({ place }) => place !== baseline.place);
    const measures = MEASURES.filter((measure) => (measure.value(baseline) ?? 0) > 0);
    if (others.length === 0) return { missing: 'One network alone has nothing to be compared with.' };
    const few = others.length <= FEW;
    const drawn = few ? measures : measures.filter((measure) => [MULT_ADDS, ACCESS, TIME].includes(measure));
    const bars = others.flatMap((subject, s) =>
      drawn.flatMap((measure, m): Bar[] => {
        const value = measure.value(subject);
        const ratio = value === null ? null : value / measure.value(baseline)!;
        const [group, series] = few ? [m, s] : [s, m];
        return value === null || ratio === null || ratio <= 0
          ? []
          : [{ group, series, subject, measure, value, ratio }];
      }),
    );
    const groups: readonly Heading[] = few
      ? drawn.map((measure) => ({
          name: measure.title,
          aside: `${abbreviate(baseline.label, 28)}: ${measure.show(measure.value(baseline)!)}`,
        }))
      : others.map(({ label }) => ({ name: abbreviate(label, 48) }));
    const series = few ? others.map(({ label }) => abbreviate(label, 28)) : drawn.map(({ title }) => title);
    const colour = (theme: Theme, s: number): string => colourOf(theme, few ? others[s]!.place : s);
    return picture(scene, { bars, groups, series, colour, measures, others });
  },
};

interface Parts {
  readonly bars: readonly Bar[];
  readonly groups: readonly Heading[];
  readonly series: readonly string[];
  readonly colour: (theme: Theme, series: number) => string;
  readonly measures: readonly Measure[];
  readonly others: readonly Subject[];
}

function picture(scene: Scene, { bars, groups, series, colour, measures, others }: Parts): Picture {
  const { baseline } = scene;
  const name = abbreviate(baseline.label, 40);
  const bar = groups.length > MEASURES.length ? THIN_BAR : BAR;
  const groupHeight = HEADING + series.length * bar + (bar === BAR ? 10 : 2);
  const at = new Map(bars.map((bar) => [`${bar.series}/${bar.group}`, bar]));
  const barAt = (s: number, g: number): Bar | undefined => at.get(`${s}/${g}`);
  const ratios = bars.map(({ ratio }) => ratio);
  return {
    lead: `Each bar runs from ${name} (1x) to the network's own cost: to the left it needs less, to the right more. The scale is logarithmic; labels give the amount itself and its ratio.`,
    summary: bars
      .map(({ subject, measure, ratio }) => `${abbreviate(subject.label, 40)} ${measure.title}: ${times(ratio)}`)
      .slice(0, 24)
      .join('; '),
    table: {
      head: ['Network', ...measures.flatMap(({ title }) => [title, 'ratio'])],
      rows: [baseline, ...others].map((subject) => [
        subject.label,
        ...measures.flatMap((measure) => {
          const value = measure.value(subject);
          return value === null ? ['not measured', ''] : [measure.show(value), times(value / measure.value(baseline)!)];
        }),
      ]),
    },
    height: () => groups.length * groupHeight + 86 + 18 * Math.ceil(series.join('').length / 60),
    config: (theme, width) => ({
      type: 'bar',
      data: {
        labels: groups.map(({ name: text }) => text),
        datasets: series.map((label, s) => ({
          label,
          data: groups.map((_, g) => {
            const bar = barAt(s, g);
            return bar ? ([Math.min(1, bar.ratio), Math.max(1, bar.ratio)] as [number, number]) : null;
          }),
          backgroundColor: colour(theme, s),
          borderColor: colour(theme, s),
          categoryPercentage: (series.length * bar) / groupHeight,
          barPercentage: (bar === BAR ? BAR - 4 : bar - 2) / bar,
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
          y: {
            // The heading's room lies above the bars of each group.
            offset: true,
            ticks: { display: false },
            grid: { display: false },
            border: { display: false },
          },
        },
        plugins: {
          legend: legend(theme, series.length > 1),
          tooltip: {
            ...tooltip(theme),
            callbacks: {
              label: ({ datasetIndex, dataIndex }) => {
                const bar = barAt(datasetIndex, dataIndex);
                return bar
                  ? `${abbreviate(bar.subject.label, 40)}: ${bar.measure.show(bar.value)}, ${times(bar.ratio)}`
                  : '';
              },
            },
          },
        },
      },
      plugins: [
        verticalLine(theme, 1, ''),
        headings(theme, groups, () => series.length * bar),
        barLabels(theme, (s, g) => {
          const bar = barAt(s, g);
          return bar && `${bar.measure.show(bar.value)}  ${times(bar.ratio)}`;
        }),
      ],
    }),
  };
}
