// Reads a table of counted networks for bench/validatePredict.ts, and joins published times to it.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { TimedNetwork } from '../src/devices/networkFit.js';
import type { Work } from '../src/devices/terms.js';
import type { Fusion } from '../src/devices/work.js';

type Row = Readonly<Record<string, string>>;

const rowsOf = (path: string): readonly Row[] => {
  const bytes = readFileSync(path);
  return parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true, bom: true });
};

/** A network's counts for one image, by classes of ops. */
export interface Feature {
  readonly model: string;
  readonly family: string;
  readonly side: number;
  readonly params: number;
  readonly multAdds: number;
  work(reading: Fusion, batch: number): Work;
}

const LETTERS: Readonly<Record<Fusion, string>> = { eager: 'u', compiled: 'c', fused: 'f' };

/** Networks whose counts are lower bounds are left out. */
export const readFeatures = (path: string): readonly Feature[] =>
  rowsOf(path)
    .filter(({ lowerBound }) => lowerBound === '0')
    .map((row) => ({
      model: row['model']!,
      family: row['family']!,
      side: Number(row['img']),
      params: Number(row['torchParams']),
      multAdds: Number(row['multAdds']),
      work: (reading, batch) => workOf(row, reading, batch),
    }));

/** F: FLOPs, A: elements of activations (S: attention as one kernel), W: weights, l: launches. */
function workOf(row: Row, reading: Fusion, batch: number): Work {
  const sum = (...keys: readonly string[]): number => keys.reduce((all, key) => all + Number(row[key]), 0);
  const flops = (...kinds: readonly string[]): number => batch * sum(...kinds.map((kind) => `F_${kind}`));
  const moved = (...kinds: readonly string[]): number =>
    batch * sum(...kinds.map((kind) => `A${LETTERS[reading]}S_${kind}`));
  return {
    compute: flops('cdense', 'c1x1', 'cdw', 'cgrp', 'bn', 'act', 'ari', 'ln', 'sm', 'pool', 'par'),
    linearCompute: flops('lin', 'mm'),
    shortProducts: batch * sum('FK'),
    conv: moved('cdense', 'c1x1', 'cgrp'),
    depthwise: moved('cdw'),
    linear: moved('lin', 'mm'),
    elementwise: moved('bn', 'act', 'ari'),
    rearranging: moved('pool', 'cat'),
    softmax: moved('sm'),
    transpose: moved('perm'),
    norm: moved('ln'),
    learnt: moved('par'),
    weights: sum('W_conv', 'W_lin', 'W_other'),
    launches: sum(`l${LETTERS[reading]}S`),
  };
}

export interface PublishedNetwork extends TimedNetwork {
  readonly batch: number;
  readonly side: number;
  /** Of one image. */
  readonly multAdds: number;
}

/** Millions of parameters are printed with two decimals. */
const ROUNDING = 0.0051;

/**
 * Rows of a results file of timm whose image size and parameters agree with a counted network.
 * Newer files were taken with reparameterised networks, which are counted as NAME@rep.
 */
export function publishedTimes(
  path: string,
  features: readonly Feature[],
  reading: Fusion,
): readonly PublishedNetwork[] {
  const found = new Map<string, PublishedNetwork>();
  for (const row of rowsOf(path)) {
    const rate = Number(row['infer_samples_per_sec']);
    if (!(rate > 0)) continue;
    const name = row['model']!;
    const names = [name, name.split('.')[0]!, `${name}@rep`, `${name.split('.')[0]!}@rep`];
    const feature = features.find(
      ({ model, side, params }) =>
        names.includes(model) &&
        side === Number(row['infer_img_size']) &&
        Math.abs(params / 1e6 - Number(row['param_count'])) < ROUNDING,
    );
    if (feature === undefined || found.has(feature.model)) continue;
    const { model, family, side, multAdds } = feature;
    const batch = Number(row['infer_batch_size']);
    const work = feature.work(reading, batch);
    found.set(model, { model, family, work, milliseconds: (1e3 * batch) / rate, batch, side, multAdds });
  }
  return [...found.values()];
}
