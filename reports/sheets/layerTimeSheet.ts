// The table of a run's layers, slowest first, beside their costs.

import { FLOPS_PER_SECOND } from '../text/metricText.js';
import type { LayerTime, Run } from '../../src/measure/run.js';
import type { Layer, Profile } from '../../src/profile.js';
import { HOST_CLOCK } from '../text/layerClock.js';
import { grouped, percent, short } from '../text/number.js';
import { counted } from '../../src/plural.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

interface Row {
  readonly time: LayerTime;
  /** The node itself, then those that were folded or fused into it. */
  readonly layers: readonly Layer[];
}

/** @param most how many rows a person wants to see; all go to csv */
export function layerTimeSheet(run: Run, profile: Profile, most: number): AnySheet {
  const known = new Map(profile.layers.map((layer) => [layer.name, layer]));
  const times = [...(run.layers ?? []), ...otherTimes(run)];
  const whole = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = [...times]
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .map((time) => ({ time, layers: [time.name, ...time.absorbed].flatMap((name) => known.get(name) ?? []) }));
  return sheet<Row>({
    title: `${abbreviate(run.model)} at batch ${run.input.n}, layer by layer: an inference takes ${run.times.median.toPrecision(4)} ms`,
    columns: columnsFor(whole, run.mode),
    rows: rows.slice(0, most),
    notes: [
      sumNote(run, whole),
      ...(run.asRun ? othersNotes(run.asRun) : []),
      ...(rows.length > most
        ? [`${most} of ${rows.length} timed layers shown, slowest first; -o run.json holds all.`]
        : []),
      FLOPS_PER_SECOND,
      ...(run.layerClock === 'host' && !run.asRun ? [`layers were timed by ${HOST_CLOCK}.`] : []),
    ],
  });
}

/** Steps that the runtime put in between, as rows of their own. */
const otherTimes = ({ asRun }: Run): readonly LayerTime[] =>
  (asRun?.others ?? []).flatMap(({ name, op, milliseconds }) =>
    milliseconds === null
      ? []
      : [{ name: `(${op}) ${name}`, op: 'no layer', absorbed: [], milliseconds, emulation: null }],
  );

/**
 * What the sum of the rows is, beside the time of an inference. A runtime times the layers itself,
 * in a session of its own, which is slower.
 */
function sumNote({ asRun, layerClock, times: { median } }: Run, sum: number): string {
  const [rows, whole] = [`${sum.toPrecision(4)} ms`, `${median.toPrecision(4)} ms`];
  if (!asRun)
    return `all layers add up to ${rows}: each is timed alone, without overlap, so their sum is not the ${whole} of an inference.`;
  const profiled = `the runtime profiled ${counted(asRun.kernels, 'kernel')} in a session of its own`;
  if (asRun.whole !== null)
    return `${profiled}: all rows add up to ${rows}, ${percent(sum, asRun.whole)} of the ${asRun.whole.toPrecision(4)} ms that an inference takes there; without profiling it takes ${whole}.`;
  const clock = layerClock === 'gpu' ? "by the GPU's clock " : '';
  return `${profiled}: ${clock}all rows add up to ${rows}; without profiling an inference takes ${whole}.`;
}

/** Rows that stand for no layer. */
const othersNotes = ({ others }: NonNullable<Run['asRun']>): readonly string[] =>
  others.length > 0 ? [`"no layer" is what the runtime put in, or what is not counted: ${opsOf(others)}.`] : [];

function opsOf(others: NonNullable<Run['asRun']>['others']): string {
  const counts = new Map<string, number>();
  for (const { op } of others) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts].map(([op, count]) => `${count} ${abbreviate(op)}`).join(', ');
}

const sum = (layers: readonly Layer[], pick: (layer: Layer) => number): number =>
  layers.reduce((all, layer) => all + pick(layer), 0);

/** The memory access of a run of this mode. */
const ACCESS: Readonly<Record<Run['mode'], { readonly title: string; readonly of: (layer: Layer) => number }>> = {
  fused: { title: 'memory access, fused', of: (layer) => layer.memoryAccessFused },
  eager: { title: 'memory access, unfused', of: (layer) => layer.memoryAccessUnfused },
};

function columnsFor(whole: number, mode: Run['mode']): readonly Column<Row>[] {
  const { title, of } = ACCESS[mode];
  return [
    {
      key: 'layer',
      title: 'layer',
      align: 'left',
      value: ({ time }) => time.name,
      show: ({ time }) => abbreviate(time.name, 48),
    },
    { key: 'op', title: 'op', align: 'left', value: ({ time }) => time.op, rank: 1 },
    {
      key: 'with',
      title: 'with',
      align: 'right',
      value: ({ time }) => time.absorbed.length,
      show: ({ time }) => (time.absorbed.length ? `+${time.absorbed.length}` : ''),
      rank: 2,
    },
    {
      key: 'ms',
      title: 'ms',
      align: 'right',
      value: ({ time }) => time.milliseconds,
      show: ({ time }) => time.milliseconds.toPrecision(3),
    },
    {
      key: 'share',
      title: 'share',
      align: 'right',
      value: ({ time }) => time.milliseconds / whole,
      show: ({ time }) => percent(time.milliseconds, whole),
    },
    {
      key: 'multAdds',
      title: 'multiply-adds',
      align: 'right',
      value: ({ layers }) => sum(layers, (l) => l.multAdds),
      show: ({ layers }) => grouped(sum(layers, (l) => l.multAdds)),
    },
    {
      key: 'memoryAccessUnfused',
      title,
      align: 'right',
      value: ({ layers }) => sum(layers, of),
      show: ({ layers }) => grouped(sum(layers, of)),
    },
    {
      key: 'flopsPerSecond',
      title: 'FLOP/s',
      align: 'right',
      value: ({ time, layers }) => (2000 * sum(layers, (l) => l.multAdds)) / time.milliseconds,
      show: ({ time, layers }) => short((2000 * sum(layers, (l) => l.multAdds)) / time.milliseconds),
    },
  ];
}
