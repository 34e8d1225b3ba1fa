// Bars of the stages of networks, stacked from the first stage to the last, with names and keys.

import { percent } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { axisTitle, tickStyle } from './axis.js';
import { commonOptions, tooltip } from './baseOptions.js';
import type { Picture } from './chart.js';
import { segmentLabels } from './plugins/barTexts.js';
import { stageKeys } from './plugins/stageKeys.js';
import type { Subject } from './scene.js';
import type { StageBar, StageShare } from './stageBars.js';
import { stageBarHeight, stageLayout } from './stageLayout.js';
import { inkOn } from './theme.js';
import { groupName } from '../../src/groupName.js';

export interface StageGroup {
  readonly subject: Subject;
  readonly bars: readonly StageBar[];
}

interface Scale {
  /** Title of the axis, with the unit. */
  readonly axis: string;
  /** Of a stage on the axis. */
  length(part: StageShare): number;
  /** The end of the axis; where absent, a round number behind the longest bar. */
  readonly most?: number;
  /** Between marks of the axis. */
  readonly step?: number;
}

export function stackedStages(
  groups: readonly StageGroup[],
  { axis, length, most, step }: Scale,
): Pick<Picture, 'height' | 'config'> {
  const depth = Math.max(...groups.flatMap(({ bars }) => bars.map(({ shares }) => shares.length)));
  return {
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
            data: rows.map(({ bar, y }) => ({ x: bar.shares[s] ? length(bar.shares[s]) : 0, y })),
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
              ...(most === undefined ? {} : { max: most }),
              title: axisTitle(theme, axis),
              // Its bars have their shares written on them.
              grid: { drawOnChartArea: false, color: theme.grid },
              border: { color: theme.grid },
              ticks: { ...tickStyle(theme), ...(step === undefined ? {} : { stepSize: step }) },
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
                    ? `${abbreviate(groupName(part.stage, 'stage'), 40)}, ${bar.cost}: ${bar.show(part.amount)}, ${percent(part.share, 1) || '0 %'}`
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
}

/** Of the axis and its title. */
const AXIS = 50;

const nameOf = ({ stage }: StageShare): string => abbreviate(groupName(stage, 'stage'), 20);

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
