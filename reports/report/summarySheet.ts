// The table of the summary: each cost with its ratio to the baseline, and measurements.

import {
  ACCESS,
  ACCESS_FUSED,
  amountText,
  ENERGY,
  MULT_ADDS,
  OPS,
  PARAMS,
  ratioText,
  TIME,
  TRAINING_MEASURES,
  type Measure,
} from '../charts/measures.js';
import { sceneOf, type Scene, type Subject } from '../charts/scene.js';
import { utilisationText } from '../../src/measure/utilisation.js';
import { short } from '../text/number.js';
import { sheet, type AnySheet, type Column } from '../sheets/sheet.js';
import { abbreviate } from '../../src/visible.js';
import type { ReportData, View } from './reportData.js';

const COUNTED: readonly Measure[] = [MULT_ADDS, ACCESS, ACCESS_FUSED, OPS, PARAMS];

/** The baseline comes first. */
export function summarySheet(data: ReportData, view: View): AnySheet {
  const scene = sceneOf(data, data.views.indexOf(view));
  const { baseline, subjects } = scene;
  const timed = subjects.some(({ run }) => run !== null);
  const metered = subjects.some(({ run }) => run?.energy);
  const trained = subjects.some(({ network }) => network.training);
  const alone = subjects.length === 1;
  return sheet<Subject>({
    title: '',
    columns: [
      {
        ...{ key: 'network', title: 'network', align: 'left' },
        value: ({ label }) => label,
        show: (subject) => `${abbreviate(subject.label)}${subject === baseline && !alone ? ' (baseline)' : ''}`,
      },
      ...COUNTED.map((measure) => costColumn(measure, scene)),
      ...(trained ? TRAINING_MEASURES.map((measure) => costColumn(measure, scene)) : []),
      ...(timed ? [costColumn(TIME, scene), ...RATES] : []),
      ...(metered ? [costColumn(ENERGY, scene)] : []),
    ],
    rows: [baseline, ...subjects.filter((subject) => subject !== baseline)],
    notes: [],
  });
}

/** "2.83 G (0.69x)" */
const costColumn = (measure: Measure, { baseline, batch }: Scene): Column<Subject> => ({
  key: measure.key,
  title: measure === TIME && batch > 1 ? `${measure.brief}, batch of ${batch}` : measure.brief,
  align: 'right',
  value: (subject) => measure.value(subject),
  show: (subject) => {
    const own = measure.value(subject);
    if (own === null) return measure.measured ? 'not measured' : 'not counted';
    const ratio = subject === baseline ? '' : ratioText(measure, subject, baseline);
    return `${amountText(measure, subject, own)}${ratio === '' ? '' : ` (${ratio})`}`;
  },
});

const rate = (
  key: string,
  title: string,
  value: (subject: Subject) => number | null,
  show: (value: number) => string,
): Column<Subject> => ({
  ...{ key, title, value },
  align: 'right',
  show: (subject) => {
    const number = value(subject);
    return number === null ? '' : `${subject.network.lowerBound ? 'at least ' : ''}${show(number)}`;
  },
});

const RATES: readonly Column<Subject>[] = [
  rate('flopsPerSecond', 'FLOP/s', ({ run }) => run && run.flopsPerSecond, short),
  {
    ...rate('utilisation', 'utilisation', ({ run }) => run?.utilisation?.compute ?? null, String),
    show: ({ run, network }) => {
      const text = run && utilisationText(run, 'compute', 1);
      return text === null ? '' : `${network.lowerBound ? 'at least ' : ''}${text}`;
    },
  },
];
