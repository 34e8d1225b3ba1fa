// Chart: utilisation: FLOP/s and bytes/s of each network over the measured ceilings.

import { utilised } from '../../src/measure/raised.js';
import { utilisationText } from '../../src/measure/utilisation.js';
import { short } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { linearAxis } from './axis.js';
import type { Chart } from './chart.js';
import { dotRowsConfig, dotRowsHeight, FEW, type DotRows } from './dotRows.js';
import { rateText } from './measures.js';
import { measured, UNMEASURED, type Scene } from './scene.js';
import { valueBars } from './valueBars.js';

const AXIS = '% of the measured ceiling';
const percentMark = (value: number): string => `${Math.round(100 * value)}`;

export const utilisation: Chart = {
  id: 'utilisation',
  title: 'Utilisation of the device',
  picture(scene) {
    if (measured(scene).length === 0) return UNMEASURED;
    const rows = measured(scene).flatMap((subject) => {
      const { label, place, run } = subject;
      if (!run.utilisation) return [];
      const values = [run.utilisation.compute, run.utilisation.memory];
      const texts = (['compute', 'memory'] as const).map((of) => rateText(subject, utilisationText(run, of, 1)!));
      return [{ label, place, values, texts }];
    });
    if (rows.length === 0)
      return {
        missing: 'The ceilings of this device were not measured, so the use of it is not known (--no-ceilings).',
      };
    const many: DotRows = {
      series: [
        {
          label: 'of FLOP/s',
          head: 'FLOP/s',
          look: (theme) => ({ pointStyle: 'rect', borderColor: theme.series[0]!, backgroundColor: theme.series[0]! }),
        },
        {
          label: 'of bytes/s',
          head: 'bytes/s',
          look: (theme) => ({ pointStyle: 'circle', borderColor: theme.muted, backgroundColor: 'transparent' }),
        },
      ],
      rows: [...rows]
        .sort((a, b) => b.values[0]! - a.values[0]!)
        .map(({ label, values, texts }) => ({ name: abbreviate(label, 22), values, texts })),
      mark: 1,
      axis: (theme) => ({ ...linearAxis(theme, AXIS, percentMark), suggestedMax: 1 }),
    };
    return {
      lead: `FLOP/s (2 x multiply-adds per second) and bytes/s over what the same engine reached on the same device: ${ceilingText(scene)}. Bytes are the fused memory access, the least an inference compiler would move.`,
      summary: rows
        .map(
          ({ label, texts: [flops, bytes] }) => `${abbreviate(label, 40)}: ${flops!} of FLOP/s, ${bytes!} of bytes/s`,
        )
        .join('; '),
      table: {
        head: ['Network', 'of the FLOP/s ceiling', 'of the bytes/s ceiling'],
        rows: rows.map(({ label, texts }) => [label, ...texts]),
      },
      ...(rows.length <= FEW
        ? valueBars({
            rows: rows.map((row) => ({
              ...row,
              texts: [`${row.texts[0]!} of FLOP/s`, `${row.texts[1]!} of bytes/s`],
            })),
            axis: AXIS,
            show: percentMark,
            ceiling: 1,
          })
        : {
            height: (width) => dotRowsHeight(many, width),
            config: (theme, width) => dotRowsConfig(many, theme, width),
          }),
    };
  },
};

function ceilingText({ setting }: Scene): string {
  const ceilings = setting?.ceilings && utilised(setting.ceilings);
  return ceilings
    ? `${short(ceilings.flopsPerSecond)}FLOP/s in large matrix products and convolutions, ${short(ceilings.bytesPerSecond)}B/s in a large copy`
    : 'large matrix products, convolutions and copies';
}
