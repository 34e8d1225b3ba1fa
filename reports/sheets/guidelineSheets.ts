// The tables of guidelines: variants relative to the first of their scale, and the papers' ratios.

import { FLOPS_PER_SECOND } from '../text/metricText.js';
import { PAPER, type Assumptions } from '../../src/lab/experiment.js';
import type { LabResult, Outcome, TrialOutcome } from '../../src/lab/outcome.js';
import { counted } from '../../src/plural.js';
import { milliseconds, short, times } from '../text/number.js';
import { timeText } from '../text/timeText.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

export function guidelineSheets({ outcomes, device, assumptions }: LabResult): readonly AnySheet[] {
  return outcomes.map((outcome) =>
    sheet<TrialOutcome>({
      title: `${outcome.key}: ${outcome.claim}`,
      columns: columnsOf(outcome, device !== null),
      rows: outcome.trials,
      ...(assumptions.scales.length > 1 && new Set(outcome.trials.map(({ scale }) => scale)).size > 1
        ? { part: ({ scale }: TrialOutcome) => `channels x${scale}` }
        : {}),
      mark: ({ bearing }) => (bearing === 'contradicts it' ? bearing : undefined),
      notes: notesOf(outcome, device, assumptions),
    }),
  );
}

type Row = TrialOutcome & { readonly experiment: string };

/** Every trial of every experiment as one table, for programs. */
export function guidelineRows({ outcomes, device }: LabResult): AnySheet {
  const rows = outcomes.flatMap(({ key, trials }): readonly Row[] =>
    trials.map((trial) => ({ ...trial, experiment: key })),
  );
  const experiment: Column<Row> = {
    key: 'experiment',
    title: 'experiment',
    align: 'left',
    value: (row) => row.experiment,
  };
  return sheet<Row>({
    ...{ title: 'Experiments behind guidelines', rows, notes: [] },
    columns: [experiment, ...columnsOf({ trials: rows }, device !== null)],
  });
}

function notesOf(outcome: Outcome, device: string | null, assumptions: Assumptions): readonly string[] {
  const { verdict, source, protocol, measure, trials } = outcome;
  const { batch, side, blocks } = assumptions;
  const own = side !== PAPER.side || blocks !== PAPER.blocks;
  return [
    ...(device === null ? [] : [verdictSentence(outcome, device)]),
    ...doubts(trials),
    ...(device === null ? [] : [FLOPS_PER_SECOND]),
    `${source}; ${protocol}.`,
    `ratios are to the first row of each part; ${MEANING[measure]}`,
    `assumed: batch ${batch} (the papers state none).${own ? ` ${blocks} blocks at ${side}x${side} are not the paper's stack of ${PAPER.blocks} at ${PAPER.side}x${PAPER.side}: its columns are for that.` : ''}`,
    ...(verdict !== null && trials.some(({ emulated }) => emulated)
      ? ['some grouped convolutions were put together from others: their variants were not judged.']
      : []),
  ];
}

/** Warnings that a person reads before the verdict is believed; JSON has all. */
const MOST_DOUBTS = 3;

function doubts(trials: readonly TrialOutcome[]): readonly string[] {
  const all = trials.flatMap(({ variant, scale, warnings }) =>
    warnings.map((warning) => `warning, ${variant} at x${scale}: ${warning}`),
  );
  const more = all.length - MOST_DOUBTS;
  return [...all.slice(0, MOST_DOUBTS), ...(more > 0 ? [`and ${counted(more, 'more warning')}.`] : [])];
}

/** @param device on which the outcome was measured */
export const verdictSentence = ({ verdict, because }: Outcome, device: string): string =>
  verdict === null
    ? `No verdict on ${device}: grouped convolutions were put together from others, whose times say nothing about native ones.`
    : `${VERDICTS[verdict]} on ${device}: ${because!}.`;

const VERDICTS = {
  holds: 'It holds',
  'does not hold': 'It does not hold',
  'within noise': 'It cannot be told from noise',
  mixed: 'The evidence is mixed',
} as const;
const MEANING = {
  time: 'the claim asks for times above 1x.',
  saving: 'the claim asks for times below 1x.',
  timePerMultAdd: 'the claim asks for a time ratio above that of the multiply-adds.',
} as const;

/** Columns of the papers are left out where they print nothing. */
function columnsOf({ trials }: Pick<Outcome, 'trials'>, measured: boolean): readonly Column<TrialOutcome>[] {
  const printed = (platform: 'gpu' | 'arm'): boolean => trials.some(({ published }) => published[platform] !== null);
  return [
    { key: 'scale', title: 'scale', align: 'left', hidden: true, value: ({ scale }) => scale },
    { key: 'variant', title: 'variant', align: 'left', value: ({ variant }) => variant },
    { key: 'widths', title: 'channels', align: 'left', rank: 2, value: ({ widths }) => widths },
    {
      key: 'multAdds',
      title: 'multiply-adds',
      align: 'right',
      value: ({ totals }) => totals.multAdds,
      show: ({ totals }) => short(totals.multAdds),
    },
    ratio('multAddsRatio', '', ({ ratios }) => ratios.multAdds),
    {
      key: 'memoryAccess',
      title: 'memory access',
      align: 'right',
      value: ({ totals }) => totals.memoryAccess.unfused,
      show: ({ totals }) => short(totals.memoryAccess.unfused),
    },
    ratio('memoryAccessRatio', '', ({ ratios }) => ratios.memoryAccess),
    ...(measured ? MEASURED : []),
    ...(printed('gpu') ? [ratio('paperGpu', "paper's GPU", ({ published }) => published.gpu)] : []),
    ...(printed('arm') ? [ratio('paperArm', "paper's ARM", ({ published }) => published.arm)] : []),
  ];
}

const MEASURED: readonly Column<TrialOutcome>[] = [
  {
    key: 'milliseconds',
    title: 'ms',
    align: 'right',
    value: ({ milliseconds }) => milliseconds,
    show: ({ milliseconds: ms }) => (ms === null ? '-' : milliseconds(ms)),
  },
  {
    key: 'timeRatio',
    title: 'time',
    align: 'right',
    value: ({ ratios }) => ratios.time,
    show: ({ ratios }) => timeText(ratios),
  },
  {
    key: 'flopsPerSecond',
    title: 'FLOP/s',
    align: 'right',
    rank: 1,
    value: ({ flopsPerSecond }) => flopsPerSecond,
    show: ({ flopsPerSecond }) => (flopsPerSecond === null ? '-' : short(flopsPerSecond)),
  },
  { key: 'bearing', title: 'bearing', align: 'left', hidden: true, value: ({ bearing }) => bearing },
];

function ratio(key: string, title: string, value: (row: TrialOutcome) => number | null): Column<TrialOutcome> {
  return { key, title, align: 'right', value, show: (row) => times(value(row)) };
}
