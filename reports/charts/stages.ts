// Chart: the share of each stage in multiply-adds, memory access and measured time.

import { percent } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import type { Chart } from './chart.js';
import { axisTitle, tickStyle } from './axis.js';
import { commonOptions, tooltip } from './baseOptions.js';
import { segmentLabels } from './plugins/barTexts.js';
import { stageKeys } from './plugins/stageKeys.js';
import { stageBars, type StageBar, type StageShare } from './stageBars.js';
import { stageBarHeight, stageLayout } from './stageLayout.js';
import { inkOn } from './theme.js';

export const stages: Chart = {
  id: 'stages',
  title: 'Cost by stage',
  picture(scene) {
    const subjects = scene.focus.filter(({ network }) => network.stages !== null);
    if (subjects.length === 0) return { missing: 'The stages of these networks are not known: name them as MODEL.' };
    const groups = subjects.map((subject) => ({ subject, bars: stageBars(subject, scene) }));
    const flat = groups.flatMap(({ subject, bars }) => bars.map((bar) => ({ subject, bar })));
    const depth = Math.max(...flat.map(({ bar }) => bar.shares.length));
    const timed = flat.some(({ bar }) => bar.cost === 'time');
    return {
      lead: `Shares of the whole, from the first stage on the left to the last on the right${timed ? '; time is the sum of its layers, each timed alone' : ''}. Where the second bar differs from the first, multiply-adds mislead.`,
      summary: flat
        .map(
          ({ subject, bar }) =>
            `${abbreviate(subject.label, 40)}, ${bar.cost}: ${bar.shares.map(({ stage, share }) => `${abbreviate(stage, 24)} ${percent(share, 1) || '0 %'}`).join(', ')}`,
        )
        .join('; '),
      table: {
        head: ['Network', 'Cost', 'Stage', 'Amount', 'Share'],
        rows: flat.flatMap(({ subject, bar }) =>
          bar.shares.map(({ stage, amount, share }) => [
            subject.label,
            bar.cost,
            stage || '(none)',
            bar.show(amount),
            percent(share, 1) || '0 %',
          ]),
        ),
      },
      height: (width) => layoutOf(groups, width).height + AXIS,
      config: (theme, width) => {
        const { places } = layoutOf(groups, width);
        const rows = groups.flatMap(({ bars }, g) => bars.map((bar, b) => ({ bar, y: places[g]!.bars[b]! })));
        const colour = (stage: number): string => theme.sequence[stage % theme.sequence.length]!;
        return {
          type: 'bar',
          data: {
            datasets: Array.from({ length: depth }, (_, s) => ({
              label: `stage ${s + 1}`,
              data: rows.map(({ bar, y }) => ({ x: 100 * (bar.shares[s]?.share ?? 0), y })),
              backgroundColor: colour(s),
              borderColor: theme.surface,
              borderWidth: { right: 1 },
              barThickness: stageBarHeight(width),
            })),
          },
          options: {
            ...commonOptions(theme),
            indexAxis: 'y',
            layout: { padding: { right: 12 } },
            scales: {
              x: {
                type: 'linear',
                stacked: true,
                min: 0,
                max: 100,
                title: axisTitle(theme, '% of the whole network'),
                // Its bars have their shares written on them.
                grid: { drawOnChartArea: false, color: theme.grid },
                border: { color: theme.grid },
                ticks: { ...tickStyle(theme), stepSize: 25 },
              },
              // Pixels from the top: names and keys of the networks stand between their bars.
              y: {
                type: 'linear',
                stacked: true,
                offset: false,
                reverse: true,
                min: 0,
                max: layoutOf(groups, width).height,
                grid: { display: false },
                border: { display: false },
                afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
                  scale.ticks = rows.map(({ y }) => ({ value: y }));
                },
                ticks: {
                  ...tickStyle(theme),
                  crossAlign: 'far',
                  callback: (value: string | number) => rows.find(({ y }) => y === value)?.bar.cost ?? '',
                },
              },
            },
            plugins: {
              legend: { display: false },
              tooltip: {
                ...tooltip(theme),
                callbacks: {
                  title: () => '',
                  label: ({ datasetIndex, dataIndex }) => {
                    const { bar } = rows[dataIndex]!;
                    const part = bar.shares[datasetIndex];
                    return part
                      ? `${abbreviate(part.stage, 40) || '(no stage)'}, ${bar.cost}: ${bar.show(part.amount)}, ${percent(part.share, 1) || '0 %'}`
                      : '';
                  },
                },
              },
            },
          },
          plugins: [
            stageKeys(
              theme,
              groups.map(({ subject }) => abbreviate(subject.label, 48)),
              places,
              colour,
            ),
            segmentLabels(
              (s) => inkOn(theme, colour(s)),
              (s, i) => segmentTexts(rows[i]!.bar.shares[s], width),
            ),
          ],
        };
      },
    };
  },
};

/** Of the axis and its title. */
const AXIS = 50;

const nameOf = ({ stage }: StageShare): string => abbreviate(stage, 20) || '(no stage)';

const layoutOf = (groups: readonly { readonly bars: readonly StageBar[] }[], width: number) =>
  stageLayout(
    groups.map(({ bars }) => ({ stages: (bars[0]?.shares ?? []).map(nameOf), bars: bars.length })),
    width,
  );

/** Where few names would fit they stand in the key only. */
const NAMED = 480;

function segmentTexts(part: StageShare | undefined, width: number): readonly string[] {
  if (!part) return [];
  const share = `${Math.round(100 * part.share)} %`;
  return width < NAMED ? [share] : [`${nameOf(part)}  ${share}`, share];
}
