// Checks each limit against its value, and names the layers behind each limit that fails.

import { InputError } from '../inputError.js';
import type { Run } from '../measure/run.js';
import type { Profile } from '../profile.js';
import { deviceOf, otherKind, otherTraining, valueOf, type BaselineNetwork } from './baseline.js';
import { contributors, type Contributors } from './contributors.js';
import type { Costs } from './costs.js';
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
  readonly baseline: BaselineNetwork | undefined;
}

export interface CheckedLimit {
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
  readonly passed: boolean;
  /** The distance beyond the limit; 0 where it passes. */
  readonly excess: number;
  readonly place: string;
  /** How the network is trained, where the metric is of a training step. */
  readonly training?: Training['options'];
  /**
   * Where the value is one: what it leaves out. A limit that holds may not hold for the whole
   * network then.
   */
  readonly lowerBound?: NonNullable<Profile['lowerBound']>;
  /** The layers behind a limit that fails; null where it passes. */
  readonly contributors: Contributors | null;
}

export interface CheckResult {
  readonly schema: 'flopscope.check/1';
  /** The budgets file. */
  readonly budgets: string;
  readonly passed: boolean;
  readonly failed: number;
  /** In the order of the budgets file. */
  readonly limits: readonly CheckedLimit[];
  /** Doubts about the runs that were used, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * @throws InputError, with the limit's place, for a metric that the run or the baseline does not
 * have
 */
export function checkBudgets(budgets: string, networks: readonly Budgeted[]): CheckResult {
  const limits = networks.flatMap((network) => network.limits.map((placed) => verdict(network, placed)));
  const failed = limits.filter(({ passed }) => !passed).length;
  return {
    schema: 'flopscope.check/1',
    budgets,
    passed: failed === 0,
    failed,
    limits,
    warnings: networks.flatMap(({ name, run, limits }) => (run && usesRun(limits) ? warningsOf(name, run) : [])),
  };
}

function verdict(network: Budgeted, { metric, limit, place }: PlacedLimit): CheckedLimit {
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
        `${place}: ${other} (${name}): count both alike, or run flopscope check --update-baseline and commit what it writes`,
      );
    if (described.from === 'run') demandSameDevice(name, run!, baseline!, place);
  }
  const most = allowed(limit, described, before ?? 0);
  const allows = allowedEnd(described);
  const beyond = allows === 'most' ? value - most : most - value;
  const passed = beyond <= 0;
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
    passed,
    excess: passed ? 0 : beyond,
    place,
    ...(described.from === 'training' && training ? { training: training.options } : {}),
    ...(described.from !== 'run' && profile.lowerBound ? { lowerBound: profile.lowerBound } : {}),
    contributors: passed
      ? null
      : contributors(described, network, comparable && before !== null ? baseline : undefined),
  };
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
