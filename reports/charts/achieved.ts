// Chart: achieved FLOP/s of each network, the "computation efficiency" of the VoVNet paper.

import { short } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { linearAxis, tick } from './axis.js';
import type { Chart } from './chart.js';
import { dotRowsConfig, dotRowsHeight, FEW, type DotRows } from './dotRows.js';
import { rateText } from './measures.js';
import { measured, UNMEASURED } from './scene.js';
import { valueBars } from './valueBars.js';

export const achieved: Chart = {
  id: 'achieved-flops',
  title: 'Achieved FLOP/s',
  picture(scene) {
    const subjects = measured(scene);
    if (subjects.length === 0) return UNMEASURED;
    const rows = subjects.map((subject) => ({
      label: subject.label,
      place: subject.place,
      values: [subject.run.flopsPerSecond],
      texts: [rateText(subject, short(subject.run.flopsPerSecond))],
    }));
    const many: DotRows = {
      series: [
        {
          label: 'FLOP/s (2 x multiply-adds per second)',
          head: 'FLOP/s',
          look: (theme) => ({
            pointStyle: 'circle',
            borderColor: theme.series[0]!,
            backgroundColor: theme.series[0]!,
          }),
        },
      ],
      rows: [...rows]
        .sort((a, b) => b.values[0]! - a.values[0]!)
        .map(({ label, values, texts }) => ({ name: abbreviate(label, 22), values, texts })),
      from: 0,
      axis: (theme) => linearAxis(theme, 'FLOP/s', tick),
    };
    return {
      lead: 'Work done per second, 2 FLOPs per multiply-add: the computation efficiency of the VoVNet paper, which counts 1. Longer is better use of the device, not less time.',
      summary: rows.map(({ label, texts }) => `${abbreviate(label, 40)}: ${texts[0]!}FLOP/s`).join('; '),
      table: {
        head: ['Network', 'FLOP/s (2 x multiply-adds per second)', 'multiply-adds/s', 'images/s'],
        rows: subjects.map((subject) => [
          subject.label,
          rateText(subject, short(subject.run.flopsPerSecond)),
          rateText(subject, short(subject.run.paperFlopsPerSecond)),
          short(subject.run.imagesPerSecond),
        ]),
      },
      ...(rows.length <= FEW
        ? valueBars({
            rows: rows.map((row) => ({ ...row, texts: row.texts.map((text) => `${text}FLOP/s`) })),
            axis: 'FLOP/s',
            show: tick,
          })
        : {
            height: (width) => dotRowsHeight(many, width),
            config: (theme, width) => dotRowsConfig(many, theme, width),
          }),
    };
  },
};
