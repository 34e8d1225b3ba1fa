// The outcome of an experiment: each variant relative to the first, and the verdict.

import type { Run } from '../measure/run.js';
import { inferenceRatio } from '../measure/sessionTimes.js';
import type { TimeRatio } from '../measure/significance.js';
import { profile, type RecordedTotals } from '../profile.js';
import type { Assumptions, Experiment, Measure, Trial } from './experiment.js';
import type { Setup } from '../measure/setup.js';

/**
 * The verdict on one variant. It is within noise where the 95 % interval of its ratio includes 1.
 */
export type VariantVerdict = 'bears it out' | 'contradicts it' | 'within noise';
/** Of the claim; mixed where some variants bear it out and others contradict it. */
export type ClaimVerdict = 'holds' | 'does not hold' | 'within noise' | 'mixed';

export interface TrialOutcome extends Pick<Trial, 'scale' | 'variant' | 'widths' | 'published'> {
  readonly totals: RecordedTotals;
  readonly milliseconds: number | null;
  /** 2 per multiply-add. */
  readonly flopsPerSecond: number | null;
  /** Peak device memory; null where nothing was measured or the engine does not report it. */
  readonly peakTensorBytes: number | null;
  /** Null with `noEnergy` where there is no meter, and where nothing was measured. */
  readonly joulesPerImage: number | null;
  readonly noEnergy: string | null;
  /** Ratios to the first variant of the same scale. */
  readonly ratios: {
    readonly multAdds: number;
    readonly memoryAccess: number;
    readonly time: number | null;
    /** A quarter of the width of its 95 % interval; null where there is none. */
    readonly uncertainty: number | null;
    /** The 95 % interval of `time` (significance.ts); absent in records of earlier versions. */
    readonly interval?: readonly [low: number, high: number] | null | undefined;
    /** What the interval says, and what it is made of; absent in records of earlier versions. */
    readonly comparison?: Pick<TimeRatio, 'verdict' | 'basis' | 'sessions'> | null | undefined;
  };
  /**
   * Null for the first variant of a scale, where nothing was measured, and where a convolution was
   * emulated.
   */
  readonly bearing: VariantVerdict | null;
  /** The protocol's warnings about its time, each with the flag that helps. */
  readonly warnings: readonly string[];
  /** Its convolutions were emulated by other ops, so its time is no evidence. */
  readonly emulated: boolean;
}

export interface Outcome extends Pick<Experiment, 'key' | 'claim' | 'source' | 'protocol' | 'measure'> {
  readonly trials: readonly TrialOutcome[];
  /** Null where nothing was measured, or nothing that says something about the claim. */
  readonly verdict: ClaimVerdict | null;
  /**
   * How the verdict came about: "of 9 variants 7 bear it out, 1 contradicts it, 1 is within noise".
   */
  readonly because: string | null;
}

export interface LabResult {
  readonly schema: 'flopscope.guidelines/1';
  readonly assumptions: Assumptions;
  /** What it was measured on, in words; null where it was only counted. */
  readonly device: string | null;
  /** The same for programs, with the protocol. */
  readonly setup: Setup | null;
  readonly outcomes: readonly Outcome[];
}

/** What an experiment is about, without its trials. */
export type Claim = Omit<Experiment, 'trials' | 'assumes'>;

/** @param runs of the trials in their order; empty where nothing was measured */
export function outcomeOf(experiment: Claim, trials: readonly Trial[], runs: readonly Run[]): Outcome {
  const { key, claim, source, protocol, measure } = experiment;
  const totals = trials.map(({ graph }) => profile(graph).totals);
  const outcomes = trials.map((trial, i): TrialOutcome => {
    const first = trials.findIndex(({ scale }) => scale === trial.scale);
    const [run, reference] = [runs[i], runs[first]];
    const time = run && reference ? inferenceRatio(run, reference) : null;
    const interval = time && intervalOf(time);
    const [own, base] = [totals[i]!, totals[first]!];
    const multAdds = own.multAdds / base.multAdds;
    const { scale, variant, widths, published } = trial;
    return {
      ...{ scale, variant, widths, published, totals: own },
      milliseconds: run?.times.median ?? null,
      flopsPerSecond: run?.flopsPerSecond ?? null,
      peakTensorBytes: run?.memory.peakTensorBytes ?? null,
      joulesPerImage: run?.energy?.joulesPerImage ?? null,
      noEnergy: run?.noEnergy ?? null,
      ratios: {
        multAdds,
        memoryAccess: own.memoryAccess.unfused / base.memoryAccess.unfused,
        time: time && time.value,
        uncertainty: interval && (interval[1] - interval[0]) / 4,
        interval,
        comparison: time && i !== first ? { verdict: time.verdict, basis: time.basis, sessions: time.sessions } : null,
      },
      bearing:
        time && i !== first && !emulated(run) && !emulated(reference)
          ? variantVerdictOf(measure, time, multAdds)
          : null,
      warnings: (run?.warnings ?? [])
        .filter(({ kind }) => kind !== 'emulated')
        .map(({ message, flag }) => `${message}${flag === null ? '' : ` (try ${flag})`}`),
      emulated: emulated(run),
    };
  });
  return { ...{ key, claim, source, protocol, measure }, trials: outcomes, ...verdictOf(outcomes) };
}

const emulated = (run: Run | undefined): boolean => (run?.emulated.length ?? 0) > 0;

/**
 * Above 1 where the claim is borne out; `time` and its uncertainty are ratios to the first variant.
 */
const EFFECT: Readonly<Record<Measure, (time: number, multAdds: number) => number>> = {
  time: (time) => time,
  saving: (time) => 1 / time,
  timePerMultAdd: (time, multAdds) => time / multAdds,
};

const intervalOf = ({ low, high }: TimeRatio): readonly [number, number] | null =>
  low === null || high === null ? null : [low, high];

/**
 * The time of a variant beside that of the first one. Null for the first one, and where no interval
 * was recorded.
 */
export function timeRatioOf({ time, interval, comparison }: TrialOutcome['ratios']): TimeRatio | null {
  if (time === null || !comparison) return null;
  const [low, high] = interval ?? [null, null];
  return { value: time, low, high, ...comparison };
}

/** Without an interval every result is within noise. */
function variantVerdictOf(measure: Measure, time: TimeRatio, multAdds: number): VariantVerdict {
  if (time.low === null || time.high === null) return 'within noise';
  const effects = [time.low, time.high].map((end) => EFFECT[measure](end, multAdds));
  if (Math.min(...effects) > 1) return 'bears it out';
  return Math.max(...effects) < 1 ? 'contradicts it' : 'within noise';
}

function claimVerdictFor(outs: number, against: number, noise: number): ClaimVerdict {
  if (outs > against + noise) return 'holds';
  if (against > outs + noise) return 'does not hold';
  return outs > 0 && against > 0 ? 'mixed' : 'within noise';
}

/**
 * A claim holds where more variants bear it out than contradict it or are within noise, together.
 */
function verdictOf(trials: readonly TrialOutcome[]): Pick<Outcome, 'verdict' | 'because'> {
  const judged = trials.flatMap(({ bearing }) => bearing ?? []);
  if (judged.length === 0) return { verdict: null, because: null };
  const count = (which: VariantVerdict): number => judged.filter((bearing) => bearing === which).length;
  const [outs, against, noise] = [count('bears it out'), count('contradicts it'), count('within noise')];
  const verdict = claimVerdictFor(outs, against, noise);
  const number = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
  return {
    verdict,
    because: `of ${number(judged.length, 'variant', 'variants')}, ${number(outs, 'bears', 'bear')} it out, ${number(against, 'contradicts', 'contradict')} it and ${number(noise, 'is', 'are')} within noise`,
  };
}
