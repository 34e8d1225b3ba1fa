// The headline where nothing surprises: which network is cheaper or faster, and by how much.

import { timeClause } from '../../src/measure/ratioWords.js';
import { inferenceRatio } from '../../src/measure/sessionTimes.js';
import type { TimeRatio } from '../../src/measure/significance.js';
import { listed } from '../../src/plural.js';
import { abbreviate } from '../../src/visible.js';
import { SAME } from '../../src/compare.js';
import { times } from '../text/number.js';
import { inputsOf } from './inputsOf.js';
import type { Subject } from './subject.js';

const label = ({ network }: Subject): string => abbreviate(network.label);

/** Of two counts; two that are both 0 are equal. */
const over = (own: number, other: number): number => (own === other ? 1 : own / Math.max(1, other));
const workOf = ({ network }: Subject, to: Subject): number => over(network.totals.multAdds, to.network.totals.multAdds);
const accessOf = ({ network }: Subject, to: Subject): number =>
  over(network.totals.memoryAccess.unfused, to.network.totals.memoryAccess.unfused);

const isSame = (ratio: number): boolean => Math.abs(ratio - 1) < SAME;

/**
 * By counts: which network costs the least beside the reference.
 * @param subjects at least two, the reference among them
 */
export function costHeadline(subjects: readonly Subject[], reference: Subject): string {
  const others = subjects.filter((subject) => subject !== reference);
  const few = subjects.length === 2;
  const base = label(reference);
  if (others.every((one) => isSame(workOf(one, reference)) && isSame(accessOf(one, reference))))
    return `${few ? `${label(others[0]!)} and ${base}` : `All ${subjects.length} networks`} cost the same: their multiply-adds and their memory access differ by less than ${100 * SAME} %.`;
  const least = leastOf(subjects);
  const inBoth = subjects.every((one) => workOf(least, one) < 1 + SAME && accessOf(least, one) < 1 + SAME);
  const said = least === reference ? leastOf(others) : least;
  const figures = costs(said, reference);
  if (few) {
    if (!inBoth) return `Beside ${base}, ${label(said)} has ${figures}.`;
    return `${label(said)} costs ${least === reference ? 'more' : 'less'} than ${base}: ${figures}.`;
  }
  const claim = `${label(least)} ${inBoth ? 'costs the least' : 'does the fewest multiply-adds'} of ${subjects.length} networks`;
  return least === reference
    ? `${claim}; the next, ${label(said)}: ${figures}.`
    : `${claim}; beside ${base}: ${figures}.`;
}

/** The least in both costs, where there is one; else the one with the fewest multiply-adds. */
function leastOf(subjects: readonly Subject[]): Subject {
  const least = (cost: (one: Subject, other: Subject) => number): Subject =>
    subjects.reduce((found, one) => (cost(one, found) < 1 ? one : found));
  const cheapest = least((one, other) => workOf(one, other) * accessOf(one, other));
  return subjects.every((one) => accessOf(cheapest, one) < 1 + SAME && workOf(cheapest, one) < 1 + SAME)
    ? cheapest
    : least(workOf);
}

/** "0.94x the multiply-adds and about the same memory access". */
function costs(one: Subject, reference: Subject): string {
  const [work, access] = [workOf(one, reference), accessOf(one, reference)];
  const clause = (ratio: number, noun: string): string =>
    ratio === 1 ? `the same ${noun}` : isSame(ratio) ? `about the same ${noun}` : `${times(ratio)} the ${noun}`;
  return `${clause(work, 'multiply-adds')} and ${clause(access, 'memory access')}${inputsOf(one.network, reference.network)}`;
}

interface Beside {
  readonly subject: Subject;
  readonly time: TimeRatio;
}

/**
 * By measured times: which network is faster than the reference, or that none is seen to be.
 * @returns undefined where no other network, or not the reference, was measured
 */
export function timeHeadline(subjects: readonly Subject[], reference: Subject): string | undefined {
  const { run: own } = reference;
  if (own === null) return undefined;
  const measured = subjects.flatMap((subject): readonly Beside[] =>
    subject !== reference && subject.run ? [{ subject, time: inferenceRatio(subject.run, own) }] : [],
  );
  if (measured.length === 0) return undefined;
  const ordered = [...measured].sort((a, b) => a.time.value - b.time.value);
  const base = label(reference);
  const takes = ({ subject, time }: Beside): string =>
    `${timeClause(time, base)}${inputsOf(subject.network, reference.network)}`;
  const clause = (one: Beside): string => `${label(one.subject)} ${takes(one)}`;
  if (ordered.length === 1) return `${clause(ordered[0]!)}.`;
  const all = `${ordered.length + 1} networks`;
  const faster = ordered.filter(({ time }) => time.verdict === 'faster');
  if (faster.length > 0) {
    const [first, ...rest] = faster;
    const alike = rest.filter(({ subject }) => inferenceRatio(first!.subject.run!, subject.run!).verdict !== 'faster');
    return alike.length === 0
      ? `${clause(first!)}, the least of ${all}.`
      : `${clause(first!)}; ${listed(alike.map(({ subject }) => label(subject)))} cannot be told apart from it.`;
  }
  const slower = ordered.filter(({ time }) => time.verdict === 'slower');
  if (slower.length === ordered.length)
    return `${base} is the fastest of ${all}; the next, ${label(ordered[0]!.subject)}, ${takes(ordered[0]!)}.`;
  if (ordered.every(({ time }) => time.verdict === 'no difference'))
    return `All ${all} take the same time: none differs significantly from ${base}.`;
  const last = slower.at(-1);
  return `No network is seen to be faster than ${base}${last ? `; ${clause(last)}` : ', and none to be slower'}.`;
}
