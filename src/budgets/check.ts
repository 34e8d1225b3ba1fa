// Checks each limit against its value, and names the layers behind each limit that fails.

import { InputError } from '../inputError.js';
import type { Run } from '../measure/run.js';
import { sessionTimes } from '../measure/sessionTimes.js';
import { timeInterval, timeRatio } from '../measure/significance.js';
import type { Profile } from '../profile.js';
import { deviceOf, otherKind, otherTraining, valueOf, type BaselineNetwork } from './baseline.js';
import type { CheckedFinding } from './forbidden.js';
import { contributors, type Contributors } from './contributors.js';
import type { Costs } from './costs.js';
import { notesOf, type FileNotes } from '../training/fileNotes.js';
import type { Training } from '../training/training.js';
import { allowed, type Limit } from './limit.js';
import { allowedEnd, metricOf, type MetricName } from '../metrics/table.js';

/** A limit and its place in the budgets file. */
export interface PlacedLimit {
  readonly metric: MetricName;
  readonly limit: Limit;
  /** "file:line:column". */
  readonly place: string;
}

export interface Budgeted extends Costs {
  /** The metric's name in tables. */
  readonly name: string;
  readonly limits: readonly PlacedLimit[];
  /** What is found of the audits that are forbidden. */
  readonly findings?: readonly CheckedFinding[];
  readonly baseline: BaselineNetwork | undefined;
}

export interface CheckedLimit extends FileNotes {
  readonly network: string;
  readonly input: Profile['input'];
  readonly metric: MetricName;
  readonly value: number;
  /** As the budgets file writes it. */
  readonly budget: string;
  /** The allowed value in the metric's unit, computed from a percentage where it has one. */
  readonly limit: number;
  readonly allows: 'most' | 'least';
  /** Null where the baseline does not have it. */
  readonly baseline: number | null;
  /**
   * Of a time, its 95 % interval between sessions, and beside a baseline that of both; null of
   * anything else.
   */
  readonly interval: readonly [low: number, high: number] | null;
  /** For a time whose interval holds its limit, the result is "cannot tell". */
  readonly result: 'within' | 'exceeded' | 'cannot tell';
  /** False where it is exceeded. With `strict`, false also where the result is "cannot tell". */
  readonly passed: boolean;
  /** The distance beyond the limit; 0 where it passes. */
  readonly excess: number;
  readonly place: string;
  /** How the network is trained, where the metric is of a training step. */
  readonly training?: Training['options'];
  /**
   * What the counts leave out, where the value is a lower bound. A limit that holds may then fail
   * for the whole network.
   */
  readonly lowerBound?: NonNullable<Profile['lowerBound']>;
  /** Why the value is a lower bound, where bytes that training keeps are not all known. */
  readonly keptAtLeast?: string;
  /** The layers behind a limit that fails; null where it passes. */
  readonly contributors: Contributors | null;
}

export interface CheckResult {
  readonly schema: 'flopscope.check/1';
  /** The budgets file. */
  readonly budgets: string;
  readonly passed: boolean;
  readonly failed: number;
  /** How many times have the result "cannot tell". */
  readonly untold: number;
  /** In the order of the budgets file. */
  readonly limits: readonly CheckedLimit[];
  /** One for each finding that is forbidden and each network, in the order of the file. */
  readonly findings: readonly CheckedFinding[];
  /** The number of forbidden findings that the networks have. */
  readonly found: number;
  /** Doubts about the runs that were used, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * @param strict a time that cannot be told from its limit fails, too
 * @throws InputError, with the limit's place, for a metric that the run or the baseline does not
 * have
 */
export function checkBudgets(budgets: string, networks: readonly Budgeted[], strict = false): CheckResult {
  const limits = networks.flatMap((network) => network.limits.map((placed) => verdict(network, placed, strict)));
  const failed = limits.filter(({ passed }) => !passed).length;
  const findings = networks.flatMap((network) => network.findings ?? []);
  const found = findings.filter((one) => one.found).length;
  return {
    schema: 'flopscope.check/1',
    budgets,
    passed: failed + found === 0,
    failed,
    untold: limits.filter(({ result }) => result === 'cannot tell').length,
    limits,
    ...{ findings, found },
    warnings: networks.flatMap(({ name, run, limits }) => (run && usesRun(limits) ? warningsOf(name, run) : [])),
  };
}

function verdict(network: Budgeted, { metric, limit, place }: PlacedLimit, strict: boolean): CheckedLimit {
  const { name, profile, training, run, baseline } = network;
  const described = metricOf(metric);
  const value = valueOf(metric, network);
  if (value === null)
    throw new InputError(
      described.from !== 'run' || run === null
        ? `${place}: ${name} has no ${described.title}: remove this limit`
        : `${place}: the run of ${name} has no ${described.title} (${described.missing(run)}): measure it again, or remove this limit`,
    );
  const other =
    baseline &&
    (otherKind(profile, baseline) ??
      (described.from === 'training' && training && baseline.training
        ? otherTraining(training, baseline.training)
        : undefined));
  const before = baseline?.metrics[metric] ?? null;
  if (limit.kind === 'relative') {
    if (before === null)
      throw new InputError(
        `${place}: the baseline does not have ${metric} of ${name} at this input: run flopscope check --update-baseline, and commit what it writes`,
      );
    if (other !== undefined && described.from !== 'run')
      throw new InputError(
        `${place}: ${other} (${name}): count both in the same way, or run flopscope check --update-baseline and commit what it writes`,
      );
    if (described.from === 'run') demandSameDevice(name, run!, baseline!, place);
  }
  const most = allowed(limit, described, before ?? 0);
  const allows = allowedEnd(described);
  const beyond = allows === 'most' ? value - most : most - value;
  const interval =
    run && isTime(metric) ? intervalOf(metric, value, run, limit.kind === 'relative' ? baseline : undefined) : null;
  const result = resultOf(beyond, interval, most, allows);
  const passed = result === 'within' || (result === 'cannot tell' && !strict);
  const comparable = other === undefined || described.from === 'run';
  return {
    network: name,
    input: profile.input,
    metric,
    value,
    budget: limit.text,
    limit: most,
    allows,
    baseline: comparable ? before : null,
    ...{ interval, result, passed },
    excess: passed ? 0 : Math.max(0, beyond),
    place,
    ...(described.from === 'training' && training ? { training: training.options } : {}),
    ...(described.from === 'training' && training ? notesOf(training) : {}),
    ...(KEPT.has(metric) && training?.keptAtLeast !== undefined ? { keptAtLeast: training.keptAtLeast } : {}),
    ...(described.from !== 'run' && profile.lowerBound ? { lowerBound: profile.lowerBound } : {}),
    contributors: passed
      ? null
      : contributors(described, network, comparable && before !== null ? baseline : undefined),
  };
}

/** Metrics that hold what autograd keeps. */
const KEPT: ReadonlySet<MetricName> = new Set(['training.keptBytes', 'training.peakBytes', 'training.totalBytes']);

/** Metrics that follow from the median time, and whether they rise with it. */
const TIMES = { ms: 'rises', imagesPerSecond: 'falls', utilisation: 'falls' } as const;

const isTime = (metric: MetricName): metric is keyof typeof TIMES => Object.hasOwn(TIMES, metric);

/**
 * @param baseline what the limit is relative to: its sessions differ as much as those of the run
 */
function intervalOf(
  metric: keyof typeof TIMES,
  value: number,
  run: Run,
  baseline: BaselineNetwork | undefined,
): readonly [number, number] {
  const own = sessionTimes(run);
  const before = baseline?.sessions?.map((ms) => ({ id: null, turn: 0, windows: [ms] }));
  const { value: centre, low, high } = before ? timeRatio(own, before) : timeInterval(own);
  const [faster, slower] = [low! / centre, high! / centre];
  if (TIMES[metric] === 'rises') return [value * faster, value * slower];
  if (metric !== 'utilisation') return [value / slower, value / faster];
  // The ceilings have a noise of their own.
  const kept = 1 - (run.ceilings?.noise ?? 0);
  return [(value * kept) / slower, Math.min(1, value / (faster * kept))];
}

function resultOf(
  beyond: number,
  interval: CheckedLimit['interval'],
  limit: number,
  allows: CheckedLimit['allows'],
): CheckedLimit['result'] {
  if (interval === null) return beyond <= 0 ? 'within' : 'exceeded';
  const [low, high] = interval;
  if (allows === 'most' ? low > limit : high < limit) return 'exceeded';
  return (allows === 'most' ? high <= limit : low >= limit) ? 'within' : 'cannot tell';
}

function demandSameDevice(name: string, run: Run, { device }: BaselineNetwork, place: string): void {
  if (device !== deviceOf(run))
    throw new InputError(
      `${place}: the baseline of ${name} was measured on ${device ?? 'nothing'}, its run on ${deviceOf(run)}: times of two devices say nothing about the network; measure on the same one, or run --update-baseline`,
    );
}

const usesRun = (limits: readonly PlacedLimit[]): boolean =>
  limits.some(({ metric }) => metricOf(metric).from === 'run');

const warningsOf = (name: string, { warnings }: Run): readonly string[] =>
  warnings.map(({ message }) => `the run of ${name}: ${message}`);
