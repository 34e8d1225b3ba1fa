// The costs that charts compare, counted and measured, with their titles and units.

import { countOf, COUNT_NAMES, flatKey, type CountName } from '../../src/metrics/countNames.js';
import { METRICS } from '../../src/metrics/table.js';
import { ratioMark } from '../../src/measure/ratioWords.js';
import { inferenceRatio } from '../../src/measure/sessionTimes.js';
import type { TimeRatio } from '../../src/measure/significance.js';
import { bytes, milliseconds as shortMilliseconds, short, times } from '../text/number.js';
import type { Subject } from './scene.js';

export interface Measure {
  readonly key: string;
  readonly title: string;
  /** In few letters, where room is scarce. */
  readonly brief: string;
  readonly measured: boolean;
  /** Null where it is not known. */
  value(subject: Subject): number | null;
  show(value: number): string;
}

const counted = (name: CountName, brief: string = METRICS[name].short): Measure => ({
  key: flatKey(name),
  title: capitalised(METRICS[name].title),
  brief,
  measured: false,
  value: ({ network: { totals } }) => METRICS[name].read({ totals }),
  show: short,
});

const capitalised = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

export const MULT_ADDS = counted('multAdds');
export const PARAMS = counted('params');
export const ACCESS_CONV = counted('memoryAccess.conv', 'memory access, conv');
export const ACCESS = counted('memoryAccess.unfused', 'memory access');
export const ACCESS_FUSED = counted('memoryAccess.fused', 'memory access, fused');
export const OPS = counted('ops');
export const TIME: Measure = {
  key: 'time',
  title: 'Time, measured',
  brief: 'time',
  measured: true,
  value: ({ run }) => run && run.times.median,
  show: (ms) => milliseconds(ms),
};
export const ENERGY: Measure = {
  key: 'energy',
  title: 'Energy per image, measured',
  brief: 'energy',
  measured: true,
  value: ({ run }) => run?.energy?.joulesPerImage ?? null,
  show: (joules) => `${short(joules)} J`,
};

type TrainingName = 'training.multAdds' | 'training.keptBytes' | 'training.peakBytes' | 'training.totalBytes';

/** Of a training step, where the report shows training. */
const trained = (name: TrainingName, show: Measure['show']): Measure => ({
  key: flatKey(name),
  title: capitalised(METRICS[name].title),
  brief: METRICS[name].short,
  measured: false,
  value: ({ network: { training } }) => (training ? METRICS[name].read(training) : null),
  show,
});

export const STEP_MULT_ADDS = trained('training.multAdds', short);
export const KEPT = trained('training.keptBytes', bytes);
export const TRAINING_PEAK = trained('training.peakBytes', bytes);
export const TRAINING_MEMORY = trained('training.totalBytes', bytes);
export const TRAINING_MEASURES: readonly Measure[] = [STEP_MULT_ADDS, KEPT, TRAINING_PEAK, TRAINING_MEMORY];

const FIRST = [MULT_ADDS, PARAMS, ACCESS_CONV, ACCESS, ACCESS_FUSED, OPS];
const OTHERS = COUNT_NAMES.filter((name) => !countOf(name).detail).map((name) => counted(name));

export const MEASURES: readonly Measure[] = [
  ...FIRST,
  ...OTHERS.filter(({ key }) => FIRST.every((first) => first.key !== key)),
  ...TRAINING_MEASURES,
  TIME,
  ENERGY,
];

/** "at least 2.83 G" where the network's counts are lower bounds. */
export const amountText = (measure: Measure, { network }: Subject, value: number): string =>
  `${!measure.measured && network.lowerBound ? 'at least ' : ''}${measure.show(value)}`;

/**
 * Of one network over another's; null where either is not known or is a lower bound. A network over
 * itself is 1.
 */
export function ratioIn(
  measure: Pick<Measure, 'measured' | 'value'>,
  subject: Subject,
  reference: Subject,
): number | null {
  const [own, other] = [measure.value(subject), measure.value(reference)];
  const bounds = !measure.measured && (subject.network.lowerBound ?? reference.network.lowerBound) !== undefined;
  if (own === null || !other) return null;
  if (subject.place === reference.place) return 1;
  if (measure === TIME) return timeRatioOf(subject, reference)!.value;
  return bounds ? null : own / other;
}

/** How the times of two networks compare; null where either was not measured. */
export const timeRatioOf = ({ run }: Subject, { run: other }: Subject): TimeRatio | null =>
  run && other && inferenceRatio(run, other);

/** "1.31x"; of times "0.97x, no difference" where that is what can be said. */
export function ratioText(measure: Pick<Measure, 'measured' | 'value'>, subject: Subject, reference: Subject): string {
  const ratio = ratioIn(measure, subject, reference);
  if (ratio === null) return '';
  const time = measure === TIME && subject.place !== reference.place ? timeRatioOf(subject, reference) : null;
  return time ? ratioMark(time) : times(ratio);
}

/** Which way a ratio is coloured; "" where it shows no difference. */
export function ratioSide(
  measure: Pick<Measure, 'measured' | 'value'>,
  subject: Subject,
  reference: Subject,
): 'less' | 'more' | '' {
  const ratio = ratioIn(measure, subject, reference);
  if (ratio === null || subject.place === reference.place) return '';
  const time = measure === TIME ? timeRatioOf(subject, reference) : null;
  if (time) return time.verdict === 'slower' ? 'more' : time.verdict === 'faster' ? 'less' : '';
  return Math.abs(ratio - 1) < 0.005 ? '' : ratio < 1 ? 'less' : 'more';
}

/** 12.3 ms, 0.0123 ms, 1,230 ms */
export const milliseconds = (ms: number): string => `${shortMilliseconds(ms)} ms`;

/** "at least 2.83 T" where a rate rests on counts that are lower bounds. */
export const rateText = ({ network }: Subject, text: string): string =>
  `${network.lowerBound ? 'at least ' : ''}${text}`;
