// Chart: the roofline. Each layer is a point under the two measured ceilings of the device.

import type { Chart as ChartOnCanvas } from 'chart.js';
import type { Run } from '../../src/measure/run.js';
import { percent, short } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { logAxis, logRange } from './axis.js';
import type { Chart } from './chart.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import { milliseconds } from './measures.js';
import { pointNames, type Box } from './plugins/pointNames.js';
import { labelsOf, roofTexts } from './plugins/roofTexts.js';
import { ends, steps, type RoofLabel } from './roofLabels.js';
import { layerPoints, networkPoints } from './rooflinePoints.js';
import { measured } from './scene.js';
import { cloudHeight, cloudLook } from './theme.js';

export const roofline: Chart = {
  id: 'roofline',
  title: 'Roofline',
  closeUp: true,
  picture(scene) {
    const ceilings = scene.setting?.ceilings;
    if (measured(scene).length === 0)
      return { missing: 'This needs measured times and ceilings: flopscope report --measure, or --runs.' };
    if (!ceilings) return { missing: 'The ceilings of this device were not measured (--no-ceilings).' };
    const layers = layerPoints(scene);
    const points = layers.length > 0 ? layers : networkPoints(scene);
    if (points.length === 0) return { missing: 'None of the networks looked at closely was measured here.' };
    const { flopsPerSecond, bytesPerSecond } = ceilings;
    const ridge = flopsPerSecond / bytesPerSecond;
    const xs = logRange([...points.map(({ intensity }) => intensity), ridge / 3, ridge * 2], 0.05);
    const ys = logRange(
      [...points.map((point) => point.flopsPerSecond), flopsPerSecond / 3, flopsPerSecond * 1.6],
      0.04,
    );
    const named = new Map(scene.subjects.map(({ place, label }) => [place, abbreviate(label, 28)]));
    const places = [...new Set(points.map(({ place }) => place))];
    const bound =
      points.reduce((sum, { intensity, share }) => sum + (intensity < ridge ? share : 0), 0) / places.length;
    const what = layers.length > 0 ? 'layer' : 'network';
    const over = points.filter(
      (point) => point.flopsPerSecond > 1.02 * Math.min(flopsPerSecond, bytesPerSecond * point.intensity),
    ).length;
    const words = {
      flat: ceilingWords(`${short(flopsPerSecond)}FLOP/s`, reachedBy(ceilings, 'FLOP/s')),
      slope: ceilingWords(`${short(bytesPerSecond)}B/s`, reachedBy(ceilings, 'bytes/s')),
    };
    return {
      lead: `Each point is a ${what}; ${layers.length > 0 ? 'the larger, the more of the time it takes. ' : 'layers were not timed. '}FLOP/s is 2 x multiply-adds per second. Left of the ridge at ${short(ridge)} FLOPs per byte memory is the limit, right of it arithmetic; the distance to the roof is what the engine leaves unused.${over === 0 ? '' : ` ${over} of ${points.length} lie above the roof: the ceiling was measured on a busier machine, or the engine saves work that is counted.`}`,
      summary: `${short(flopsPerSecond)}FLOP/s and ${short(bytesPerSecond)}B/s are the ceilings; ${percent(bound, 1) || '0 %'} of the time is spent left of the ridge.`,
      table: {
        head: ['Network', 'Layer', 'FLOPs/byte', 'FLOP/s', 'ms', 'share of time'],
        rows: [...points]
          .sort((a, b) => b.milliseconds - a.milliseconds)
          .slice(0, 100)
          .map((point) => [
            named.get(point.place)!,
            point.name,
            short(point.intensity),
            short(point.flopsPerSecond),
            milliseconds(point.milliseconds),
            percent(point.share, 1),
          ]),
      },
      height: cloudHeight,
      config: (theme, width) => ({
        type: 'scatter',
        data: {
          datasets: [
            {
              label: 'roof',
              data: [
                { x: xs[0], y: bytesPerSecond * xs[0] },
                { x: ridge, y: flopsPerSecond },
                { x: xs[1], y: flopsPerSecond },
              ],
              showLine: true,
              pointRadius: 0,
              pointHitRadius: 0,
              borderColor: theme.ink,
              borderWidth: 1.5,
            },
            ...places.map((place) => {
              const own = points.filter((point) => point.place === place);
              return {
                label: named.get(place)!,
                data: own.map(({ intensity, flopsPerSecond: y }) => ({ x: intensity, y })),
                ...cloudLook(theme, place),
                pointRadius: own.map(({ share }) => (layers.length > 0 ? 2.5 + 22 * Math.sqrt(share) : 7)),
                pointHoverRadius: own.map(({ share }) => (layers.length > 0 ? 4 + 22 * Math.sqrt(share) : 9)),
              };
            }),
          ],
        },
        options: {
          ...commonOptions(theme),
          layout: { padding: { right: 12 } },
          scales: {
            x: logAxis(theme, {
              title:
                width < 480 ? 'FLOPs per byte, fused (log scale)' : 'FLOPs per byte of fused memory access (log scale)',
              range: xs,
              pixels: width - 70,
            }),
            y: logAxis(theme, { title: 'FLOP/s (log scale)', range: ys, pixels: 360, room: 40 }),
          },
          plugins: {
            legend: {
              ...legend(theme),
              // Whole networks bear their names.
              display: layers.length > 0,
              labels: { ...legend(theme).labels, filter: ({ text }: { text: string }) => text !== 'roof' },
            },
            tooltip: {
              ...tooltip(theme),
              callbacks: {
                label: ({ datasetIndex, dataIndex }) => {
                  const place = places[datasetIndex - 1];
                  const point = points.filter((one) => one.place === place)[dataIndex];
                  return point
                    ? `${abbreviate(point.name, 48)}: ${short(point.flopsPerSecond)}FLOP/s, ${milliseconds(point.milliseconds)} (${percent(point.share, 1)})`
                    : '';
                },
              },
            },
          },
        },
        plugins: [
          ...(layers.length > 0
            ? []
            : [
                pointNames(
                  theme,
                  (d) => named.get(places[d - 1] ?? -1),
                  34,
                  (chart) => [...aboveRoof(chart, over > 0), ...labelsOf(chart, words).flatMap(boxesOf)],
                ),
              ]),
          roofTexts(theme, words),
        ],
      }),
    };
  },
};

/** What a roof was measured with: a layer may have passed the large products and copies. */
function reachedBy({ how, raised }: NonNullable<Run['ceilings']>, rate: 'FLOP/s' | 'bytes/s'): string {
  if (raised?.includes(`${rate} raised`)) return 'a layer';
  if (rate === 'bytes/s') return 'copy';
  return how.startsWith('convolution') ? 'convolution' : 'matrix product';
}

/** From the longest form to the shortest. */
const ceilingWords = (value: string, how: string): readonly string[] => [`${value}, ${how}`, value];

/**
 * A name above the roof looks like a point there. If points are there, only the line is kept free.
 */
function aboveRoof(chart: ChartOnCanvas, some: boolean): readonly Box[] {
  const { left, right, top } = chart.chartArea;
  const [start, ridge] = chart.getDatasetMeta(0).data;
  const slope = steps(start!, ridge!).map(({ x, y }) => ({
    left: some ? x - 4 : left,
    right: x + 4,
    top: y - 4,
    bottom: y + 4,
  }));
  return [...slope, { left, right, top: some ? ridge!.y - 3 : top, bottom: ridge!.y + 3 }];
}

/** A slanting label as a chain of small boxes. */
const boxesOf = (label: RoofLabel): readonly Box[] =>
  steps(...ends(label)).map(({ x, y }) => ({ left: x - 8, right: x + 8, top: y - 8, bottom: y + 8 }));
