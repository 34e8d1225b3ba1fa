// The headline: a network with fewer multiply-adds that takes longer, else which one costs less.

import type { Run } from '../../src/measure/run.js';
import { timeClause } from '../../src/measure/ratioWords.js';
import { inferenceRatio } from '../../src/measure/sessionTimes.js';
import { inverse, type TimeRatio } from '../../src/measure/significance.js';
import { utilisationText } from '../../src/measure/utilisation.js';
import { milliseconds, short, times } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';
import { doubtOf } from './doubt.js';
import { inputsOf } from './inputsOf.js';
import type { Network } from './network.js';
import { costHeadline, timeHeadline } from './plainHeadline.js';
import { deviceLabel } from '../../src/measure/label.js';
import type { Subject } from './subject.js';
import { incomparable } from '../../src/compare.js';

/** Ratios nearer to 1 than this are no headline. */
const NOTABLE = 0.02;

/** Sentences where nothing was measured, without and with predicted times. */
export const NO_TIME = 'No time was measured for this report, and none is shown.';
export const UNMEASURED_TIME = 'No time was measured for this report.';

/** One network beside another: `of` over `to`. */
interface Pair {
  readonly of: string;
  readonly to: string;
  readonly multAdds: number;
  readonly access: number;
  readonly ops: number;
  /** The inputs where they differ, else "": a network may be heavier only for its larger images. */
  readonly at: string;
  /** Null where one of the two was not measured. */
  readonly time: TimeRatio | null;
}

function pairOf(a: Subject, b: Subject): Pair {
  const over = (pick: (network: Network) => number): number => pick(a.network) / Math.max(1, pick(b.network));
  return {
    of: abbreviate(a.network.label),
    to: abbreviate(b.network.label),
    multAdds: over(({ totals }) => totals.multAdds),
    access: over(({ totals }) => totals.memoryAccess.unfused),
    ops: over(({ totals }) => totals.ops),
    at: inputsOf(a.network, b.network),
    time: a.run && b.run && inferenceRatio(a.run, b.run),
  };
}

/** Pairs with the baseline; then all pairs, unless the user chose the baseline. */
function pairsOf(subjects: readonly Subject[], reference: Subject, chosen: boolean): readonly (readonly Pair[])[] {
  const against = (b: Subject): readonly Pair[] => subjects.filter((a) => a !== b).map((a) => pairOf(a, b));
  const pools = [
    against(reference).flatMap((pair) => [pair, reversed(pair)]),
    ...(chosen ? [] : [subjects.flatMap(against)]),
  ];
  // Pairs of one input are preferred.
  const sameInput = pools.map((pool) => pool.filter(({ at }) => at === ''));
  return sameInput.some((pool) => pool.length > 0) ? sameInput : pools;
}

const reversed = ({ of, to, multAdds, access, ops, at, time }: Pair): Pair => ({
  of: to,
  to: of,
  at: at.replace(/^, at (\S+) against (\S+)$/, ', at $2 against $1'),
  multAdds: 1 / multAdds,
  access: 1 / access,
  ops: 1 / ops,
  time: time && inverse(time),
});

/** The pair in which fewer multiply-adds go with the largest ratio of another cost. */
function surprise(pairs: readonly Pair[], cost: (pair: Pair) => number | null): Pair | undefined {
  const surprising = pairs.filter((pair) => pair.multAdds < 1 - NOTABLE && (cost(pair) ?? 0) > 1 + NOTABLE);
  return surprising.sort((a, b) => cost(b)! / b.multAdds - cost(a)! / a.multAdds)[0];
}

/**
 * The headline and what explains it.
 * @param device null where nothing was measured
 * @param chosen whether the user chose the reference: then the headline speaks of it
 */
export function headlineOf(
  subjects: readonly Subject[],
  reference: Subject,
  device: string | null,
  chosen = false,
): readonly [string, string] {
  let missing = NO_TIME;
  if (subjects.length === 1) return [aloneHeadline(reference), reference.run ? aloneTime(reference.run) : missing];
  const whole = subjects.filter(({ network }) => !network.lowerBound);
  if (whole.length < 2) return withoutRatios(subjects, reference, device, missing);
  if (whole.length < subjects.length) {
    const [headline, explanation] = headlineOf(
      whole,
      whole.includes(reference) ? reference : whole[0]!,
      device,
      chosen && whole.includes(reference),
    );
    return [headline, `${explanation} ${boundsSentence(subjects)}`];
  }
  const pools = pairsOf(subjects, reference, chosen);
  const comparable = ofOneInput(subjects, reference);
  const among = (count: number): string =>
    chosen && count > 2
      ? `Beside ${abbreviate(reference.network.label, 40)}, no network`
      : `Among these ${count} networks, none`;
  if (device !== null) {
    const slower = pools
      .map((pool) => surprise(pool, ({ time }) => (time?.verdict === 'slower' ? time.value : null)))
      .find((pair) => pair !== undefined);
    if (slower)
      return [
        `${slower.of} does ${times(slower.multAdds)} the multiply-adds of ${slower.to} and ${timeClause(slower.time!)}${slower.at}.`,
        `${reasonOf(slower)} Measured on ${device}.`,
      ];
    const doubt = doubtOf(pools.flat());
    if (doubt !== undefined) {
      const [counted, explanation] = headlineOf(subjects, reference, null, chosen);
      return [
        `${counted.slice(0, -1)}; which is faster is not known.`,
        explanation.replace(NO_TIME, `${doubt} Measured on ${device}.`),
      ];
    }
    const measured = subjects.filter(({ run }) => run !== null);
    const base = reference.run || chosen ? reference : measured[0]!;
    const headline = timeHeadline(ofOneInput(subjects, base), base);
    if (headline !== undefined) {
      const untold = pools.flat().some(({ time }) => time?.verdict === 'cannot tell');
      return [
        headline,
        `${among(measured.length)} with fewer multiply-adds ${untold ? 'is seen to take' : 'takes'} notably longer. ${costHeadline(comparable, reference)} Measured on ${device}.`,
      ];
    }
    const [one] = measured;
    missing =
      measured.length === 1
        ? `Only ${abbreviate(one!.network.label, 40)} was measured on ${device}, so no times are compared.`
        : `${abbreviate(reference.network.label, 40)} was not measured on ${device}, so no times are compared with it.`;
  }
  const heavier = pools.map((pool) => surprise(pool, ({ access }) => access)).find((pair) => pair !== undefined);
  if (heavier)
    return [
      `${heavier.of} does ${times(heavier.multAdds)} the multiply-adds of ${heavier.to} but needs ${times(heavier.access)} its memory access${heavier.at}.`,
      `It runs ${times(heavier.ops)} as many ops. ${missing}`,
    ];
  return [
    costHeadline(comparable, reference),
    `${among(comparable.length)} with fewer multiply-adds needs notably more memory access. ${missing}`,
  ];
}

/** Those with the input of the reference, where there are several; else all. */
function ofOneInput(subjects: readonly Subject[], reference: Subject): readonly Subject[] {
  const same = subjects.filter(({ network }) => inputsOf(network, reference.network) === '');
  return same.length > 1 ? same : subjects;
}

/** Lower bounds have no ratios of counts, only of measured times. */
function withoutRatios(
  subjects: readonly Subject[],
  reference: Subject,
  device: string | null,
  missing: string,
): readonly [string, string] {
  const counted = ({ network: { label, lowerBound } }: Subject) => ({
    model: abbreviate(label),
    ...(lowerBound ? { lowerBound } : {}),
  });
  const other = subjects.find((subject) => subject !== reference)!;
  const headline = incomparable(counted(other), counted(reference));
  const time = other.run && reference.run && inferenceRatio(other.run, reference.run);
  if (device === null) return [headline, missing];
  if (!time) return [headline, 'Not both were measured, so no times are compared.'];
  const [own, to] = [other, reference].map(({ network: { label } }) => abbreviate(label));
  return [headline, `${own!} ${timeClause(time, to)}, measured on ${device}.`];
}

/** "x and y are left out: what is counted of them is a lower bound." */
function boundsSentence(subjects: readonly Subject[]): string {
  const labels = subjects.filter(({ network }) => network.lowerBound).map(({ network }) => abbreviate(network.label));
  return labels.length === 1
    ? `${labels[0]!} is not compared: what is counted of it is a lower bound.`
    : `${labels.slice(0, 3).join(', ')}${labels.length > 3 ? ` and ${labels.length - 3} more` : ''} are not compared: what is counted of them are lower bounds.`;
}

/** Only counts that are higher, as the time is, are given as its reason. */
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

const aloneHeadline = ({ network: { label, totals, lowerBound } }: Subject): string =>
  `${abbreviate(label)} does ${lowerBound ? 'at least ' : ''}${short(totals.multAdds)} multiply-adds with ${short(totals.params)} parameters, and accesses ${short(totals.memoryAccess.unfused)} elements of memory${lowerBound ? ': all three are lower bounds' : ''}.`;

function aloneTime(run: Run): string {
  const { times, input, flopsPerSecond, lowerBound } = run;
  const used = utilisationText(run, 'compute', 1);
  return `A batch of ${input.n} takes ${milliseconds(times.median)} ms on ${deviceLabel(run)}: ${lowerBound ? 'at least ' : ''}${short(flopsPerSecond)}FLOP/s${used === null ? '' : `, ${used} of what the device reached`}.`;
}
