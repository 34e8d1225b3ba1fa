// What do the numbers say? A headline, why, and a sentence per network; nothing is claimed that was not counted or measured.

import { compare, type Comparison } from '../../src/compare.js';
import type { Run } from '../../src/measure/run.js';
import { ratioOf } from '../../src/measure/statistics.js';
import { FEWEST_TO_TELL, rankCorrelation } from '../../src/explain/rank.js';
import { percent, short, times } from '../number.js';
import { abbreviate } from '../visible.js';
import type { Network } from './network.js';
import { deviceLabel, type Setting } from './settings.js';

export interface Findings {
  /** The one thing to remember. */
  readonly headline: string;
  /** What explains it, or what is missing to know. */
  readonly explanation: string;
  /** One per network besides the baseline. */
  readonly findings: readonly string[];
  /** How well counts rank the measured times; null where too few networks were measured to tell from chance. */
  readonly ranking: string | null;
}

export interface Subject {
  readonly network: Network;
  readonly run: Run | null;
}

/** Ratios nearer to 1 than this are no news. */
const NOTABLE = 0.02;

/** One network beside another: `of` over `to`. */
interface Pair {
  readonly of: string;
  readonly to: string;
  readonly multAdds: number;
  readonly access: number;
  readonly ops: number;
  /** Null where either was not measured. */
  readonly time: number | null;
  /** Twice the standard uncertainty of `time`. */
  readonly doubt: number;
}

/** @param baseline index of the subject that others are compared to */
export function findingsOf(subjects: readonly Subject[], baseline: number, setting: Setting | null): Findings {
  const reference = subjects[baseline]!;
  const others = subjects.filter((subject) => subject !== reference);
  const device = setting && deviceLabel(setting);
  const [headline, explanation] = headlineOf(subjects, reference, device);
  return {
    headline,
    explanation,
    findings: others.map((subject) => sentenceOf(subject, reference, device)),
    ranking: device === null ? null : rankingOf(subjects, device),
  };
}

/** "a has 0.69x the multiply-adds of b but 1.09x its memory access, in 2.47x as many ops; on D it takes 1.40x the time." */
function sentenceOf(subject: Subject, reference: Subject, device: string | null): string {
  const counted = comparisonOf(subject, reference).findings[0]!;
  if (device === null) return counted;
  return `${counted.slice(0, -1)}; ${timeClause(subject, reference, device)}.`;
}

function timeClause({ run }: Subject, reference: Subject, device: string): string {
  if (run === null) return 'it was not measured here';
  if (reference.run === null)
    return `${abbreviate(reference.network.label)} was not measured here, so times cannot be compared`;
  const { ratio, uncertainty } = ratioOf(run.times, reference.run.times);
  const doubt = uncertainty !== null && uncertainty >= 0.005 ? ` (±${uncertainty.toFixed(2)})` : '';
  if (Math.abs(ratio - 1) < Math.max(0.005, 2 * (uncertainty ?? 0)))
    return `on ${device} both take the same time${doubt}`;
  return `on ${device} it takes ${times(ratio)} the time${doubt}`;
}

function comparisonOf(subject: Subject, reference: Subject): Comparison {
  const counted = ({ network }: Subject) => ({ ...network, model: abbreviate(network.label) });
  return compare([counted(reference), counted(subject)]);
}

function pairOf(a: Subject, b: Subject): Pair {
  const over = (pick: (network: Network) => number): number => pick(a.network) / Math.max(1, pick(b.network));
  const time = a.run && b.run && ratioOf(a.run.times, b.run.times);
  return {
    of: abbreviate(a.network.label),
    to: abbreviate(b.network.label),
    multAdds: over(({ totals }) => totals.multAdds),
    access: over(({ totals }) => totals.memoryAccess.unfused),
    ops: over(({ totals }) => totals.ops),
    time: time && time.ratio,
    doubt: 2 * (time?.uncertainty ?? 0),
  };
}

/** Pairs with the baseline, and where none of them surprises, all pairs. */
function pairsOf(subjects: readonly Subject[], reference: Subject): readonly (readonly Pair[])[] {
  const against = (b: Subject): readonly Pair[] => subjects.filter((a) => a !== b).map((a) => pairOf(a, b));
  return [against(reference).flatMap((pair) => [pair, reversed(pair)]), subjects.flatMap(against)];
}

const reversed = ({ of, to, multAdds, access, ops, time, doubt }: Pair): Pair => ({
  of: to,
  to: of,
  multAdds: 1 / multAdds,
  access: 1 / access,
  ops: 1 / ops,
  time: time && 1 / time,
  doubt: time === null ? doubt : doubt / time ** 2,
});

/** The pair in which fewer multiply-adds go together with most of something else. */
function surprise(pairs: readonly Pair[], cost: (pair: Pair) => number | null): Pair | undefined {
  const surprising = pairs.filter((pair) => pair.multAdds < 1 - NOTABLE && (cost(pair) ?? 0) > 1 + NOTABLE);
  return surprising.sort((a, b) => cost(b)! / b.multAdds - cost(a)! / a.multAdds)[0];
}

function headlineOf(
  subjects: readonly Subject[],
  reference: Subject,
  device: string | null,
): readonly [string, string] {
  let missing = 'No time was measured for this report, and none is shown.';
  if (subjects.length === 1) return [aloneHeadline(reference), reference.run ? aloneTime(reference.run) : missing];
  const pools = pairsOf(subjects, reference);
  if (device !== null) {
    const slower = pools
      .map((pool) => surprise(pool, ({ time, doubt }) => time && time - Math.max(0, doubt - NOTABLE)))
      .find((pair) => pair !== undefined);
    if (slower)
      return [
        `${slower.of} does ${times(slower.multAdds)} the multiply-adds of ${slower.to} and takes ${times(slower.time)} the time.`,
        `${reasonOf(slower)} Measured on ${device}.`,
      ];
    const measured = subjects.filter(({ run }) => run !== null);
    if (measured.length > 1)
      return [
        `Among these ${measured.length} networks, none with fewer multiply-adds takes notably longer.`,
        `Measured on ${device}.`,
      ];
    missing = `Only ${abbreviate(measured[0]!.network.label, 40)} was measured on ${device}, so no times are compared.`;
  }
  const heavier = pools.map((pool) => surprise(pool, ({ access }) => access)).find((pair) => pair !== undefined);
  if (heavier)
    return [
      `${heavier.of} does ${times(heavier.multAdds)} the multiply-adds of ${heavier.to} but needs ${times(heavier.access)} its memory access.`,
      `It runs ${times(heavier.ops)} as many ops. ${missing}`,
    ];
  return [
    `Among these ${subjects.length} networks, none with fewer multiply-adds needs notably more memory access.`,
    missing,
  ];
}

/** Only counts that point the way of the time are offered as its reason. */
function reasonOf({ of, access, ops }: Pair): string {
  const [heavier, busier] = [access > 1 + NOTABLE, ops > 1 + NOTABLE];
  if (!heavier && !busier)
    return `Neither memory access (${times(access)}) nor the number of ops (${times(ops)}) explains it: look at its layers.`;
  const more = [
    ...(heavier ? [`has ${times(access)} the memory access`] : []),
    ...(busier ? [`runs ${times(ops)} as many ops`] : []),
  ];
  return `What multiply-adds do not show: ${of.length > 40 ? 'it' : of} ${more.join(' and ')}.`;
}

const aloneHeadline = ({ network: { label, totals } }: Subject): string =>
  `${abbreviate(label)} does ${short(totals.multAdds)} multiply-adds with ${short(totals.params)} parameters, and accesses ${short(totals.memoryAccess.unfused)} elements of memory.`;

const aloneTime = ({ times: { median }, input, flopsPerSecond, utilisation, device, engine }: Run): string =>
  `A batch of ${input.n} takes ${median.toPrecision(3)} ms on ${deviceLabel({ device, engine })}: ${short(flopsPerSecond)}FLOP/s${utilisation ? `, ${percent(utilisation.compute, 1)} of what the device reached` : ''}.`;

function rankingOf(subjects: readonly Subject[], device: string): string | null {
  const measured = subjects.flatMap(({ network: { totals }, run }) =>
    run ? [{ totals, time: run.times.median }] : [],
  );
  if (measured.length < FEWEST_TO_TELL) return null;
  const rank = (pick: (totals: Network['totals']) => number): string | null =>
    rankCorrelation(measured.map(({ totals, time }) => [pick(totals), time] as const))?.toFixed(2) ?? null;
  const [work, params, access] = [rank((t) => t.multAdds), rank((t) => t.params), rank((t) => t.memoryAccess.unfused)];
  if (work === null || params === null || access === null) return null;
  return `Over ${measured.length} networks on ${device}, the rank correlation with time is ${access} for the memory access of every op, ${work} for multiply-adds and ${params} for parameters.`;
}
