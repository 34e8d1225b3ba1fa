// How much of the device does each network use? Achieved FLOP/s, and the share of what the device reached by itself.

import { short } from '../number.js';
import { abbreviate } from '../visible.js';
import { linearAxis, tick } from './axis.js';
import type { Chart, Missing, Picture } from './chart.js';
import { commonOptions, legend, tooltip } from './baseOptions.js';
import { barLabels, HEADING, headings, verticalLine } from './plugins.js';
import { measured, type Scene } from './scene.js';
import { colourOf, type Theme } from './theme.js';

const BAR = 16;
const UNMEASURED: Missing = { missing: 'This needs measured times: flopscope report --measure, or --runs.' };

export const achieved: Chart = {
  id: 'achieved-flops',
  title: 'Achieved FLOP/s',
  picture(scene) {
    const subjects = measured(scene);
    if (subjects.length === 0) return UNMEASURED;
    return bars({
      lead: 'Work done per second, 2 FLOPs per multiply-add: the computation efficiency of the VoVNet paper, which counts 1. Longer is better use of the device, not less time.',
      rows: subjects.map((subject) => ({
        name: abbreviate(subject.label, 48),
        label: subject.label,
        values: [subject.run.flopsPerSecond],
        texts: [`${short(subject.run.flopsPerSecond)}FLOP/s`],
        place: subject.place,
      })),
      table: {
        head: ['Network', 'FLOP/s (2 per multiply-add)', "the paper's FLOP/s (1 per multiply-add)", 'images/s'],
        rows: subjects.map(({ label, run }) => [
          label,
          short(run.flopsPerSecond),
          short(run.paperFlopsPerSecond),
          short(run.imagesPerSecond),
        ]),
      },
      series: ['FLOP/s'],
      axis: 'FLOP/s',
      show: tick,
      most: undefined,
      room: 100,
    });
  },
};

export const utilisation: Chart = {
  id: 'utilisation',
  title: 'Utilisation of the device',
  picture(scene) {
    const subjects = measured(scene).flatMap((subject) =>
      subject.run.utilisation ? [{ ...subject, use: subject.run.utilisation }] : [],
    );
    if (measured(scene).length === 0) return UNMEASURED;
    if (subjects.length === 0)
      return {
        missing: 'The ceilings of this device were not measured, so the use of it is not known (--no-ceilings).',
      };
    return bars({
      lead: `FLOP/s and bytes/s over what the same engine reached on the same device: ${ceilingText(scene)}. Bytes are the fused memory access, the least an inference compiler would move.`,
      rows: subjects.map(({ label, use, place }) => ({
        name: abbreviate(label, 48),
        label,
        values: [use.compute, use.memory],
        texts: [share(use.compute), share(use.memory)],
        place,
      })),
      table: {
        head: ['Network', 'of the FLOP/s ceiling', 'of the bytes/s ceiling'],
        rows: subjects.map(({ label, use }) => [label, share(use.compute), share(use.memory)]),
      },
      series: ['arithmetic', 'memory'],
      axis: '% of the measured ceiling',
      show: (value) => `${Math.round(100 * value)}`,
      most: 1,
      room: 52,
    });
  },
};

export const share = (part: number): string => `${(100 * part).toPrecision(part >= 0.1 ? 3 : 2)} %`;

function ceilingText({ setting }: Scene): string {
  const ceilings = setting?.ceilings;
  return ceilings
    ? `${short(ceilings.flopsPerSecond)}FLOP/s in a large matrix product, ${short(ceilings.bytesPerSecond)}B/s in a large copy`
    : 'a large matrix product and a large copy';
}

interface Bars {
  readonly lead: string;
  readonly rows: readonly {
    readonly name: string;
    readonly label: string;
    readonly values: readonly number[];
    readonly texts: readonly string[];
    readonly place: number;
  }[];
  readonly table: Picture['table'];
  readonly series: readonly string[];
  readonly axis: string;
  readonly show: (value: number) => string;
  /** Least end of the axis. */
  readonly most: number | undefined;
  readonly room: number;
}

function bars({ lead, rows, table, series, axis, show, most, room }: Bars): Picture {
  const several = series.length > 1;
  // Two charts of one row each stand side by side: they have one height, whatever the number of their series.
  const [bar, groupHeight, top] = several ? [BAR, HEADING + series.length * BAR + 8, 0] : [24, HEADING + 40, 26];
  const colour = (theme: Theme, s: number): string | string[] =>
    several ? theme.series[s]! : rows.map(({ place }) => colourOf(theme, place));
  return {
    lead,
    summary: rows
      .map(
        ({ label, texts }) =>
          `${abbreviate(label, 40)}: ${texts.map((text, s) => (several ? `${series[s]!} ${text}` : text)).join(', ')}`,
      )
      .join('; '),
    table,
    height: () => rows.length * groupHeight + 92,
    config: (theme) => ({
      type: 'bar',
      data: {
        labels: rows.map(({ name }) => name),
        datasets: series.map((label, s) => ({
          label,
          data: rows.map(({ values }) => values[s]!),
          backgroundColor: colour(theme, s),
          categoryPercentage: (series.length * bar) / groupHeight,
          barPercentage: (bar - 3) / bar,
          minBarLength: 2,
          pointStyle: 'rect' as const,
        })),
      },
      options: {
        ...commonOptions(theme),
        indexAxis: 'y',
        layout: { padding: { right: room, top } },
        scales: {
          x: { ...linearAxis(theme, axis, show), ...(most === undefined ? {} : { suggestedMax: most }) },
          y: { ticks: { display: false }, grid: { display: false }, border: { display: false } },
        },
        plugins: {
          legend: legend(theme, several),
          tooltip: {
            ...tooltip(theme),
            callbacks: { label: ({ datasetIndex, dataIndex }) => rows[dataIndex]!.texts[datasetIndex]! },
          },
        },
      },
      plugins: [
        ...(most === undefined ? [] : [verticalLine(theme, most, '')]),
        headings(theme, rows, () => series.length * bar),
        barLabels(theme, (s, i) => rows[i]!.texts[s]),
      ],
    }),
  };
}
