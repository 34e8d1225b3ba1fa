// The predicted times of a report, for its table and sentences. They are never shown as measured.

import type { Device } from '../../src/devices/device.js';
import type { Prediction } from '../../src/devices/predict.js';
import { orderOf, predictSheets } from '../sheets/predictSheets.js';
import { cell } from '../sheets/sheet.js';

export interface PredictedRow {
  /** Index into the networks of the report. */
  readonly network: number;
  readonly device: string;
  readonly milliseconds: number;
  /** Between which 90 % of unseen networks lay; the upper end is null where it is not known. */
  readonly interval: readonly [number, number | null];
  /** As the table writes the row. */
  readonly cells: readonly string[];
}

export interface PredictedTimes {
  readonly head: readonly string[];
  readonly rows: readonly PredictedRow[];
  /** A sentence for each device: the fastest network, and which networks cannot be told apart. */
  readonly ranking: readonly string[];
  /** The errors of the records, the ranking on each device, and what lies outside of a record. */
  readonly notes: readonly string[];
}

/** @param rows one for each network and device */
export function predictedTimes(
  rows: readonly { readonly network: number; readonly prediction: Prediction }[],
  devices: readonly Device[],
): PredictedTimes {
  const [sheet] = predictSheets(
    rows.map(({ prediction }) => prediction),
    devices,
    0,
  );
  const columns = sheet!.columns.filter(({ hidden = false, key }) => !hidden && key !== 'basis' && key !== 'input');
  return {
    head: columns.map(({ title }) => title),
    rows: rows.map(({ network, prediction }, i) => ({
      network,
      device: prediction.device,
      milliseconds: prediction.predictedMilliseconds,
      interval: [prediction.interval[0], Number.isFinite(prediction.interval[1]) ? prediction.interval[1] : null],
      cells: columns.map((column) => cell(column, sheet!.rows[i])),
    })),
    ranking: devices.flatMap((device) =>
      orderOf(
        rows.flatMap(({ prediction }) => (prediction.device === device.name ? [prediction] : [])),
        device,
      ),
    ),
    notes: sheet!.notes,
  };
}
