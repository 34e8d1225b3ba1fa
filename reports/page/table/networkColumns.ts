// The columns of the table of networks: totals, ratios to the baseline, and measurements.

import { allSides } from '../../../src/inputSize.js';
import { milliseconds, ratioIn, TIME, TRAINING_MEASURES } from '../../charts/measures.js';
import type { Scene, Subject } from '../../charts/scene.js';
import {
  atCount,
  countOf,
  countsAfter,
  flatKey,
  type AtCounts,
  type CountName,
} from '../../../src/metrics/countNames.js';
import { utilisationText } from '../../../src/measure/utilisation.js';
import { by, bytes, grouped, short, times } from '../../text/number.js';
import { numeric, text, type PageColumn } from './column.js';

type Value = (subject: Subject) => number | null;

export function networkColumns(scene: Scene): readonly PageColumn<Subject>[] {
  const measured = scene.subjects.some(({ run }) => run);
  return [
    text('network', 'network', ({ label }) => label, 'network'),
    ...(scene.subjects.some(({ network }) => network.lowerBound)
      ? [text<Subject>('lowerBound', 'counts', ({ network }) => (network.lowerBound ? 'lower bounds' : 'all'))]
      : []),
    ...withRatio(scene, 'multAdds', 'multiply-adds', 'multAdds', ({ network: { totals } }) => totals.multAdds),
    ...withRatio(scene, 'memoryAccessUnfused', 'memory access', 'memoryAccess', (subject) => access(subject).unfused),
    ...withRatio(scene, 'ops', 'ops', 'ops', ({ network: { totals } }) => totals.ops, grouped),
    ...withRatio(scene, 'params', 'parameters', 'params', ({ network: { totals } }) => totals.params),
    ...(measured ? timeColumns(scene) : []),
    ...(scene.subjects.some(({ network }) => network.training)
      ? TRAINING_MEASURES.flatMap(({ key, brief, value, show }) => withRatio(scene, key, brief, key, value, show))
      : []),
    shaded('memoryAccessConv', 'conv only', 'memoryAccessConv', (subject) => access(subject).conv),
    shaded('memoryAccessFused', 'fused', 'memoryAccessFused', (subject) => access(subject).fused),
    ...(measured ? runColumns : []),
    ...OTHERS.map((name) => minorCount(name)),
    text('input', 'input', ({ network: { input } }) => by(allSides(input)), 'input', true),
  ];
}

/** Counts that have no place above. */
const PLACED: readonly CountName[] = [
  ...(['multAdds', 'ops', 'params'] as const),
  ...(['memoryAccess.unfused', 'memoryAccess.conv', 'memoryAccess.fused'] as const),
];
const OTHERS = countsAfter(PLACED).filter((name) => !countOf(name).detail);

/** Kept off paper; a record of an earlier version does not have every count. */
const minorCount = (name: CountName): PageColumn<Subject> =>
  numeric(
    flatKey(name),
    countOf(name).short,
    flatKey(name),
    ({ network: { totals } }) => atCount<number | undefined>(totals as AtCounts<number | undefined>, name) ?? null,
    short,
    { heat: true, minor: true },
  );

const access = ({ network: { totals } }: Subject) => totals.memoryAccess;

const shaded = (
  key: string,
  title: string,
  meaning: string,
  value: Value,
  show: (value: number) => string = short,
): PageColumn<Subject> => numeric(key, title, meaning, value, show, { heat: true });

/** A cost with its ratio to the baseline beside it. */
function withRatio(
  { baseline, subjects }: Scene,
  key: string,
  title: string,
  meaning: string,
  value: Value,
  show?: (value: number) => string,
  measured = false,
): readonly PageColumn<Subject>[] {
  const ratio: Value = (subject) =>
    key === TIME.key ? ratioIn(TIME, subject, baseline) : ratioIn({ measured, value }, subject, baseline);
  const own = shaded(key, title, meaning, value, show);
  return subjects.length === 1 ? [own] : [own, numeric(`${key}Ratio`, 'ratio', 'ratio', ratio, times)];
}

const timeColumns = (scene: Scene): readonly PageColumn<Subject>[] => [
  ...withRatio(scene, 'time', 'time', 'time', ({ run }) => run && run.times.median, milliseconds, true),
  numeric('imagesPerSecond', 'images/s', 'imagesPerSecond', ({ run }) => run && run.imagesPerSecond, short),
  shaded('flopsPerSecond', 'FLOP/s', 'flopsPerSecond', ({ run }) => run && run.flopsPerSecond),
  numeric('utilisation', 'utilisation', 'utilisation', ({ run }) => run?.utilisation?.compute ?? null, percentage, {
    show: ({ run }) => (run && utilisationText(run, 'compute', 1)) ?? '',
  }),
];

const percentage = (part: number): string => `${(100 * part).toPrecision(3)} %`;

/** Kept off paper. */
const runColumns: readonly PageColumn<Subject>[] = (
  [
    ['memoryUtilisation', 'of memory', 'memoryUtilisation', ({ run }) => run?.utilisation?.memory ?? null, percentage],
    [
      'paperFlopsPerSecond',
      'multiply-adds/s',
      'paperFlopsPerSecond',
      ({ run }) => run && run.paperFlopsPerSecond,
      short,
    ],
    ['energy', 'J/image', 'energy', ({ run }) => run?.energy?.joulesPerImage ?? null, short],
    ['spread', 'spread', 'spread', ({ run }) => run && run.times.spread, percentage],
    ['peakTensorBytes', 'peak tensors', 'peakTensorBytes', ({ run }) => run?.memory.peakTensorBytes ?? null, bytes],
    ['peakDeviceBytes', 'peak device', 'peakDeviceBytes', ({ run }) => run?.memory.peakDeviceBytes ?? null, bytes],
  ] satisfies readonly Parameters<typeof numeric<Subject>>[]
).map(([key, title, meaning, value, show]) => numeric<Subject>(key, title, meaning, value, show, { minor: true }));
