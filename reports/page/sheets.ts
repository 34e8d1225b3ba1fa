// Which columns do the page's tables have? Those of networks and of layers, with their meaning, sums and shading.

import { balanceOf, type ReportLayer } from '../report/layerRow.js';
import { leastMilliseconds, timedLayers, layersOf, type Scene, type Subject } from '../charts/scene.js';
import { milliseconds } from '../charts/measures.js';
import { bytes, by, grouped, short, times } from '../number.js';
import type { Column } from '../sheet.js';

export interface PageColumn<Row> extends Column<Row> {
  /** Key of DEFINITIONS. */
  readonly meaning?: string;
  /** A number as the column writes its values. */
  write?(value: number): string;
  /** Groups show the sum. */
  readonly additive?: boolean;
  /** Shaded by its share of the largest value. */
  readonly heat?: boolean;
  /** Paper has no room for it. */
  readonly minor?: boolean;
}

type Value<Row> = (row: Row) => number | null;

const numeric = <Row>(
  key: string,
  title: string,
  meaning: string,
  value: Value<Row>,
  show: (value: number) => string,
  more: Partial<PageColumn<Row>> = {},
): PageColumn<Row> => ({
  ...{ key, title, meaning, value },
  align: 'right',
  write: show,
  show: (row) => {
    const number = value(row);
    return number === null ? '' : show(number);
  },
  ...more,
});

const text = <Row>(
  key: string,
  title: string,
  value: (row: Row) => string,
  meaning?: string,
  minor = false,
): PageColumn<Row> => ({
  ...{ key, title, value, minor },
  align: 'left',
  ...(meaning === undefined ? {} : { meaning }),
});

const percentage = (part: number): string => `${(100 * part).toPrecision(3)} %`;

/** A cost with its ratio to the baseline beside it. */
function withRatio(
  scene: Scene,
  key: string,
  title: string,
  meaning: string,
  value: Value<Subject>,
  show: (value: number) => string = short,
): readonly PageColumn<Subject>[] {
  const reference = value(scene.baseline);
  return [
    numeric(key, title, meaning, value, show, { heat: true }),
    numeric(
      `${key}Ratio`,
      'ratio',
      meaning,
      (subject) => {
        const own = value(subject);
        return own === null || !reference ? null : own / reference;
      },
      times,
    ),
  ];
}

export function networkColumns(scene: Scene): readonly PageColumn<Subject>[] {
  const measured = scene.subjects.some(({ run }) => run);
  return [
    text('network', 'network', ({ label }) => label),
    text('input', 'input', ({ network: { input } }) => by([input.n, input.c, input.h, input.w]), 'input', true),
    ...withRatio(scene, 'multAdds', 'multiply-adds', 'multAdds', ({ network: { totals } }) => totals.multAdds),
    ...withRatio(scene, 'params', 'parameters', 'params', ({ network: { totals } }) => totals.params),
    ...withRatio(scene, 'memoryAccessUnfused', 'memory access', 'memoryAccess', (subject) => access(subject).unfused),
    ...(measured ? timeColumns(scene) : []),
    ...withRatio(scene, 'ops', 'ops', 'ops', ({ network: { totals } }) => totals.ops, grouped),
    numeric('memoryAccessConv', 'conv only', 'memoryAccessConv', (subject) => access(subject).conv, short, {
      heat: true,
    }),
    numeric('memoryAccessFused', 'fused', 'memoryAccessFused', (subject) => access(subject).fused, short, {
      heat: true,
    }),
    ...(measured ? runColumns : []),
  ];
}

const access = ({ network: { totals } }: Subject) => totals.memoryAccess;

const timeColumns = (scene: Scene): readonly PageColumn<Subject>[] => [
  ...withRatio(scene, 'time', 'time', 'time', ({ run }) => run && run.times.median, milliseconds),
  numeric('imagesPerSecond', 'images/s', 'imagesPerSecond', ({ run }) => run && run.imagesPerSecond, short),
  numeric('flopsPerSecond', 'FLOP/s', 'flopsPerSecond', ({ run }) => run && run.flopsPerSecond, short, { heat: true }),
  numeric('utilisation', 'utilisation', 'utilisation', ({ run }) => run?.utilisation?.compute ?? null, percentage),
];

/** Kept off paper. */
const runColumns: readonly PageColumn<Subject>[] = [
  numeric<Subject>(
    'memoryUtilisation',
    'of memory',
    'memoryUtilisation',
    ({ run }) => run?.utilisation?.memory ?? null,
    percentage,
  ),
  numeric<Subject>(
    'paperFlopsPerSecond',
    'paper FLOP/s',
    'paperFlopsPerSecond',
    ({ run }) => run && run.paperFlopsPerSecond,
    short,
  ),
  numeric<Subject>('energy', 'J/image', 'energy', ({ run }) => run?.energy?.joulesPerImage ?? null, short),
  numeric<Subject>('spread', 'spread', 'spread', ({ run }) => run && run.times.spread, percentage),
  numeric<Subject>('peakBytes', 'peak memory', 'peakBytes', ({ run }) => run?.memory.peakBytes ?? null, bytes),
].map((column) => ({ ...column, minor: true }));

/** A layer of one network with its time where it was measured. */
export interface LayerEntry extends ReportLayer {
  readonly balance: number | null;
  readonly intensity: number | null;
  readonly milliseconds: number | null;
  readonly predicted: number | null;
}

export function layerEntries(subject: Subject, { setting, bytesPerElement }: Scene): readonly LayerEntry[] {
  const ceilings = setting?.ceilings;
  const timed = new Map(timedLayers(subject, bytesPerElement).map((layer) => [layer.time.name, layer]));
  return layersOf(subject).map((layer) => {
    const own = timed.get(layer.name);
    return {
      ...layer,
      balance: balanceOf(layer),
      intensity: layer.memoryAccess > 0 ? layer.flops / (layer.memoryAccess * bytesPerElement) : null,
      milliseconds: own?.time.milliseconds ?? null,
      predicted: (own && ceilings && leastMilliseconds(own, ceilings)) || null,
    };
  });
}

const sum = { additive: true, heat: true } as const;

export const layerColumns = (timed: boolean): readonly PageColumn<LayerEntry>[] => [
  text('name', 'layer', ({ name }) => name),
  text('kind', 'op', ({ kind }) => kind, 'kind'),
  text('input', 'input', ({ input }) => input, 'input', true),
  text('output', 'output', ({ output }) => output, 'output'),
  numeric('params', 'parameters', 'params', ({ params }) => params, nothing, sum),
  numeric('multAdds', 'multiply-adds', 'multAdds', ({ multAdds }) => multAdds, nothing, sum),
  numeric('memoryAccess', 'memory access', 'memoryAccess', ({ memoryAccess }) => memoryAccess, nothing, sum),
  numeric('memoryAccessFused', 'fused', 'memoryAccessFused', (layer) => layer.memoryAccessFused, nothing, sum),
  numeric(
    'balance',
    'balance',
    'balance',
    ({ balance }) => balance,
    (value) => value.toFixed(2),
    { heat: true },
  ),
  numeric(
    'intensity',
    'FLOPs/byte',
    'intensity',
    ({ intensity }) => intensity,
    (value) => value.toFixed(2),
  ),
  ...(timed
    ? [
        numeric<LayerEntry>('milliseconds', 'time', 'layerTime', (layer) => layer.milliseconds, milliseconds, sum),
        numeric<LayerEntry>('predicted', 'predicted', 'predicted', ({ predicted }) => predicted, milliseconds, {
          additive: true,
        }),
      ]
    : []),
];

/** Zeros are silence. */
function nothing(value: number): string {
  return value === 0 ? '' : grouped(value);
}
