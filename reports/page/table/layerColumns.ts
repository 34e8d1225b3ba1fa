// The columns of the table of layers: the time of each layer where it is known, then its counts.

import { milliseconds } from '../../charts/measures.js';
import type { Scene, Subject } from '../../charts/scene.js';
import { grouped, percent } from '../../text/number.js';
import type { Answer, LayerLimit } from '../../report/answer.js';
import { balanceOf, type ReportLayer } from '../../report/layerRow.js';
import { layersOf, leastMilliseconds, timedLayers } from '../../report/timedLayers.js';
import { type CountName, countOf, countsAfter, flatKey } from '../../../src/metrics/countNames.js';
import type { TrainedPart } from '../../report/trained.js';
import { additive, numeric, ratioOfSums, sum, text, type PageColumn } from './column.js';

/** A layer of one network with its time where it was measured. */
export interface LayerEntry extends ReportLayer {
  readonly balance: number | null;
  readonly intensity: number | null;
  readonly milliseconds: number | null;
  readonly predicted: number | null;
  /** Of a page of one network: its part of the time or of memory access, and what limits it. */
  readonly share: number | null;
  readonly limit: string;
  /** Why its limit is not known; undefined where it is, or where the layer takes no time. */
  readonly noLimit: string | undefined;
  readonly devicePredicted: number | null;
  /** Of a training step, where the report shows it. */
  readonly training: TrainedPart | null;
}

/** Bytes of an element of this network. */
export const bytesOf = ({ network }: Subject, scene: Scene): number => network.bytesPerElement ?? scene.bytesPerElement;

export function layerEntries(subject: Subject, scene: Scene, answer?: Answer): readonly LayerEntry[] {
  const ceilings = scene.setting?.ceilings;
  const bytesPerElement = bytesOf(subject, scene);
  const timed = new Map(timedLayers(subject).map((layer) => [layer.time.name, layer]));
  return layersOf(subject).map((layer, i) => {
    const own = timed.get(layer.name);
    const [share = null, ownMilliseconds = null, limit = null, varies] = answer?.layers[i] ?? [];
    const unknown = answer !== undefined && answer.kind !== 'counts' && limit === null && (ownMilliseconds ?? 0) > 0;
    return {
      ...layer,
      balance: balanceOf(layer),
      intensity: layer.memoryAccessUnfused > 0 ? layer.flops / (layer.memoryAccessUnfused * bytesPerElement) : null,
      milliseconds: own?.time.milliseconds ?? null,
      ...{ share, limit: limit ?? (unknown ? 'not known' : '') },
      noLimit: unknown ? (varies ? variesText(varies) : sentence(answer.how)) : undefined,
      devicePredicted: answer?.kind === 'predicted' ? ownMilliseconds : null,
      predicted: (own && ceilings && leastMilliseconds(own, ceilings)) || null,
      training: subject.network.training?.layers[i] ?? null,
    };
  });
}

/** Why the time of a layer says nothing of it. */
const variesText = ([least, most]: NonNullable<LayerLimit[3]>): string =>
  `Equal layers (op, shapes, parameters) took ${milliseconds(least)} to ${milliseconds(most)}, so what limits one is not known.`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const SHARES = {
  measured: 'of time',
  predicted: 'of predicted time',
  counts: 'of memory access',
} as const;
const percentage = (part: number): string => percent(part, 1);

const ratio = (value: number): string => value.toFixed(2);

const SHOWN: readonly CountName[] = ['multAdds', 'memoryAccess.unfused', 'memoryAccess.fused', 'params'];
const OTHERS = countsAfter(SHOWN).filter((name) => !countOf(name).ofGroups && !countOf(name).detail);
const TITLES: Readonly<Partial<Record<CountName, string>>> = { multAdds: 'multiply-adds', params: 'parameters' };

/** A count whose groups show what it is of them together. */
function counted(name: CountName, more: Partial<PageColumn<LayerEntry>> = {}): PageColumn<LayerEntry> {
  const key = flatKey(name);
  const value = (layer: LayerEntry): number => layer[key];
  const total =
    countOf(name).combine === 'max'
      ? (rows: readonly LayerEntry[]) => rows.reduce((most, row) => Math.max(most, value(row)), 0)
      : (rows: readonly LayerEntry[]) => sum(rows, value);
  return numeric(key, TITLES[name] ?? countOf(name).short, key, value, nothing, { heat: true, total, ...more });
}

/** @param bytesPerElement for the intensity of groups */
const intensityOf = (bytesPerElement: number): PageColumn<LayerEntry> =>
  numeric('intensity', 'FLOPs/byte', 'intensity', ({ intensity }) => intensity, ratio, {
    total: (rows) =>
      ratioOfSums(
        rows,
        ({ flops }) => flops,
        ({ memoryAccessUnfused }) => memoryAccessUnfused * bytesPerElement,
      ),
  });

/** @param bytesPerElement for the intensity of groups */
export const layerColumns = (
  timed: boolean,
  bytesPerElement: number,
  trained = false,
  answer?: Answer,
): readonly PageColumn<LayerEntry>[] => [
  text('name', 'layer', ({ name }) => name, 'layer'),
  ...(answer
    ? [additive<LayerEntry>('share', SHARES[answer.kind], `share-${answer.kind}`, ({ share }) => share, percentage)]
    : []),
  ...(timed
    ? [
        additive<LayerEntry>('milliseconds', 'time', 'layerTime', (layer) => layer.milliseconds, milliseconds),
        additive<LayerEntry>('predicted', 'predicted', 'predicted', ({ predicted }) => predicted, milliseconds, false),
      ]
    : []),
  ...(answer?.kind === 'predicted'
    ? [
        additive<LayerEntry>(
          'devicePredicted',
          'predicted ms',
          'devicePredicted',
          ({ devicePredicted }) => devicePredicted,
          milliseconds,
        ),
      ]
    : []),
  // By counts alone no limit is known: what a layer needs of a device stands here instead.
  ...(answer?.kind === 'counts' ? [intensityOf(bytesPerElement)] : []),
  ...(answer && answer.kind !== 'counts'
    ? [{ ...text<LayerEntry>('limit', 'limit', ({ limit }) => limit, 'limit'), hint: (row: LayerEntry) => row.noLimit }]
    : []),
  text('kind', 'op', ({ kind }) => kind, 'kind'),
  ...SHOWN.map((name) => counted(name)),
  numeric('balance', 'balance', 'balance', ({ balance }) => balance, ratio, {
    heat: true,
    coldest: 1,
    // Of the convolutions: nothing else has a bound.
    total: (rows) =>
      ratioOfSums(
        rows,
        ({ memoryAccessUnfused }) => memoryAccessUnfused,
        (layer) => layer.memoryAccessBound,
      ),
  }),
  ...(answer?.kind === 'counts' ? [] : [intensityOf(bytesPerElement)]),
  ...(trained
    ? [
        additive<LayerEntry>(
          'backwardMultAdds',
          'backward multiply-adds',
          'trainingBackwardMultAdds',
          ({ training }) => training && training.backwardMultAdds,
          nothing,
        ),
        additive<LayerEntry>(
          'backwardMemoryAccess',
          'backward memory access',
          'trainingMemoryAccess',
          ({ training }) => training && training.backwardMemoryAccess,
          nothing,
        ),
        additive<LayerEntry>(
          'keptBytes',
          'bytes kept',
          'trainingKeptBytes',
          ({ training }) => training && training.keptBytes,
          nothing,
        ),
      ]
    : []),
  ...OTHERS.map((name) => counted(name, { minor: true })),
  text('input', 'input', ({ input }) => input, 'input', true),
  text('output', 'output', ({ output }) => output, 'output', true),
];

/** Zeros are silence. */
function nothing(value: number): string {
  return value === 0 ? '' : grouped(value);
}
