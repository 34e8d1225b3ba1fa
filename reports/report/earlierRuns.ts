// The table "Before and after": earlier runs of networks beside the runs that are shown.

import { otherSettings } from '../../src/measure/otherSettings.js';
import { ratioSentence } from '../../src/measure/ratioWords.js';
import type { Run } from '../../src/measure/run.js';
import { inferenceRatio } from '../../src/measure/sessionTimes.js';
import { abbreviate, visible } from '../../src/visible.js';
import { cell, sheet, type AnySheet, type Column } from '../sheets/sheet.js';
import { milliseconds } from '../text/number.js';
import type { Network } from './network.js';

/** A network that was measured before: on the same device, engine, mode, precision and batch. */
export interface EarlierRow {
  /** Indices into the networks and the runs of the report. */
  readonly network: number;
  readonly before: number;
  readonly after: number;
  /** As the table writes the row. */
  readonly cells: readonly string[];
}

export interface EarlierRuns {
  readonly head: readonly string[];
  /** By network, the earliest run first. */
  readonly rows: readonly EarlierRow[];
}

type Place = Omit<EarlierRow, 'cells'>;

interface Pair {
  readonly label: string;
  readonly before: Run;
  readonly after: Run;
}

const COLUMNS: readonly Column<Pair>[] = [
  {
    key: 'network',
    title: 'network',
    align: 'left',
    value: ({ label }) => label,
    show: ({ label }) => abbreviate(label),
  },
  { key: 'measuredBefore', title: 'before', align: 'left', value: ({ before }) => minute(before) },
  time('before', ({ before }) => before),
  { key: 'measuredAfter', title: 'after', align: 'left', value: ({ after }) => minute(after) },
  time('after', ({ after }) => after),
  {
    ...{ key: 'difference', title: 'time after over before', align: 'left' },
    value: ({ before, after }) => ratioSentence(inferenceRatio(after, before)),
  },
  { key: 'changed', title: 'what else changed', align: 'left', value: changed },
];

function time(key: string, pick: (pair: Pair) => Run): Column<Pair> {
  const value = (pair: Pair): number => pick(pair).times.median;
  return {
    ...{ key: `${key}Milliseconds`, title: 'ms', align: 'right', value },
    show: (pair) => milliseconds(value(pair)),
  };
}

/** 2026-01-31 09:05, UTC. */
const minute = ({ measuredAt }: Run): string => measuredAt.slice(0, 16).replace('T', ' ');

function changed({ before, after }: Pair): string {
  const own = { key: 'flopscope', first: before.flopscope, second: after.flopscope };
  const words = [...(own.first === own.second ? [] : [own]), ...otherSettings(before, after)].map(
    ({ key, first, second }) => `${key} ${first ?? 'unknown'} -> ${second ?? 'unknown'}`,
  );
  return words.length === 0 ? 'nothing that is recorded' : words.map((word) => abbreviate(word)).join('; ');
}

/** Undefined where nothing was measured before. */
export function earlierRuns(
  places: readonly Place[],
  networks: readonly Network[],
  runs: readonly Run[],
): EarlierRuns | undefined {
  if (places.length === 0) return undefined;
  const rows = places.map((place): EarlierRow => {
    const pair = { label: networks[place.network]!.label, before: runs[place.before]!, after: runs[place.after]! };
    return { ...place, cells: COLUMNS.map((column) => visible(cell(column as Column<unknown>, pair))) };
  });
  return { head: COLUMNS.map(({ title }) => title), rows };
}

/** The same table for the summary. */
export const earlierSheet = ({ head, rows }: EarlierRuns): AnySheet =>
  sheet<EarlierRow>({
    title: 'Before and after',
    columns: COLUMNS.map(({ key, align }, i) => ({ key, title: head[i]!, align, value: ({ cells }) => cells[i]! })),
    rows,
    notes: [],
  });
