// The table of a check: a row per limit, and the layers behind each limit that fails.

import { allSides } from '../../src/inputSize.js';
import { fileNoteTexts } from '../../src/training/fileNotes.js';
import { trainingText } from '../../src/training/optionsText.js';
import type { CheckResult, CheckedLimit } from '../../src/budgets/check.js';
import { growth, type Contributor } from '../../src/budgets/contributors.js';
import { keptAtLeastText } from '../text/keptAtLeast.js';
import { metricOf } from '../../src/metrics/table.js';
import { forbiddenSummary } from './forbiddenSheet.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { metricText, unitText } from '../text/metricText.js';
import { by, percentage, short } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

/** The rows of a check apart, and the sentence that they make. */
export function budgetsRows(result: CheckResult): {
  readonly failed: readonly CheckedLimit[];
  readonly passing: readonly CheckedLimit[];
  readonly summary: string;
} {
  const { limits, failed, untold, budgets } = result;
  const forbidden = forbiddenSummary(result);
  const doubtful = limits.some(({ passed, result }) => !passed && result === 'cannot tell');
  const unclear = untold === 0 ? '' : `, of which ${untold} cannot be told`;
  const all = limits.length === 1 ? 'the one limit' : `all ${limits.length} limits`;
  const ofLimits =
    failed === 0
      ? `${all} ${limits.length === 1 ? 'holds' : 'hold'}${limits.length === 1 && untold === 1 ? ' or cannot be told' : unclear}`
      : `${failed} of ${limits.length} ${limits.length === 1 ? 'limit' : 'limits'} ${failed === 1 ? 'is' : 'are'} exceeded${doubtful ? ' or cannot be told' : ''}`;
  return {
    failed: limits.filter(({ passed }) => !passed),
    passing: limits.filter(({ passed }) => passed),
    summary: `${abbreviate(budgets)}: ${[...(limits.length === 0 ? [] : [ofLimits]), ...(forbidden === undefined ? [] : [forbidden])].join('; ')}`,
  };
}

export function checkSheet(result: CheckResult): AnySheet {
  const bounds = boundsOf(result);
  return sheet<CheckedLimit>({
    title: budgetsRows(result).summary,
    columns: [
      ...columnsFor(result),
      ...(bounds.length > 0 ? [lowerBoundColumn<CheckedLimit>((row) => row.lowerBound)] : []),
    ],
    rows: result.limits,
    part: networkOf,
    mark: ({ result, allows, lowerBound, keptAtLeast }) => {
      if (result === 'cannot tell') return 'cannot tell';
      const bound = lowerBound ?? keptAtLeast;
      return result === 'within' ? bound && 'lower bound' : MARKS[allows];
    },
    notes: [
      ...bounds,
      ...trainingsOf(result),
      ...untoldNotes(result),
      ...result.warnings.map((warning) => `warning, ${warning}`),
      ...adviceOn(result),
    ],
  });
}

/** One sentence for each network of which something is not counted. */
export function boundsOf({ limits }: CheckResult): readonly string[] {
  const notes = limits.flatMap(({ network, lowerBound }) => (lowerBound ? [lowerBoundNote(lowerBound, network)] : []));
  return [...new Set(notes)].map((note) => `${note} Its limits hold for what is counted, and may not for the whole.`);
}

/** How each network is trained whose training step has limits. */
export const trainingsOf = ({ limits }: CheckResult): readonly string[] => [
  ...new Set(
    limits.flatMap(({ network, training, keptAtLeast, ...limit }) => [
      ...(training ? [`${abbreviate(network)} is trained with ${abbreviate(trainingText(training), 200)}.`] : []),
      ...fileNoteTexts(limit).map((text) => `${abbreviate(network)}: ${text}`),
      ...(keptAtLeast === undefined
        ? []
        : [
            `${abbreviate(network)}: ${keptAtLeastText(keptAtLeast)} A limit that holds for them may not hold for the whole.`,
          ]),
    ]),
  ),
];

/** One sentence for each time whose interval holds its limit. */
export const untoldNotes = ({ limits }: Pick<CheckResult, 'limits'>): readonly string[] =>
  limits.flatMap((verdict) => {
    const { result, interval, metric, limit } = verdict;
    if (result !== 'cannot tell' || !interval) return [];
    const [low, high] = interval.map((end) => metricText(metric, end));
    return [
      `${networkOf(verdict)}: ${metricOf(metric).title} lies between ${low!} and ${high!} (95 %), so flopscope cannot tell whether it keeps the limit ${metricText(metric, limit)}: add sessions with flopscope measure -o, or make it fail with --strict.`,
    ];
  });

/** Remedies for limits that fail. */
export function adviceOn({ limits }: CheckResult): readonly string[] {
  const failed = limits.filter(({ result }) => result === 'exceeded');
  if (failed.length === 0) return [];
  const relative = failed.some(({ budget }) => budget.endsWith('%') && /^[+-]/.test(budget));
  const unnamed = failed.some(({ baseline, contributors }) => baseline === null && contributors?.why === 'largest');
  return [
    `Make the network cheaper, or raise the limit${relative ? '; if the growth from the baseline is meant, flopscope check --update-baseline' : ''}.`,
    ...(unnamed
      ? [
          'No baseline is committed, so the largest layers are named. Run flopscope check --update-baseline on the version that is allowed, and the layers that grew are named.',
        ]
      : []),
  ];
}

const MARKS: Readonly<Record<CheckedLimit['allows'], string>> = { most: 'over the limit', least: 'below the limit' };

export const networkOf = ({ network, input }: Pick<CheckedLimit, 'network' | 'input'>): string =>
  `${abbreviate(network)}, ${by(allSides(input))}`;

/** 97.5 %, or 25.6x: how much of the limit is used, or of what is asked for is reached. */
export function ofLimit({ value, limit }: CheckedLimit): string {
  if (limit === 0) return '';
  const part = value / limit;
  return part < 10 ? percentage(part) : `${short(part)}x`;
}

const columnsFor = ({ limits }: CheckResult): readonly Column<CheckedLimit>[] => [
  { key: 'network', title: 'network', align: 'left', hidden: true, value: ({ network }) => network },
  {
    key: 'input',
    title: 'input',
    align: 'left',
    hidden: true,
    value: ({ input }) => by(allSides(input)),
  },
  {
    key: 'metric',
    title: 'metric',
    align: 'left',
    value: ({ metric }) => metric,
    show: ({ metric }) => metricOf(metric).title,
  },
  {
    key: 'value',
    title: 'value',
    align: 'right',
    value: ({ value }) => value,
    show: ({ metric, value }) => metricText(metric, value),
  },
  {
    key: 'limit',
    title: 'limit',
    align: 'right',
    value: ({ limit }) => limit,
    show: ({ metric, limit, allows }) => `${allows === 'most' ? '' : '>= '}${metricText(metric, limit)}`,
  },
  { key: 'budget', title: 'budget', align: 'right', rank: 2, value: ({ budget }) => budget },
  {
    key: 'baseline',
    title: 'baseline',
    align: 'right',
    rank: 3,
    hidden: limits.every(({ baseline }) => baseline === null),
    value: ({ baseline }) => baseline,
    show: ({ metric, baseline }) => (baseline === null ? '' : metricText(metric, baseline)),
  },
  {
    key: 'ofLimit',
    title: 'of limit',
    align: 'right',
    rank: 1,
    value: ({ value, limit }) => (limit === 0 ? null : value / limit),
    show: ofLimit,
  },
  {
    key: 'excess',
    title: 'excess',
    align: 'right',
    hidden: limits.every(({ passed }) => passed),
    value: ({ excess }) => excess,
    show: ({ passed, metric, excess }) => (passed ? '' : metricText(metric, excess)),
  },
  { key: 'low', title: 'from', align: 'right', hidden: true, value: ({ interval }) => interval && interval[0] },
  { key: 'high', title: 'to', align: 'right', hidden: true, value: ({ interval }) => interval && interval[1] },
  { key: 'result', title: 'result', align: 'left', hidden: true, value: ({ result }) => result },
  { key: 'passed', title: 'passed', align: 'left', hidden: true, value: ({ passed }) => String(passed) },
  { key: 'place', title: 'place', align: 'left', hidden: true, value: ({ place }) => place },
  {
    key: 'contributors',
    title: 'contributors',
    align: 'left',
    hidden: true,
    value: ({ contributors }) =>
      contributors && contributors.parts.map((part) => `${part.name} ${growth(part) || part.value}`).join('; '),
  },
];

/** "densenet121, params: what grew most since the baseline". */
export const blame = ({ metric, contributors }: CheckedLimit): string => {
  const described = metricOf(metric);
  const { title } = described;
  if (described.from === 'run') return `${title}: the slowest layers`;
  if (contributors?.why === 'grew') return `${title}: what grew most since the baseline`;
  // What is alive at the peak is not a sum over layers.
  if (metric === 'training.peakBytes' || metric === 'training.totalBytes')
    return `${title}: the layers that keep most for backward`;
  if (described.from === 'training') return `${title}: the largest layers`;
  if (described.combine === 'max') return `${title}: the layers where it is greatest`;
  return `${title}: ${described.together === undefined ? 'the largest layers' : 'what there is most of'}`;
};

/** undefined where nothing is known about layers. */
export function failureSheet(verdict: CheckedLimit): AnySheet | undefined {
  const { contributors, network } = verdict;
  if (contributors === null || contributors.parts.length === 0) return undefined;
  const { why, unit, parts } = contributors;
  const text = (value: number): string => unitText(unit, value);
  const columns: readonly Column<Contributor>[] = [
    {
      key: 'layer',
      title: 'layer',
      align: 'left',
      value: ({ name }) => name,
      show: ({ name }) => abbreviate(name, 48),
    },
    {
      key: 'op',
      title: 'op',
      align: 'left',
      hidden: parts.every(({ name, op }) => name === op),
      value: ({ op }) => op,
    },
    { key: 'value', title: 'value', align: 'right', value: ({ value }) => value, show: ({ value }) => text(value) },
    ...(why === 'grew' ? GROWTH(text) : []),
  ];
  return sheet<Contributor>({ title: `${abbreviate(network)}, ${blame(verdict)}`, columns, rows: parts, notes: [] });
}

const GROWTH = (text: (value: number) => string): readonly Column<Contributor>[] => [
  {
    key: 'baseline',
    title: 'baseline',
    align: 'right',
    value: ({ baseline }) => baseline,
    show: ({ baseline }) => (baseline ? text(baseline) : 'new'),
  },
  { key: 'growth', title: 'growth', align: 'right', value: growth, show: (part) => `+${text(growth(part))}` },
];
