// The answer for one network: its diagnosis as data of the page, with its sentences.

import { effectOf } from '../../src/diagnosis/audits.js';
import type { Diagnosed, Diagnosis } from '../../src/diagnosis/diagnose.js';
import type { Finding } from '../../src/diagnosis/finding.js';
import type { NetworkPart } from '../../src/diagnosis/parts.js';
import type { Run } from '../../src/measure/run.js';
import { percent } from '../../src/numberText.js';
import { counted } from '../../src/plural.js';
import { abbreviate } from '../../src/visible.js';
import { basisText, foldedText, savingText } from '../sheets/diagnosisSheets.js';

/** A finding with its saving in words. */
export interface PageFinding extends Pick<Finding, 'audit' | 'title' | 'evidence' | 'fix' | 'source' | 'layers'> {
  /** The share of its layers in the time of all layers; null where no times are known. */
  readonly timeShare: number | null;
  /** The share that the fix saves: of the time, or of a count where no times are known. */
  readonly effect: number;
  /** Whether it saves activation memory alone, and so no time. */
  readonly memoryOnly: boolean;
  /** Null where the fix saves nothing that is counted. */
  readonly saves: string | null;
}

/**
 * A layer: its share of the time, or of the unfused memory access where no time is known; its
 * time; what limits it; and the times of equal layers, where they differ too much.
 */
export type LayerLimit = readonly [
  share: number,
  milliseconds: number | null,
  limit: NetworkPart['limit'],
  varies?: readonly [least: number, most: number],
];

/** The headline of a page of one network, and what supports it. */
export interface Answer {
  readonly kind: Diagnosis['basis']['kind'];
  /** Whether the runtime profiled the layers; otherwise each was timed alone. */
  readonly profiled?: boolean;
  /** Where limits and shares come from, in a sentence. */
  readonly basis: string;
  /** How limits were found, without a capital letter and a full stop. */
  readonly how: string;
  /** Only where findings see batch norms as folded: that they do, in a sentence. */
  readonly folded?: string;
  readonly findings: readonly PageFinding[];
  /** In order of execution, as the layers of the network. */
  readonly layers: readonly LayerLimit[];
}

/** @param run the one that the times of the layers are from */
export const answerOf = ({ diagnosis, everyLayer }: Diagnosed, run: Run | null = null): Answer => ({
  kind: diagnosis.basis.kind,
  ...(run?.asRun ? { profiled: true } : {}),
  ...{ basis: basisText(diagnosis.basis), how: diagnosis.basis.how },
  ...foldedSentence(diagnosis),
  findings: diagnosis.findings.map((finding) => ({
    ...{ audit: finding.audit, title: finding.title, evidence: finding.evidence, fix: finding.fix },
    ...{ source: finding.source, layers: finding.layers },
    timeShare: finding.timeShare ?? null,
    effect: effectOf(finding, diagnosis.basis.milliseconds),
    memoryOnly: Object.keys(finding.saves).join() === 'peakActivations',
    saves: savingText(finding, diagnosis) ?? null,
  })),
  layers: everyLayer.map(({ timeShare, memoryAccessUnfusedShare, milliseconds, limit, varies }): LayerLimit => {
    const share = timeShare ?? memoryAccessUnfusedShare;
    return varies ? [share, milliseconds, limit, varies] : [share, milliseconds, limit];
  }),
});

function foldedSentence(diagnosis: Diagnosis): Pick<Answer, 'folded'> {
  const folded = foldedText(diagnosis);
  return folded === undefined ? {} : { folded };
}

/** The least effect of a headline. */
const LEADS = 0.1;

/**
 * The headline is the finding with the largest effect. Where there is none, or its effect is below
 * a tenth, the headline is where the cost sits.
 */
export function answerSentences(label: string, answer: Answer): readonly [headline: string, explanation: string] {
  // A finding that saves memory alone does not explain why a network is slow.
  const first = answer.findings.find(({ memoryOnly }) => !memoryOnly);
  const name = abbreviate(label, 60);
  const sits = concentration(answer);
  if (!first)
    return [
      `${name}: ${lowerFirst(sits)}`,
      `${answer.findings.length === 0 ? 'No audit found anything to change.' : 'No audit found anything that would make it faster.'} ${answer.basis}`,
    ];
  const time =
    first.timeShare === null
      ? ''
      : ` Its layers take ${percent(first.timeShare, 1) || '0 %'} of the ${answer.kind} time.`;
  const saves = `${time}${first.saves === null ? '' : ` The fix saves ${briefly(first.saves)}.`}`;
  const found = `${lowerFirst(first.title)}.${saves}`;
  return first.effect < LEADS
    ? [`${name}: ${lowerFirst(sits)}`, `Largest finding: ${found} ${answer.basis}`]
    : [`${name}: ${found}`, `${sits} ${answer.basis}`];
}

/** The two largest savings of a list, without what the fix adds. */
const briefly = (saves: string): string => saves.split('; it adds ')[0]!.split(', ').slice(0, 2).join(' and ');

/** A finding in one line, for a summary and a page without a script. */
export const findingSentence = ({ title, evidence, fix, saves }: PageFinding): string =>
  `${title}: ${evidence} ${fix}${saves === null ? '' : ` It saves ${saves}.`}`;

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** The largest layers are named until they make up this share of the whole. */
const ENOUGH = 0.4;
/** The largest share of layers that is called few. */
const FEW = 0.25;

const WAITS = {
  memory: 'wait for memory',
  compute: 'are limited by arithmetic',
  launches: 'wait for their launch',
} as const;

const WAIT = {
  memory: 'it waits for memory',
  compute: 'it is limited by arithmetic',
  launches: 'it waits for its launch',
} as const;

/** "5 of 93 layers take 41.2 % of the measured time; 3 of them wait for memory." */
export function concentration({ kind, layers }: Answer): string {
  const sorted = layers.filter(([share]) => share > 0).sort((a, b) => b[0] - a[0]);
  const all = sorted.reduce((sum, [share]) => sum + share, 0);
  if (sorted.length === 0) return 'No layer costs anything.';
  let [count, share] = [0, 0];
  while (share < ENOUGH * all) share += sorted[count++]![0];
  const few = count <= Math.max(1, FEW * sorted.length);
  if (!few) [count, share] = [5, sorted.slice(0, 5).reduce((sum, [one]) => sum + one, 0)];
  const top = sorted.slice(0, count);
  const what = kind === 'counts' ? 'unfused memory access' : `${kind} time of the layers`;
  const of = `${count} of ${counted(sorted.length, 'layer')}`;
  const [limit, waiting] = mostCommon(top);
  const wait =
    limit === null
      ? ''
      : count === 1
        ? `; ${WAIT[limit]}`
        : `; ${waiting === count ? 'all of them' : `${waiting} of them`} ${WAITS[limit]}`;
  const take = `${kind === 'counts' ? 'make' : 'take'}${count === 1 ? 's' : ''}`;
  if (few) return `${of} ${take} ${percent(share, all)} of the ${what}${wait}.`;
  return `The cost is spread: the ${count} largest of ${counted(sorted.length, 'layer')} ${take} ${percent(share, all)} of the ${what}${wait}.`;
}

function mostCommon(layers: readonly LayerLimit[]): readonly [NetworkPart['limit'], number] {
  const counts = new Map<NetworkPart['limit'], number>();
  for (const [, , limit] of layers) if (limit !== null) counts.set(limit, (counts.get(limit) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0] ?? [null, 0];
}
