// Chart: memory access of each convolution over its lower bound, one panel a network.

import { abbreviate } from '../../src/visible.js';
import { axisTitle, tickStyle } from './axis.js';
import type { Chart } from './chart.js';
import { commonOptions, tooltip } from './baseOptions.js';
import { axisCaption, CAPTION } from './plugins/axisCaption.js';
import { panelNames } from './plugins/panelNames.js';
import { balanceOf } from '../report/layerRow.js';
import { layersOf } from '../report/timedLayers.js';
import { fitting, textWidth } from './textWidth.js';
import { colourOf, faded } from './theme.js';

/** Of one panel; lower on paper; higher on a phone, where its figures have a line of their own. */
const panelHeight = (width: number): number => (width < 480 ? 132 : width < 700 ? 90 : 126);

const CAPTIONS = ['memory access over its bound, × (1 is the least)', 'memory access over its bound, ×'] as const;
const POSITIONS = ['position in the network (% of its convolutions)', 'position (% of convolutions)'] as const;

export const balance: Chart = {
  id: 'balance',
  title: 'Balance of the convolutions along the depth',
  closeUp: true,
  picture(scene) {
    const panels = scene.focus.flatMap((subject) => {
      const convolutions = layersOf(subject).flatMap((layer) => {
        const value = balanceOf(layer);
        return value === null ? [] : [{ name: layer.name, value }];
      });
      if (convolutions.length === 0) return [];
      const { memoryAccess, memoryAccessBound } = subject.network.totals;
      const worst = convolutions.reduce((a, b) => (b.value > a.value ? b : a));
      return [{ subject, convolutions, worst, mean: memoryAccess.conv / memoryAccessBound.conv }];
    });
    if (panels.length === 0)
      return { missing: 'The convolutions of these networks are not known: name them as MODEL.' };
    const most = Math.max(1.2, ...panels.map(({ worst }) => worst.value)) * 1.04;
    const texts = panels.map(({ subject, mean, convolutions, worst }) => {
      const figures = `${mean.toFixed(2)}x in all, worst ${worst.value.toFixed(2)}x`;
      return {
        name: abbreviate(subject.label, 40),
        figures: [`${figures}, ${convolutions.length} convolutions`, figures],
      };
    });
    return {
      lead: 'Memory access over the least that a convolution with the same multiply-adds could have: 1 where input and output channels are equal, higher where they differ. Dense connections grow the input of every layer; one-shot aggregation does so once per module.',
      summary: texts.map(({ name, figures: [longest] }) => `${name}: ${longest!}`).join('; '),
      table: {
        head: ['Network', 'in all', 'worst', 'worst convolution', 'convolutions'],
        rows: panels.map(({ subject, mean, worst, convolutions }) => [
          subject.label,
          mean.toFixed(2),
          worst.value.toFixed(2),
          worst.name,
          String(convolutions.length),
        ]),
      },
      height: (width) => panels.length * panelHeight(width) + CAPTION + 56,
      config: (theme, width) => ({
        type: 'line',
        data: {
          datasets: panels.map(({ subject, convolutions }, i) => ({
            label: abbreviate(subject.label, 40),
            yAxisID: `y${i}`,
            // The last value twice: it ends the line, and a single convolution gets a width.
            data: [...convolutions, convolutions.at(-1)!].map(({ value }, at) => ({
              x: (100 * at) / convolutions.length,
              y: value,
            })),
            stepped: 'before' as const,
            fill: { value: 1 },
            borderColor: colourOf(theme, subject.place),
            backgroundColor: faded(colourOf(theme, subject.place), 0.25),
            borderWidth: 1.25,
            pointRadius: 0,
            pointHitRadius: 6,
          })),
        },
        options: {
          ...commonOptions(theme),
          layout: { padding: { right: 12, top: CAPTION } },
          scales: {
            x: {
              type: 'linear',
              min: 0,
              max: 100,
              title: axisTitle(theme, fitting(POSITIONS, width - 64)),
              grid: { color: theme.grid },
              border: { color: theme.grid },
              ticks: { ...tickStyle(theme), stepSize: 25 },
            },
            ...Object.fromEntries(
              // Stacked from the bottom up.
              [...panels.keys()].reverse().map((i) => [
                `y${i}`,
                {
                  type: 'linear' as const,
                  position: 'left' as const,
                  stack: 'panels',
                  stackWeight: 1,
                  // Room above the curve for the name of its network.
                  min: 1,
                  max: 1 + (most - 1) * (width < 480 ? 1.65 : 1.5),
                  grid: { color: theme.grid },
                  border: { color: theme.grid },
                  afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
                    scale.ticks = panelTicks(most).map((value) => ({ value }));
                  },
                  ticks: { ...tickStyle(theme), callback: (value: string | number) => `${value}x` },
                  // Chart.js would divide half the width among the stacked axes, as if
                  // they stood in a row.
                  afterFit: (scale: { width: number }) => {
                    scale.width = 14 + Math.max(...panelTicks(most).map((value) => textWidth(`${value}x`)));
                  },
                },
              ]),
            ),
          },
          plugins: {
            legend: { display: false },
            tooltip: {
              ...tooltip(theme),
              callbacks: {
                title: () => '',
                label: ({ datasetIndex, dataIndex }) => {
                  const { convolutions } = panels[datasetIndex]!;
                  const { name, value } = convolutions[Math.min(dataIndex, convolutions.length - 1)]!;
                  return `${abbreviate(name, 48)}: ${value.toFixed(2)}x its bound`;
                },
              },
            },
          },
        },
        plugins: [axisCaption(theme, fitting(CAPTIONS, width - 8)), panelNames(theme, texts)],
      }),
    };
  },
};

function panelTicks(most: number): readonly number[] {
  const step = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50].find((size) => (most - 1) / size <= 3.2) ?? 100;
  const ticks: number[] = [];
  for (let value = 1; value <= most; value += step) ticks.push(Number(value.toFixed(2)));
  return ticks;
}
