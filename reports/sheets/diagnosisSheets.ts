// The words and tables of a diagnosis: its headline, parts of the network, and findings.

import { allSides } from '../../src/inputSize.js';
import type { Diagnosis } from '../../src/diagnosis/diagnose.js';
import { isAsWritten } from '../../src/diagnosis/audits.js';
import { joined } from '../../src/devices/outside.js';
import type { Finding } from '../../src/diagnosis/finding.js';
import type { Gathered, NetworkPart } from '../../src/diagnosis/parts.js';
import { counted } from '../../src/plural.js';
import { abbreviate } from '../../src/visible.js';
import { fileNoteTexts } from '../../src/training/fileNotes.js';
import type { TrainingTotals } from '../../src/training/training.js';
import { trainingText } from '../../src/training/optionsText.js';
import { bytes, milliseconds, percent, shape, short } from '../text/number.js';
import { keptAtLeastText } from '../text/keptAtLeast.js';
import { searchTexts } from '../text/searchText.js';
import { lowerBoundNote } from './lowerBound.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

/** Findings that are written out; the others are named in a line. */
export const MOST_FINDINGS = 5;

/** What it is, in one line; then where figures come from. */
export function headline(diagnosis: Diagnosis): readonly string[] {
  const { model, input, totals, lowerBound, basis, warnings = [], training } = diagnosis;
  const atLeast = lowerBound ? 'at least ' : '';
  const what = `${abbreviate(model)}, input ${shape(allSides(input))}: ${atLeast}${counted(totals.multAdds, 'multiply-add', short(totals.multAdds))}, ${counted(totals.params, 'parameter', short(totals.params))}, ${counted(totals.memoryAccess.unfused, 'element', short(totals.memoryAccess.unfused))} of memory access, ${counted(totals.ops, 'op')} (layers that move data).`;
  return [
    what,
    ...(lowerBound ? [lowerBoundNote(lowerBound)] : []),
    basisText(basis),
    ...(basis.kind === 'measured'
      ? [...new Set(warnings.map(inShort))].map((warning) => `Warning: ${abbreviate(warning, 200)}.`)
      : joined(warnings).map((warning) => `Warning: ${warning}. The interval may not hold.`)),
    ...(training ? trainingLines(training) : []),
  ];
}

/** A warning of more characters is cut where its explanation begins. */
const SHORT_WARNING = 100;

/** "the second half of the run is 3.3 % slower than the first", without what may be the reason. */
function inShort(warning: string): string {
  if (warning.length <= SHORT_WARNING) return warning;
  // A colon in brackets belongs to what they name.
  let depth = 0;
  for (let i = 0; i < warning.length; i++) {
    if (warning[i] === '(') depth++;
    else if (warning[i] === ')') depth--;
    else if (depth === 0 && warning.startsWith(': ', i)) return warning.slice(0, i);
  }
  return warning;
}

/** Where the figures come from; a predicted time has its interval beside it. */
export function basisText({ kind, milliseconds: time, where, how, interval }: Diagnosis['basis']): string {
  if (time === null) return `Counts alone, not measured: ${how}.`;
  const [least, most] = interval ?? [];
  const range =
    least === undefined || most === undefined
      ? ''
      : ` (90 % interval ${milliseconds(least)} to ${Number.isFinite(most) ? milliseconds(most) : 'unknown'} ms)`;
  const word = kind === 'measured' ? 'Measured' : 'Predicted, not measured';
  return `${word}: ${milliseconds(time)} ms${range} for an inference on ${abbreviate(where ?? '')}; ${how}.`;
}

const trainingLines = ({
  totals,
  options,
  segments,
  search,
  keptAtLeast,
  lowerBound,
  ...training
}: NonNullable<Diagnosis['training']>): readonly string[] => [
  `A training step (${abbreviate(trainingText(options), 200)}): ${lowerBound ? 'at least ' : ''}${short(totals.stepMultAdds)} multiply-adds, ${(lowerBound ?? keptAtLeast) ? 'at least ' : ''}${bytes(totals.keptBytes)} kept for backward, ${bytes(totals.peak.bytes)} of activations and their gradients at the peak, ${bytes(totals.totalBytes)} in all.`,
  ...(keptAtLeast ? [keptAtLeastText(keptAtLeast)] : []),
  ...(search && segments.length > 0
    ? [`${counted(segments.length, 'segment')} under a checkpoint. ${searchTexts(search).join(' ')}`]
    : []),
  ...fileNoteTexts(training),
];

/** Stages, then layers. */
export const partSheets = ({ stages, stagesBy, layers, partsInAll, basis }: Diagnosis): readonly AnySheet[] => [
  partSheet(stages, stagesBy, `Where it sits${ofAll(stages, partsInAll.stages, stagesBy)}`, basis),
  partSheet(
    layers,
    'layer',
    `The largest layers${ofAll(layers, partsInAll.layers, basis.kind === 'measured' ? 'timed layer' : 'layer')}`,
    basis,
  ),
];

/** ": 5 of 12 stages", or nothing where all are shown. */
const ofAll = ({ length }: readonly NetworkPart[], all: number, noun: string): string =>
  length === all ? '' : `: ${length} of ${counted(all, noun)}`;

function partSheet(
  parts: readonly NetworkPart[],
  key: Gathered | 'layer',
  title: string,
  { kind }: Diagnosis['basis'],
): AnySheet {
  const share = (name: string, heading: string, pick: (part: NetworkPart) => number | null): Column<NetworkPart> => ({
    ...{ key: name, title: heading, align: 'right', value: pick },
    show: (part) => percent(pick(part) ?? 0, 1),
  });
  const timed = kind !== 'counts';
  return sheet<NetworkPart>({
    title,
    columns: [
      { key, title: key, align: 'left', value: ({ name }) => name, show: ({ name }) => abbreviate(name, LONGEST) },
      key === 'layer'
        ? { key: 'op', title: 'op', align: 'left', value: ({ op }) => op }
        : { key: 'layers', title: 'layers', align: 'right', value: ({ layers }) => layers },
      ...(timed
        ? [
            {
              ...{ key: 'milliseconds', title: kind === 'measured' ? 'ms' : 'ms predicted', align: 'right' },
              value: (part: NetworkPart) => part.milliseconds,
              show: (part: NetworkPart) => milliseconds(part.milliseconds ?? 0),
            } as Column<NetworkPart>,
            share('timeShare', 'time', ({ timeShare }) => timeShare),
          ]
        : []),
      share('multAddsShare', 'multiply-adds', ({ multAddsShare }) => multAddsShare),
      share('memoryAccessUnfusedShare', 'unfused', ({ memoryAccessUnfusedShare }) => memoryAccessUnfusedShare),
      timed
        ? {
            ...{ key: 'limit', title: 'limit', align: 'left', value: ({ limit }) => limit },
            show: ({ limit, varies }) => limit ?? (varies ? 'varies' : 'not known'),
          }
        : {
            ...{ key: 'flopsPerByte', title: 'FLOPs/byte', align: 'right', value: ({ flopsPerByte }) => flopsPerByte },
            show: ({ flopsPerByte }) => (flopsPerByte === null ? '' : short(flopsPerByte)),
          },
    ],
    rows: parts,
    notes: variesNotes(parts),
  });
}

/** One for each range: layers that are alike have the same one. */
function variesNotes(parts: readonly NetworkPart[]): readonly string[] {
  const ranges = new Map<string, string[]>();
  for (const { name, varies } of parts) {
    if (!varies) continue;
    const range = varies.map(milliseconds).join(' to ');
    ranges.set(range, [...(ranges.get(range) ?? []), abbreviate(name, LONGEST)]);
  }
  return [...ranges].map(
    ([range, names]) =>
      `varies: ${range} ms for the same layer (op, shapes and parameters), so what limits it is not known: ${names.join(', ')}.`,
  );
}

/** Characters of a name: the table fits 80 columns. */
const LONGEST = 30;

/** The quantities with the largest shares; what a fix adds below 1 % is left to --format json. */
const [MOST_SAVED, LEAST_ADDED] = [4, 0.01] as const;

/**
 * "77.8 M elements of memory access (67.3 %), 345 ops (80.2 %)"; undefined where nothing is saved.
 */
export function savingText(
  { audit, saves }: Pick<Finding, 'audit' | 'saves'>,
  { totals: written, folded, training, basis }: Pick<Diagnosis, 'totals' | 'folded' | 'training' | 'basis'>,
): string | undefined {
  const totals = folded && !isAsWritten(audit) ? folded.totals : written;
  const parts = [
    ...QUANTITIES.map(([key, noun, whole]) => ({ key, all: whole(totals), noun })),
    ...STEP_QUANTITIES.map(([key, noun, whole]) => ({ key, all: training ? whole(training.totals) : 0, noun })),
  ]
    .flatMap(({ key, noun, all }) => {
      const value = saves[key];
      if (value === undefined || value === 0 || all === 0) return [];
      const amount = Math.abs(value);
      const [one, more] = noun;
      const text = one === '' ? `${bytes(amount)}${more}` : `${counted(amount, one, short(amount))}${more}`;
      return [{ raises: value < 0, share: amount / all, text: `${text} (${percent(amount, all) || '0 %'})` }];
    })
    .sort((a, b) => b.share - a.share);
  const kind = basis.kind === 'predicted' ? ' predicted' : '';
  const time = saves.milliseconds && `${saves.milliseconds.map(milliseconds).join(' to ')} ms${kind}`;
  const less = parts.filter(({ raises }) => !raises).slice(0, MOST_SAVED);
  const more = parts.filter(({ raises, share }) => raises && share >= LEAST_ADDED);
  const saved = [...(time ? [time] : []), ...less.map(({ text }) => text)];
  if (saved.length === 0) return undefined;
  return `${saved.join(', ')}${more.length > 0 ? `; it adds ${more.map(({ text }) => text).join(', ')}` : ''}`;
}

type Quantity = 'multAdds' | 'params' | 'memoryAccessUnfused' | 'memoryAccessFused' | 'peakActivations' | 'launches';
type Totals = Diagnosis['totals'];
type StepQuantity = 'keptBytes' | 'peakBytes' | 'stepMultAdds' | 'recomputedMemoryAccess';
/** Of a training step. */
const STEP_QUANTITIES: readonly (readonly [
  StepQuantity,
  readonly [string, string],
  (totals: TrainingTotals) => number,
])[] = [
  ['keptBytes', ['', ' kept for backward'], ({ keptBytes }) => keptBytes],
  ['peakBytes', ['', ' at the peak'], ({ peak }) => peak.bytes],
  ['stepMultAdds', ['multiply-add', ' of a step'], ({ stepMultAdds }) => stepMultAdds],
  ['recomputedMemoryAccess', ['element', ' of memory access again'], ({ memoryAccess }) => memoryAccess],
];
const QUANTITIES: readonly (readonly [Quantity, readonly [string, string], (totals: Totals) => number])[] = [
  ['multAdds', ['multiply-add', ''], ({ multAdds }) => multAdds],
  ['params', ['parameter', ''], ({ params }) => params],
  ['memoryAccessUnfused', ['element', ' of memory access'], ({ memoryAccess }) => memoryAccess.unfused],
  ['memoryAccessFused', ['element', ' of fused memory access'], ({ memoryAccess }) => memoryAccess.fused],
  ['peakActivations', ['element', ' of peak activations'], ({ peakActivations }) => peakActivations],
  ['launches', ['op', ''], ({ ops }) => ops],
];

const MOST_NAMED = 3;

/** "a, b, c and 55 more (12.3 % of the measured time)"; undefined for none. */
export function layersText({ layers, timeShare }: Finding, { kind }: Diagnosis['basis']): string | undefined {
  if (layers.length === 0) return undefined;
  const named = layers.slice(0, MOST_NAMED).map((name) => abbreviate(name, LONGEST));
  const time = timeShare === undefined ? '' : ` (${percent(timeShare, 1) || '0 %'} of the ${kind} time of the layers)`;
  return `${named.join(', ')}${layers.length > MOST_NAMED ? ` and ${layers.length - MOST_NAMED} more` : ''}${time}`;
}

/** "3 findings", or that there is none. */
export const findingsTitle = ({ findings }: Diagnosis): string =>
  findings.length === 0 ? 'No audit found anything to change.' : counted(findings.length, 'finding');

/** That findings see batch norms as folded; undefined where none is, or no finding is about it. */
export function foldedText({ folded, findings }: Pick<Diagnosis, 'folded' | 'findings'>): string | undefined {
  if (!folded || findings.every(({ audit }) => isAsWritten(audit))) return undefined;
  const { norms, totals } = folded;
  return `Findings count ${counted(norms, 'batch norm')} as folded into the ${norms === 1 ? 'layer before it' : 'layers before them'}, as runtimes do: their shares are of the ${counted(totals.ops, 'op')} and ${counted(totals.memoryAccess.unfused, 'element', short(totals.memoryAccess.unfused))} of memory access that are left.`;
}

/** The same behind a title, in one line of a terminal; "" where there is nothing to say. */
export function foldedBrief({ folded, findings }: Pick<Diagnosis, 'folded' | 'findings'>): string {
  if (!folded || foldedText({ folded, findings }) === undefined) return '';
  const { norms, totals } = folded;
  return ` (${counted(norms, 'batch norm')} folded, as in runtimes: ${counted(totals.ops, 'op')}, ${short(totals.memoryAccess.unfused)} elements left)`;
}

/** Names those that are not written out; undefined where all are. */
export const othersText = ({ findings }: Diagnosis): string | undefined =>
  findings.length <= MOST_FINDINGS
    ? undefined
    : `Smaller: ${findings
        .slice(MOST_FINDINGS)
        .map(({ audit }) => audit)
        .join(', ')} (--format json has them all).`;

/** What tells more than counts; undefined where times are known. */
export const moreText = ({ basis, training }: Diagnosis): string | undefined =>
  basis.kind !== 'counts' || training
    ? undefined
    : 'Times and limits: --device rtx-4090 (flopscope device list), --runs run.json.';
