// Chart: ratios of an experiment's variants to the first: our time, the paper's, memory access.

import type { Outcome, TrialOutcome } from '../../src/lab/outcome.js';
import { times } from '../text/number.js';
import { timeText } from '../text/timeText.js';
import { logAxis } from './axis.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import type { Picture } from './chart.js';
import { barLabels } from './plugins/barTexts.js';
import { HEADING, headings } from './plugins/headings.js';
import { verticalLine } from './plugins/verticalLine.js';
import { whiskers } from './plugins/whiskers.js';
import type { Theme } from './theme.js';

const BAR = 17;
/** Room for "12.30x (11.90 to 12.71)" beside a bar. */
const LABEL_ROOM = 150;
/** Pixels of the legend: an item, and a line of items. */
const [LEGEND_ITEM, LEGEND_LINE] = [190, 24];
/** Multiply-adds are drawn where they are not meant to be equal. */
const EQUAL = 0.07;

interface Series {
  readonly title: string;
  /** Place in the theme's colours, the same in every chart. */
  readonly place: number;
  value(trial: TrialOutcome): number | null;
}

const TIME: Series = { title: 'time here', place: 0, value: ({ ratios }) => ratios.time };
const SERIES: readonly Series[] = [
  TIME,
  { title: "time, the paper's GPU", place: 1, value: ({ published }) => published.gpu },
  { title: "time, the paper's ARM", place: 4, value: ({ published }) => published.arm },
  { title: 'memory access', place: 2, value: ({ ratios }) => ratios.memoryAccess },
];
const MULT_ADDS: Series = { title: 'multiply-adds', place: 7, value: ({ ratios }) => ratios.multAdds };

/** @param scaleName what a scale is, where there are several: "channels x2" */
export function labPicture(
  { trials }: Pick<Outcome, 'trials'>,
  scaleName: (scale: number) => string = (scale) => `channels x${scale}`,
): Picture {
  const firstOf = (trial: TrialOutcome): TrialOutcome => trials.find(({ scale }) => scale === trial.scale)!;
  const drawn = trials.filter((trial) => trial !== firstOf(trial));
  const several = new Set(drawn.map(({ scale }) => scale)).size > 1;
  const unequal = drawn.some(({ ratios }) => Math.abs(ratios.multAdds - 1) > EQUAL);
  const series = [...SERIES, ...(unequal ? [MULT_ADDS] : [])].filter((one) =>
    drawn.some((trial) => one.value(trial) !== null),
  );
  const text = (one: Series, trial: TrialOutcome): string => {
    return one === TIME ? timeText(trial.ratios) : times(one.value(trial));
  };
  const name = (trial: TrialOutcome): string => `${trial.variant}${several ? `, ${scaleName(trial.scale)}` : ''}`;
  const reach = ({ ratios: { interval } }: TrialOutcome): readonly [number, number] | undefined =>
    interval ?? undefined;
  const values = drawn.flatMap((trial) => [
    ...series.flatMap((one) => one.value(trial) ?? []),
    ...(reach(trial) ?? []),
  ]);
  const groupHeight = HEADING + series.length * BAR + 10;
  const firsts = [...new Set(drawn.map((trial) => firstOf(trial).variant))].join(', ');
  return {
    lead: `Each bar runs from "${firsts}" (1x) to the variant: to the right it takes more, to the left less. The scale is logarithmic${drawn.some(reach) ? '; the line at the end of a time is its 95 % interval between sessions' : ''}.`,
    summary: drawn
      .map((trial) => `${name(trial)}: ${series.map((one) => `${one.title} ${text(one, trial)}`).join(', ')}`)
      .join('; '),
    table: {
      head: ['variant', ...series.map(({ title }) => title)],
      rows: drawn.map((trial) => [name(trial), ...series.map((one) => text(one, trial))]),
    },
    height: (width) =>
      drawn.length * groupHeight +
      86 +
      LEGEND_LINE * Math.ceil(series.length / Math.max(1, Math.floor(width / LEGEND_ITEM))),
    config: (theme: Theme, width) => ({
      type: 'bar',
      data: {
        labels: drawn.map(name),
        datasets: series.map((one) => ({
          label: one.title,
          data: drawn.map((trial): [number, number] | null => {
            const value = one.value(trial);
            return value === null ? null : [Math.min(1, value), Math.max(1, value)];
          }),
          backgroundColor: theme.series[one.place]!,
          borderColor: theme.series[one.place]!,
          categoryPercentage: (series.length * BAR) / groupHeight,
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
            title: `over ${firsts} (log scale)`,
            range: [Math.min(0.8, ...values) * 0.94, Math.max(1.25, ...values) * 1.04],
            pixels: width - LABEL_ROOM,
            room: 44,
            show: (value) => `${value}x`,
          }),
          y: { offset: true, ticks: { display: false }, grid: { display: false }, border: { display: false } },
        },
        plugins: {
          legend: legend(theme),
          tooltip: {
            ...tooltip(theme),
            callbacks: { label: ({ datasetIndex, dataIndex }) => text(series[datasetIndex]!, drawn[dataIndex]!) },
          },
        },
      },
      plugins: [
        verticalLine(theme, 1),
        headings(
          theme,
          drawn.map((trial) => ({ name: name(trial), asides: [trial.widths] })),
          () => series.length * BAR,
        ),
        whiskers(theme, (s, i) => (series[s] === TIME ? reach(drawn[i]!) : undefined)),
        barLabels(theme, (s, i) => (series[s]!.value(drawn[i]!) === null ? undefined : text(series[s]!, drawn[i]!)), {
          reach: (s, i) => (series[s] === TIME ? reach(drawn[i]!)?.[1] : undefined),
        }),
      ],
    }),
  };
}
