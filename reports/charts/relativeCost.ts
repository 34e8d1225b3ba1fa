// Chart: every cost relative to the baseline, as bars for a few networks, as dots for many.

import { abbreviate } from '../../src/visible.js';
import type { Chart, Picture } from './chart.js';
import { dotRowsConfig, dotRowsHeight, FEW } from './dotRows.js';
import { ACCESS, amountText, MEASURES, MULT_ADDS, ratioText, TIME, type Measure } from './measures.js';
import { relativeBars } from './relativeBars.js';
import { relativeDots } from './relativeDots.js';
import type { Scene } from './scene.js';

export const relativeCost: Chart = {
  id: 'relative-cost',
  title: 'Cost relative to the baseline',
  picture(scene) {
    if (scene.subjects.length === 1) return { missing: 'One network alone has nothing to be compared with.' };
    const { baseline, subjects } = scene;
    const whole = subjects.filter(({ network }) => !network.lowerBound);
    const countsCompare = whole.length > 1 && whole.includes(baseline);
    const known = MEASURES.filter(
      (measure) => (measure.value(baseline) ?? 0) > 0 && (measure.measured || countsCompare),
    );
    if (known.length === 0)
      return { missing: 'What is counted of these networks are lower bounds, which have no ratios.' };
    const few = subjects.length <= FEW;
    const measures = few ? known : known.filter((measure) => [MULT_ADDS, ACCESS, TIME].includes(measure));
    return { ...wordsOf(scene, known), ...(few ? barsOf(scene, measures) : dotsOf(scene, measures)) };
  },
};

type Drawn = Pick<Picture, 'lead' | 'height' | 'config'>;

function barsOf(scene: Scene, measures: readonly Measure[]): Drawn {
  const { height, config } = relativeBars(scene, measures);
  return {
    lead: `Each bar runs from ${abbreviate(scene.baseline.label, 40)} (1x) to the network's own cost: to the left it needs less, to the right more. The scale is logarithmic; labels give the amount itself and its ratio.${boundsText(scene)}`,
    height,
    config,
  };
}

function dotsOf(scene: Scene, measures: readonly Measure[]): Drawn {
  const rows = relativeDots(scene, measures);
  return {
    lead: `A row per network, from the fewest multiply-adds to the most, each cost over that of ${abbreviate(scene.baseline.label, 40)} (1x) on a logarithmic scale. Where the marks of a row lie apart, multiply-adds mislead.${boundsText(scene)}`,
    height: (width) => dotRowsHeight(rows, width),
    config: (theme, width) => dotRowsConfig(rows, theme, width),
  };
}

/** Why a network has no marks. */
function boundsText({ subjects }: Scene): string {
  const labels = subjects.filter(({ network }) => network.lowerBound).map(({ label }) => abbreviate(label, 40));
  return labels.length === 0 ? '' : ` Counts of ${labels.join(', ')} are lower bounds and have no ratios.`;
}

function wordsOf({ baseline, subjects }: Scene, measures: readonly Measure[]): Pick<Picture, 'summary' | 'table'> {
  const others = subjects.filter(({ place }) => place !== baseline.place);
  return {
    summary: others
      .flatMap((subject) =>
        measures.flatMap((measure) => {
          const ratio = ratioText(measure, subject, baseline);
          return ratio === '' ? [] : [`${abbreviate(subject.label, 40)} ${measure.title}: ${ratio}`];
        }),
      )
      .slice(0, 24)
      .join('; '),
    table: {
      head: ['Network', ...measures.flatMap(({ title }) => [title, 'ratio'])],
      rows: [baseline, ...others].map((subject) => [
        subject.label,
        ...measures.flatMap((measure) => {
          const value = measure.value(subject);
          if (value === null) return ['not measured', ''];
          return [amountText(measure, subject, value), ratioText(measure, subject, baseline)];
        }),
      ]),
    },
  };
}
