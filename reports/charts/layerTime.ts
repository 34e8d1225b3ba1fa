// Chart: measured time of each layer against the least time that the ceilings allow.

import { howTimed } from '../text/layerClock.js';
import { times } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { logAxis, logRange } from './axis.js';
import type { Chart } from './chart.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import { milliseconds } from './measures.js';
import { leastMilliseconds, timedLayers } from '../report/timedLayers.js';
import { measured } from './scene.js';
import { cloudHeight, cloudLook } from './theme.js';

export const layerTime: Chart = {
  id: 'layer-time',
  title: 'Layer time against prediction',
  closeUp: true,
  picture(scene) {
    const ceilings = scene.setting?.ceilings;
    if (measured(scene).length === 0)
      return { missing: 'This needs measured layer times: flopscope report --measure --layers, or --runs.' };
    if (!ceilings) return { missing: 'Without measured ceilings there is no prediction to compare with.' };
    const points = scene.focus.flatMap((subject) =>
      timedLayers(subject).flatMap((layer) => {
        const least = leastMilliseconds(layer, ceilings);
        return least > 0 && layer.time.milliseconds > 0
          ? [{ subject, name: layer.time.name, least, ms: layer.time.milliseconds }]
          : [];
      }),
    );
    if (points.length === 0)
      return {
        missing: `No layer was timed${noLayers(scene.focus.map(({ run }) => run?.noLayers ?? null))}.`,
      };
    const subjects = scene.focus.filter(({ place }) => points.some(({ subject }) => subject.place === place));
    const sums = subjects.map((subject) => {
      const own = points.filter((point) => point.subject === subject);
      const sum = (pick: (point: (typeof own)[number]) => number): number =>
        own.reduce((all, one) => all + pick(one), 0);
      return { label: abbreviate(subject.label, 40), over: sum(({ ms }) => ms) / sum(({ least }) => least) };
    });
    const [xs, ys] = [logRange(points.map(({ least }) => least)), logRange(points.map(({ ms }) => ms))];
    const diagonal = [Math.max(xs[0], ys[0]), Math.min(xs[1], ys[1])] as const;
    return {
      lead: `Predicted is a calculation, the larger of FLOPs and fused bytes over their measured ceilings; measured are the layers, ${howTimed(subjects.flatMap(({ run }) => run ?? []))}. On the line a layer is as fast as the ceilings allow. ${sums.map(({ label, over }) => `${label}: ${times(over)} the prediction in all`).join('; ')}.`,
      summary: sums.map(({ label, over }) => `${label}: its layers take ${times(over)} the predicted time`).join('; '),
      table: {
        head: ['Network', 'Layer', 'measured', 'predicted (calculated)', 'ratio'],
        rows: [...points]
          .sort((a, b) => b.ms - b.least - (a.ms - a.least))
          .slice(0, 100)
          .map(({ subject, name, least, ms }) => [
            subject.label,
            name,
            milliseconds(ms),
            milliseconds(least),
            times(ms / least),
          ]),
      },
      height: cloudHeight,
      config: (theme, width) => ({
        type: 'scatter',
        data: {
          datasets: [
            {
              label: 'as fast as predicted',
              data: diagonal[0] < diagonal[1] ? diagonal.map((at) => ({ x: at, y: at })) : [],
              showLine: true,
              pointRadius: 0,
              pointHitRadius: 0,
              borderColor: theme.ink,
              borderWidth: 1.25,
              borderDash: [5, 4],
              pointStyle: 'line' as const,
            },
            ...subjects.map((subject) => ({
              label: abbreviate(subject.label, 28),
              data: points.filter((point) => point.subject === subject).map(({ least, ms }) => ({ x: least, y: ms })),
              ...cloudLook(theme, subject.place),
              pointRadius: 4,
            })),
          ],
        },
        options: {
          ...commonOptions(theme),
          layout: { padding: { right: 12 } },
          scales: {
            x: logAxis(theme, {
              title:
                width < 480
                  ? 'predicted, calculated (ms, log scale)'
                  : 'predicted (calculated) time of a layer (ms, log scale)',
              range: xs,
              pixels: width - 70,
              show: plain,
            }),
            y: logAxis(theme, {
              title: 'measured time (ms, log scale)',
              range: ys,
              pixels: 360,
              room: 40,
              show: plain,
            }),
          },
          plugins: {
            legend: legend(theme),
            tooltip: {
              ...tooltip(theme),
              callbacks: {
                label: ({ datasetIndex, dataIndex }) => {
                  const point = points.filter(({ subject }) => subject === subjects[datasetIndex - 1])[dataIndex];
                  return point
                    ? `${abbreviate(point.name, 48)}: ${milliseconds(point.ms)}, predicted ${milliseconds(point.least)}`
                    : '';
                },
              },
            },
          },
        },
      }),
    };
  },
};

const plain = (value: number): string => String(Number(value.toPrecision(3)));

function noLayers(reasons: readonly (string | null)[]): string {
  const reason = reasons.find((one) => one !== null);
  return reason ? ` (${reason})` : '';
}
