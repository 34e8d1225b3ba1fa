// Chart: where the cost of one network lies: stages, blocks and layers, each as wide as its share.

import { groupName } from '../../src/groupName.js';
import { abbreviate, visible } from '../../src/visible.js';
import { briefName, costsOf, partsOf, totalOf, type Part } from '../report/costParts.js';
import { layersOf } from '../report/timedLayers.js';
import { percent } from '../text/number.js';
import { linearAxis } from './axis.js';
import { commonOptions } from './baseOptions.js';
import type { Chart } from './chart.js';
import { nestedParts, ROW, type Bar } from './plugins/nestedParts.js';
import { blended, type Theme } from './theme.js';

/** The page has its own, which opens at a click, so this one is drawn for files alone. */
export const icicle: Chart = {
  id: 'icicle',
  title: 'Where the cost lies',
  picture({ answer, subjects: [subject] }) {
    if (!answer || !subject) return { missing: 'Only the report of one network has it.', unasked: true };
    const layers = layersOf(subject);
    const [cost] = costsOf(answer);
    const whole = partsOf(layers, cost!);
    if (whole.cost === 0) return { missing: 'No layer of it has a cost.', unasked: true };
    const bars = barsOf(whole.parts, whole.cost);
    const rows = Math.max(...bars.map(({ row, rows: own }) => row + own));
    const largest = [...bars].sort((a, b) => b.to - b.from - (a.to - a.from));
    const share = (part: number): string => percent(part, 1) || '0 %';
    return {
      lead: `${abbreviate(subject.label, 60)}: ${cost!.show(whole.cost)}${cost!.sum}, by ${cost!.title}. Stages stand above their blocks, and these above their layers; each is as wide as its share.${answer.kind === 'predicted' ? '' : ` ${answer.basis}`}`,
      summary: whole.parts
        .map((stage) => `${abbreviate(groupName(stage.name, 'stage'), 24)} ${share(stage.cost / whole.cost)}`)
        .join(', '),
      table: {
        head: ['Part', 'Share'],
        rows: largest.slice(0, 100).map(({ name, from, to }) => [name, share(to - from)]),
      },
      ...(answer.kind === 'predicted' ? { source: answer.basis } : {}),
      height: () => rows * ROW + 56,
      config: (theme) => ({
        type: 'scatter',
        data: { datasets: [{ data: [] }] },
        options: {
          ...commonOptions(theme),
          scales: {
            x: {
              ...linearAxis(theme, `% of the ${cost!.title}`),
              ...{ min: 0, max: 100, grid: { display: false } },
            },
            y: { display: false, min: 0, max: rows },
          },
          plugins: { legend: { display: false }, tooltip: { enabled: false } },
        },
        plugins: [nestedParts(theme, bars)],
      }),
    };
  },
};

/** Narrower parts are drawn together: they would be less than a pixel wide. */
const LEAST = 0.001;

/** Stages have colours in turn; what is in them is paler from row to row. */
function barsOf(stages: readonly Part[], whole: number): readonly Bar[] {
  const depth = Math.max(...stages.map(depthOf));
  const bars: Bar[] = [];
  const place = (parts: readonly Part[], start: number, row: number, around: string, stage: Colour): void => {
    const colour = (theme: Theme): string => blended(theme, stage(theme), ALPHA[row]!);
    let at = start;
    let small: Part[] = [];
    const add = (name: string, own: readonly Part[]): void => {
      const width = totalOf(own) / whole;
      const [only] = own;
      const rows = own.length === 1 && only!.parts.length > 0 ? 1 : depth - row;
      const label = visible(briefName(name, around)) || groupName('', 'stage');
      bars.push({ from: at, to: at + width, row, rows, name: label, share: percent(width, 1) || '0 %', colour });
      if (rows === 1 && own.length === 1) place(only!.parts, at, row + 1, name, stage);
      at += width;
    };
    const flush = (): void => {
      if (small.length > 0) add(small.length === 1 ? small[0]!.name : `${small.length} smaller`, small);
      small = [];
    };
    for (const part of parts) {
      if (part.cost === 0) continue;
      if (row > 0 && part.cost < LEAST * whole) {
        small.push(part);
        continue;
      }
      flush();
      add(part.name, [part]);
    }
    flush();
  };
  let from = 0;
  for (const [i, stage] of stages.entries()) {
    place([stage], from, 0, '', ({ sequence }) => sequence[1 + (i % (sequence.length - 2))]!);
    from += stage.cost / whole;
  }
  return bars;
}

type Colour = Bar['colour'];

/** Of each row, from the stages down. */
const ALPHA = [1, 0.6, 0.35] as const;

const depthOf = ({ parts }: Part): number => 1 + parts.reduce((most, part) => Math.max(most, depthOf(part)), 0);
