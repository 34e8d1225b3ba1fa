// Where in the network do its costs fall? Shares of the stages in multiply-adds, memory access and measured time.

import { percent } from '../number.js';
import { abbreviate } from '../visible.js';
import type { Chart } from './chart.js';
import { axisTitle, tickStyle } from './axis.js';
import { commonOptions, tooltip } from './baseOptions.js';
import { segmentLabels } from './plugins/barTexts.js';
import { HEADING, headings } from './plugins/headings.js';
import { stageBars } from './stageBars.js';
import { FONT, FONT_SIZE, type Theme } from './theme.js';

const BAR = 20;
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
      height: () => flat.length * (BAR + 6) + groups.length * (HEADING + 12) + 50,
      config: (theme) => {
        // Every network begins with an empty row, over which its name stands.
        const rows = groups.flatMap(({ subject, bars }) => [
          { heading: abbreviate(subject.label, 48), bar: undefined },
          ...bars.map((bar) => ({ heading: undefined, bar })),
        ]);
        return {
          type: 'bar',
          data: {
            labels: rows.map(({ bar }) => bar?.cost ?? ''),
            datasets: Array.from({ length: depth }, (_, s) => ({
              label: `stage ${s + 1}`,
              data: rows.map(({ bar }) => 100 * (bar?.shares[s]?.share ?? 0)),
              backgroundColor: theme.sequence[s % theme.sequence.length]!,
              borderColor: theme.surface,
              borderWidth: { right: 1 },
              categoryPercentage: 1,
              barPercentage: 0.78,
            })),
          },
          options: {
            ...commonOptions(theme),
            indexAxis: 'y',
            layout: { padding: { right: 10 } },
            scales: {
              x: {
                type: 'linear',
                stacked: true,
                min: 0,
                max: 100,
                title: axisTitle(theme, '% of the whole network'),
                grid: { color: theme.grid },
                border: { color: theme.grid },
                ticks: { ...tickStyle(theme), stepSize: 25 },
              },
              y: {
                stacked: true,
                grid: { display: false },
                border: { display: false },
                ticks: {
                  color: theme.muted,
                  font: { family: FONT, size: FONT_SIZE },
                  autoSkip: false,
                  crossAlign: 'near',
                },
              },
            },
            plugins: {
              legend: { display: false },
              tooltip: {
                ...tooltip(theme),
                callbacks: {
                  label: ({ datasetIndex, dataIndex }) => {
                    const part = rows[dataIndex]!.bar?.shares[datasetIndex];
                    return part
                      ? `${abbreviate(part.stage, 40) || '(no stage)'}: ${percent(part.share, 1) || '0 %'}`
                      : '';
                  },
                },
              },
            },
          },
          plugins: [
            headings(
              theme,
              rows.map(({ heading = '' }) => ({ name: heading })),
              () => -HEADING - 2,
            ),
            segmentLabels(
              (s) => inkOver(theme, s),
              (s, i) => abbreviate(rows[i]!.bar?.shares[s]?.stage ?? '', 20),
            ),
          ],
        };
      },
    };
  },
};

/** Black or white, whichever is read better on that stage's colour. */
function inkOver(theme: Theme, stage: number): string {
  const colour = theme.sequence[stage % theme.sequence.length]!;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  return 0.2126 * red! ** 2.2 + 0.7152 * green! ** 2.2 + 0.0722 * blue! ** 2.2 > 0.19 ? '#101319' : '#ffffff';
}
