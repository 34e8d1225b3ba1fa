// The tables of the OSA study: networks and stages, each cost relative to the first of its part.

import { FLOPS_PER_SECOND } from '../text/metricText.js';
import type { OsaStudy } from '../../src/lab/osaStudy.js';
import { timeRatioOf, type TrialOutcome } from '../../src/lab/outcome.js';
import { timeClause } from '../../src/measure/ratioWords.js';
import type { RecordedTotals } from '../../src/profile.js';
import { verdictSentence } from './guidelineSheets.js';
import { bytes, milliseconds, percentage, short, times } from '../text/number.js';
import { listed } from '../../src/plural.js';
import { timeText } from '../text/timeText.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

type StudyOutcome = OsaStudy['outcomes'][number];
interface Row extends TrialOutcome {
  readonly outcome: StudyOutcome;
  readonly deviation: StudyOutcome['deviations'][number];
  readonly first: RecordedTotals;
}

export function osaStudySheet(study: OsaStudy): AnySheet {
  const rows = study.outcomes.flatMap((outcome) =>
    outcome.trials.map((trial, i): Row => ({
      ...{ ...trial, outcome, first: outcome.trials[0]!.totals },
      deviation: outcome.deviations[i] ?? null,
    })),
  );
  return sheet<Row>({
    title: `One-shot against dense aggregation, batch ${study.assumptions.batch}${study.device === null ? '' : `, on ${study.device}`}`,
    columns: study.device === null ? COUNTED : [...COUNTED, ...MEASURED],
    rows,
    part: ({ outcome }) => outcome.part,
    notes: osaFindings(study),
  });
}

/** The results, one sentence each. */
export function osaFindings({ outcomes, printed, device }: OsaStudy): readonly string[] {
  const reasons = new Set(outcomes.flatMap(({ trials }) => trials.flatMap(({ noEnergy }) => noEnergy ?? [])));
  return [
    ...(printed.length === 0 ? [] : [printedSentence(printed)]),
    ...outcomes.flatMap((outcome) => [countsSentence(outcome), ...timeSentences(outcome, device)]),
    ...(outcomes.some(({ deviations }) => deviations.some((one) => one?.params !== undefined))
      ? [
          'Equal params and equal multiply-adds give nearly the same stage: at one resolution multiply-adds are weights times positions.',
        ]
      : []),
    'conv: elements that convolutions move; balance: over their lower bound; unfused: every op as an eager framework runs it; fused: as an inference compiler would.',
    ...(device === null ? [] : [FLOPS_PER_SECOND]),
    ...[...reasons].map((reason) => `no energy: ${reason}.`),
    ...(device === null ? ['Nothing was measured: --measure times every variant on this device.'] : []),
  ];
}

/**
 * The paper states no width of the 1x1 convolutions, so that a figure can be met, not confirmed.
 */
function printedSentence(printed: OsaStudy['printed']): string {
  const sentences = printed.map(
    ({ variant, elements, holds }) => `${variant} ${millions(elements)}${holds ? ' (holds)' : ''}`,
  );
  return `The paper estimates that OSA 5x43 cuts the memory access of DenseNet-40's convolutions from 3.7 M to 2.5 M; counted: ${listed(sentences)}. It states no width of its 1x1 convolutions, and 2.5 M needs the narrow ones.`;
}

const millions = (elements: number): string => `${(elements / 1e6).toFixed(2)} M`;
/** "At stride 8" or "At 32x32". */
const where = ({ key }: StudyOutcome): string =>
  key === 'cifar' ? 'At 32x32' : `At stride ${key.slice('stride'.length)}`;

/** Of the first variants; the others are those again, a little narrower. */
function countsSentence(outcome: StudyOutcome): string {
  const [first, ...others] = outcome.trials;
  const clauses = others.slice(0, outcome.key === 'cifar' ? 2 : 1).map(({ variant, totals }) => {
    const over = (pick: (totals: RecordedTotals) => number): string => times(pick(totals) / pick(first!.totals));
    return `${variant} moves ${over(({ memoryAccess }) => memoryAccess.unfused)} the data (fused ${over(({ memoryAccess }) => memoryAccess.fused)}) in ${over(({ ops }) => ops)} the ops, with ${over(({ multAdds }) => multAdds)} the multiply-adds`;
  });
  return `${where(outcome)}, against ${first!.variant}: ${clauses.join('; ')}.`;
}

const signed = (part: number): string => `${part < 0 ? '-' : '+'}${percentage(Math.abs(part), 2)}`;

function timeSentences(outcome: StudyOutcome, device: string | null): readonly string[] {
  if (device === null) return [];
  const clauses = outcome.trials.slice(1).flatMap(({ variant, ratios }) => {
    const ratio = timeRatioOf(ratios);
    return ratio ? [`${variant} ${timeClause(ratio, outcome.trials[0]!.variant)}`] : [];
  });
  if (clauses.length === 0) return [verdictSentence(outcome, device)];
  return [`${where(outcome)} ${listed(clauses)}. ${verdictSentence(outcome, device)}`];
}

/** A count, and its ratio to that of the first row of its part. */
const cost = (
  key: string,
  title: string,
  pick: (totals: RecordedTotals) => number,
  rank = 0,
): readonly Column<Row>[] => [
  {
    ...{ key, title, align: 'right', rank },
    value: ({ totals }) => pick(totals),
    show: ({ totals }) => short(pick(totals)),
  },
  {
    ...{ key: `${key}Ratio`, title: '', align: 'right', rank },
    value: ({ totals, first }) => pick(totals) / pick(first),
    show: ({ totals, first }) => times(pick(totals) / pick(first)),
  },
];

/** The relative error of a solved width. */
const deviationOf = ({ deviation }: Row): number | null => deviation?.params ?? deviation?.multAdds ?? null;

const COUNTED: readonly Column<Row>[] = [
  { key: 'part', title: 'part', align: 'left', hidden: true, value: ({ outcome }) => outcome.key },
  { key: 'variant', title: 'variant', align: 'left', value: ({ variant }) => variant },
  { key: 'widths', title: 'layers', align: 'right', rank: 1, value: ({ widths }) => widths },
  {
    ...{ key: 'deviation', title: 'off budget', align: 'right', rank: 3 },
    value: deviationOf,
    show: (row) => {
      const off = deviationOf(row);
      return off === null ? '' : signed(off);
    },
  },
  ...cost('params', 'params', ({ params }) => params),
  ...cost('multAdds', 'multiply-adds', ({ multAdds }) => multAdds),
  ...cost('convMemoryAccess', 'memory access, conv', ({ memoryAccess }) => memoryAccess.conv, 3),
  {
    ...{ key: 'memoryAccessBound', title: 'bound', align: 'right', hidden: true },
    value: ({ totals }) => totals.memoryAccessBound.conv,
  },
  {
    ...{ key: 'balance', title: 'balance', align: 'right', rank: 4 },
    value: ({ totals: { memoryAccess, memoryAccessBound } }) => memoryAccess.conv / memoryAccessBound.conv,
    show: ({ totals: { memoryAccess, memoryAccessBound } }) => (memoryAccess.conv / memoryAccessBound.conv).toFixed(2),
  },
  ...cost('memoryAccess', 'unfused', ({ memoryAccess }) => memoryAccess.unfused),
  ...cost('fusedMemoryAccess', 'fused', ({ memoryAccess }) => memoryAccess.fused, 2),
  ...cost('ops', 'ops', ({ ops }) => ops, 1),
];

const MEASURED: readonly Column<Row>[] = [
  {
    ...{ key: 'milliseconds', title: 'ms', align: 'right' },
    value: ({ milliseconds }) => milliseconds,
    show: ({ milliseconds: ms }) => (ms === null ? '-' : milliseconds(ms)),
  },
  {
    ...{ key: 'timeRatio', title: 'time', align: 'right' },
    value: ({ ratios }) => ratios.time,
    show: ({ ratios }) => timeText(ratios),
  },
  { key: 'timeUncertainty', title: '+-', align: 'right', hidden: true, value: ({ ratios }) => ratios.uncertainty },
  {
    ...{ key: 'flopsPerSecond', title: 'FLOP/s', align: 'right', rank: 2 },
    value: ({ flopsPerSecond }) => flopsPerSecond,
    show: ({ flopsPerSecond }) => (flopsPerSecond === null ? '-' : short(flopsPerSecond)),
  },
  {
    ...{ key: 'peakTensorBytes', title: 'peak tensors', align: 'right', rank: 3 },
    value: ({ peakTensorBytes }) => peakTensorBytes,
    show: ({ peakTensorBytes }) => (peakTensorBytes === null ? '-' : bytes(peakTensorBytes)),
  },
  {
    ...{ key: 'joulesPerImage', title: 'J/image', align: 'right', rank: 3 },
    value: ({ joulesPerImage }) => joulesPerImage,
    show: ({ joulesPerImage }) => joulesPerImage?.toPrecision(3) ?? '-',
  },
];
