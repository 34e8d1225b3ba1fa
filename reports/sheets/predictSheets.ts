// The tables of predicted times: networks on devices, stages, and the slowest layers.

import type { Device } from '../../src/devices/device.js';
import { MODES } from '../../src/devices/modes.js';
import { joined } from '../../src/devices/outside.js';
import { overlap, ranking } from '../../src/devices/ranking.js';
import type { PredictedLayer, PredictedStage, Prediction } from '../../src/devices/predict.js';
import { abbreviate } from '../../src/visible.js';
import { errorPercentage, milliseconds, percent, short } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { groupName } from '../../src/groupName.js';
import { listed } from '../../src/plural.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { INPUT, MODEL, partColumns } from './networkColumns.js';

/** @param top how many of the slowest layers are listed for one network on one device */
export function predictSheets(
  predictions: readonly Prediction[],
  devices: readonly Device[],
  top: number,
): readonly AnySheet[] {
  const [only] = predictions;
  const whole = sheet<Prediction>({
    title: 'Predicted times (not measured)',
    columns: NETWORKS,
    rows: predictions,
    notes: [
      ...devices.map(errorOf),
      ...devices.flatMap((device) =>
        orderOf(
          predictions.filter((one) => one.device === device.name),
          device,
        ),
      ),
      ...(predictions.some(({ basis }) => basis.startsWith('a time'))
        ? [
            'Where a time of the same network on another device is known, it is multiplied by the ratio of the predictions; the interval is of such predictions.',
          ]
        : []),
      ...warningsOf(predictions),
      ...boundsOf(predictions),
    ],
  });
  if (predictions.length !== 1 || only === undefined) return [whole];
  return [whole, stagesSheet(only), layersSheet(only, top)];
}

function errorOf({ name, title, mode, precision, error, origin }: Device): string {
  const { median, p90, networks, leftOut } = error;
  const kind =
    origin === 'guess'
      ? 'a guess from the datasheet'
      : `fitted to ${origin === 'calibration' ? 'a calibration' : origin}`;
  const without = {
    networks: 'that were not in the fit',
    families: 'whose family was not in the fit',
    device: 'of devices guessed in the same way',
  }[leftOut];
  return `${name}: ${abbreviate(title)}, ${MODES[mode].words}, ${precision}, ${kind}; ${errorPercentage(median)} off (median) and ${errorPercentage(p90)} (90th percentile) on ${networks} networks ${without}. The interval holds 90 % of such networks.`;
}

/** "On rtx-4090, fastest first: a; then b and c, which cannot be told apart." */
export function orderOf(predictions: readonly Prediction[], { name }: Device): readonly string[] {
  if (predictions.length < 2) return [];
  const bounds = predictions.filter(({ lowerBound }) => lowerBound).map(({ model }) => abbreviate(model));
  const without =
    bounds.length === 0
      ? []
      : [`Not ranked on ${name}: ${bounds.join(', ')}, of which some ops are not counted: the time is a lower bound.`];
  if (predictions.length - bounds.length < 2) return without;
  const words = ranking(predictions).map((rank) => {
    const names = rank.map(({ model }) => abbreviate(model));
    if (rank.length === 1) return names[0]!;
    const all = rank.every((a) => rank.every((b) => overlap(a, b)));
    return `${listed(names)} (cannot tell: ${all ? 'their intervals overlap' : 'the intervals of neighbours overlap'})`;
  });
  return [`On ${name}, most images per second first: ${words.join('; then ')}.`, ...without];
}

/** What is not counted, once for each network. */
const boundsOf = (predictions: readonly Prediction[]): readonly string[] => [
  ...new Set(predictions.flatMap(({ lowerBound, model }) => (lowerBound ? [lowerBoundNote(lowerBound, model)] : []))),
];

/** A warning that all networks share is said once. */
function warningsOf(predictions: readonly Prediction[]): readonly string[] {
  const models = new Map<string, string[]>();
  for (const { model, warnings } of predictions)
    for (const warning of warnings) models.set(warning, [...(models.get(warning) ?? []), abbreviate(model)]);
  const all = new Set(predictions.map(({ model }) => model)).size;
  const sentences = [...models].map(([warning, of]) => {
    const who = of.length >= all ? '' : ` (${of.length > 3 ? `${of.length} networks` : of.join(', ')})`;
    return `${warning}${who}`;
  });
  return joined(sentences).map((text) => `Warning: ${text}. The interval may not hold.`);
}

const range = ([from, to]: readonly [number, number], show: (value: number) => string): string =>
  `${show(from)} to ${Number.isFinite(to) ? show(to) : 'unknown'}`;

const PARTS = partColumns<Pick<Prediction, 'parts'>>(({ parts }) => parts.compute + parts.traffic + parts.launches, 1);

const NETWORKS: readonly Column<Prediction>[] = [
  MODEL,
  INPUT,
  { key: 'device', title: 'device', align: 'left', value: ({ device }) => device },
  {
    key: 'predictedMilliseconds',
    title: 'predicted ms',
    align: 'right',
    value: ({ predictedMilliseconds }) => predictedMilliseconds,
    show: ({ predictedMilliseconds, lowerBound }) =>
      `${lowerBound ? 'at least ' : ''}${milliseconds(predictedMilliseconds)}`,
  },
  end('leastMilliseconds', ({ interval }) => interval[0]),
  end('mostMilliseconds', ({ interval }) => interval[1]),
  {
    key: 'interval',
    title: '90 % interval',
    align: 'right',
    value: ({ interval }) => interval.join(' to '),
    show: ({ interval, lowerBound }) => (lowerBound ? '' : range(interval, milliseconds)),
  },
  {
    key: 'predictedImagesPerSecond',
    title: 'predicted images/s',
    align: 'right',
    value: ({ predictedImagesPerSecond }) => predictedImagesPerSecond,
    show: ({ predictedImagesPerSecond, lowerBound }) =>
      `${lowerBound ? 'at most ' : ''}${short(predictedImagesPerSecond)}`,
  },
  ...PARTS,
  lowerBoundColumn<Prediction>(({ lowerBound }) => lowerBound),
  {
    key: 'basis',
    title: 'from',
    align: 'left',
    rank: 3,
    value: ({ basis }) => basis,
    show: ({ basis }) => basis.replace('the record of ', ''),
  },
];

function end(key: string, value: (row: Prediction) => number): Column<Prediction> {
  return {
    key,
    title: key,
    align: 'right',
    hidden: true,
    value: (row) => (Number.isFinite(value(row)) ? value(row) : null),
  };
}

const time: Column<{ readonly milliseconds: number }> = {
  key: 'predictedMilliseconds',
  title: 'predicted ms',
  align: 'right',
  value: (row) => row.milliseconds,
  show: (row) => milliseconds(row.milliseconds),
};

const ofWhole = (whole: number): Column<{ readonly milliseconds: number }> => ({
  key: 'share',
  title: 'of the time',
  align: 'right',
  value: (row) => row.milliseconds / whole,
  show: (row) => percent(row.milliseconds, whole) || '-',
});

function stagesSheet({ stages, predictedMilliseconds, device, model }: Prediction): AnySheet {
  return sheet<PredictedStage>({
    title: `Where the predicted time of ${abbreviate(model)} goes on ${device}, by stage`,
    columns: [
      {
        key: 'stage',
        title: 'stage',
        align: 'left',
        value: ({ stage }) => groupName(stage, 'stage'),
        show: ({ stage }) => abbreviate(groupName(stage, 'stage')),
      },
      { key: 'layers', title: 'layers', align: 'right', value: ({ layers }) => layers },
      time,
      ofWhole(predictedMilliseconds),
      ...PARTS,
    ],
    rows: stages,
    notes: [],
  });
}

function layersSheet({ layers, predictedMilliseconds, device }: Prediction, top: number): AnySheet {
  const slowest = [...layers].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, top);
  const sum = slowest.reduce((all, one) => all + one.milliseconds, 0);
  return sheet<PredictedLayer>({
    title: `The ${slowest.length} slowest of ${layers.length} layers, as predicted on ${device}`,
    columns: [
      { key: 'name', title: 'layer', align: 'left', value: ({ name }) => name, show: ({ name }) => abbreviate(name) },
      { key: 'op', title: 'op', align: 'left', value: ({ op }) => op },
      time,
      ofWhole(predictedMilliseconds),
      ...PARTS,
    ],
    rows: slowest,
    notes: [
      `Together ${percent(sum, predictedMilliseconds)} of the predicted time. The error of the record is of whole networks; that of a layer is larger and not known.`,
    ],
  });
}
