// Chart: a count against the time of each measured network, with their rank correlation.

import { short } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { logAxis, logRange } from './axis.js';
import type { Chart } from './chart.js';
import { commonOptions, tooltip } from './baseOptions.js';
import { ACCESS, milliseconds, MULT_ADDS, type Measure } from './measures.js';
import { correlationInterval, FEWEST_TO_TELL, rankCorrelation } from '../../src/explain/rank.js';
import { pointNames } from './plugins/pointNames.js';
import { measured } from './scene.js';
import { colourOf, faded, shapeOf } from './theme.js';

/** Where enough networks were measured, but too few of them were counted as a whole. */
const BOUNDS = 'This needs two measured networks whose counts are no lower bounds.';

const scatter = (id: string, title: string, measure: Measure, unit: string): Chart => ({
  id,
  title,
  picture(scene) {
    const timed = measured(scene);
    const points = timed.flatMap((subject) => {
      const cost = measure.value(subject);
      // A lower bound has no place on the axis.
      return cost === null || cost <= 0 || subject.network.lowerBound
        ? []
        : [{ subject, cost, time: subject.run.times.median }];
    });
    if (points.length < 2)
      return {
        missing:
          timed.length > 1
            ? BOUNDS
            : 'This needs measured times of at least two networks: flopscope report --measure, or --runs.',
      };
    const agreement = agreementOf(points.map(({ cost, time }) => [cost, time] as const));
    const [xs, ys] = [
      logRange(points.map(({ cost }) => cost)),
      logRange(
        points.map(({ time }) => time),
        0.12,
      ),
    ];
    return {
      lead: `${agreement} At 1 the count orders networks as their times do; at 0 it says nothing.`,
      summary: `${agreement} ${points.map(({ subject, cost, time }) => `${abbreviate(subject.label, 40)}: ${short(cost)} ${unit}, ${milliseconds(time)}`).join('; ')}`,
      table: {
        head: ['Network', measure.title, 'Time'],
        rows: points.map(({ subject, cost, time }) => [subject.label, short(cost), milliseconds(time)]),
      },
      height: (width) => Math.max(290, Math.min(440, 0.72 * width)),
      config: (theme, width) => ({
        type: 'scatter',
        data: {
          datasets: points.map(({ subject, cost, time }) => ({
            label: abbreviate(subject.label, 28),
            data: [{ x: cost, y: time }],
            pointStyle: shapeOf(subject.place),
            pointRadius: 6,
            pointHoverRadius: 8,
            borderWidth: 2,
            borderColor: colourOf(theme, subject.place),
            backgroundColor: faded(colourOf(theme, subject.place), 0.35),
          })),
        },
        options: {
          ...commonOptions(theme),
          layout: { padding: { right: 12, top: 6 } },
          scales: {
            x: logAxis(theme, {
              title: `${measure.title}${unit === 'elements' ? (width < 420 ? ' (log scale)' : ' (elements, log scale)') : ' (log scale)'}`,
              range: xs,
              pixels: width - 70,
            }),
            y: logAxis(theme, {
              title: `time per batch of ${scene.batch} (ms, log scale)`,
              range: ys,
              pixels: 280,
              room: 36,
              show: (value) => String(value),
            }),
          },
          plugins: {
            legend: { display: false },
            tooltip: {
              ...tooltip(theme),
              callbacks: {
                label: ({ datasetIndex }) => {
                  const { subject, cost, time } = points[datasetIndex]!;
                  return `${abbreviate(subject.label, 40)}: ${short(cost)} ${unit}, ${milliseconds(time)}`;
                },
              },
            },
          },
        },
        plugins: [
          pointNames(theme, (d) => abbreviate(points[d]!.subject.label, width < 500 ? 18 : 28), width < 500 ? 20 : 52),
        ],
      }),
    };
  },
});

function agreementOf(points: readonly (readonly [number, number])[]): string {
  const rank = rankCorrelation(points);
  if (points.length < 3) return `${points.length} networks are too few for a rank correlation.`;
  if (rank === null) return 'Where all networks are equal there is no rank correlation.';
  const correlation = `Rank correlation (Spearman) ${rank.toFixed(2)} over ${points.length} networks`;
  if (points.length < FEWEST_TO_TELL) return `${correlation}: too few to tell from chance.`;
  const interval = correlationInterval(rank, points.length)?.map((end) => end.toFixed(2));
  return `${correlation}${interval ? `, 95 % interval ${interval.join(' to ')}` : ''}.`;
}

export const multAddsAgainstTime = scatter(
  'mult-adds-against-time',
  'Multiply-adds against time',
  MULT_ADDS,
  'multiply-adds',
);
export const accessAgainstTime = scatter(
  'memory-access-against-time',
  'Memory access against time',
  ACCESS,
  'elements',
);
