// The table of measured runs: rates, and the time per image relative to the first run.

import { imageSides } from '../../src/inputSize.js';
import type { Run } from '../../src/measure/run.js';
import { howMeasured, utilised } from '../../src/measure/raised.js';
import { ratioFigures, ratioSentence } from '../../src/measure/ratioWords.js';
import { otherSettings } from '../../src/measure/otherSettings.js';
import { imageRatio } from '../../src/measure/sessionTimes.js';
import { ALLOWANCE, type TimeRatio } from '../../src/measure/significance.js';
import { utilisationText } from '../../src/measure/utilisation.js';
import { counted } from '../../src/plural.js';
import { by, grouped, percentage, short } from '../text/number.js';
import { utilisationNote } from '../text/utilisationNote.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

/**
 * @param files where each run comes from, in the order of the runs; shown where rows could not be
 * told apart otherwise
 */
export function runSheet(runs: readonly [Run, ...Run[]], files: readonly string[] = []): AnySheet {
  const [reference, ...others] = runs;
  const compared = others.map((run) => ({ run, ratio: imageRatio(run, reference) }));
  const devices = [...new Set(runs.map(deviceOf))];
  const origins = originsOf(runs, files);
  const origin = (run: Run): string => abbreviate(origins[runs.indexOf(run)] ?? '');
  const labelOf = (run: Run): string => {
    const device = devices.length > 1 ? ` on ${deviceOf(run)}` : '';
    return `${abbreviate(run.model)} at batch ${run.input.n}${device}${origins.length > 0 ? ` (${origin(run)})` : ''}`;
  };
  return sheet<Run>({
    title: `${runs.length} measured ${runs.length === 1 ? 'run' : 'runs'} on ${devices.length === 1 ? devices[0]! : `${devices.length} devices`}`,
    columns: [
      ...columnsFor(reference, origin, {
        origin: origins.length > 0,
        device: devices.length > 1,
        mode: runs.some(({ mode }) => mode === 'eager'),
        precision: runs.some(({ precision }) => precision !== 'float32'),
        peakDevice: runs.some(({ memory }) => memory.peakDeviceBytes !== null),
      }),
      ...(runs.some(({ lowerBound }) => lowerBound) ? [lowerBoundColumn<Run>(({ lowerBound }) => lowerBound)] : []),
    ],
    rows: runs,
    mark: ({ lowerBound }) => (lowerBound ? 'lower bound' : undefined),
    notes: [
      ...new Set(runs.flatMap(({ model, lowerBound }) => (lowerBound ? [lowerBoundNote(lowerBound, model)] : []))),
      ...(runs.length > 1
        ? [
            `time per image over that of ${labelOf(reference)}${intervalsNote(compared.map(({ ratio }) => ratio))}; batches and inputs as listed.`,
            ...compared.map(({ run, ratio }) => `${labelOf(run)}: ${ratioSentence(ratio)}.`),
            ...quotientNote(reference, compared),
            ...engineNotes(runs),
            ...settingNotes(runs, labelOf),
          ]
        : []),
      `FLOP/s is 2 x multiply-adds per second; bytes/s is the ${accessOf(runs)} over the time${bytesNote(runs)}.`,
      ...asRunNotes(runs),
      ...ceilingNotes(runs),
      ...memoryNotes(runs),
      ...energyNotes(runs),
      ...warningNotes(runs, labelOf),
    ],
  });
}

/** A run, and its time per image over that of the first one. */
interface Compared {
  readonly run: Run;
  readonly ratio: TimeRatio;
}

/** A warning that several runs share is said once. */
function warningNotes(runs: readonly Run[], labelOf: (run: Run) => string): readonly string[] {
  const labels = new Map<string, string[]>();
  for (const run of runs)
    for (const { message, flag } of run.warnings) {
      const said = `${message}${flag === null ? '' : ` (try ${flag})`}`;
      labels.set(said, [...(labels.get(said) ?? []), labelOf(run)]);
    }
  return [...labels].map(([said, of]) => `warning, ${[...new Set(of)].join(', ')}: ${said}`);
}

/**
 * Empty where the other columns tell all rows apart; else the file of each, with a number where one
 * file holds such rows.
 */
function originsOf(runs: readonly Run[], files: readonly string[]): readonly string[] {
  const rows = runs.map((run) => JSON.stringify([run.model, deviceOf(run), run.mode, run.precision, run.input]));
  if (files.length === 0 || new Set(rows).size === rows.length) return [];
  const places = rows.map((row, i) => JSON.stringify([row, files[i]]));
  return files.map((file, i) => {
    if (places.indexOf(places[i]!) === places.lastIndexOf(places[i]!)) return file;
    return `${file} #${files.slice(0, i + 1).filter((other) => other === file).length}`;
  });
}

/** What stands in brackets behind the ratios: not all of them have a 95 % interval. */
function intervalsNote(ratios: readonly TimeRatio[]): string {
  const there = new Set(ratios.map(({ basis }) => basis));
  const words = [
    ...(there.has('sessions') || there.has('windows') ? ['with its 95 % interval'] : []),
    ...(there.has('allowance') ? [`with a factor of ${ALLOWANCE} either way where there is one session of each`] : []),
    ...(there.has('none') ? ['without an interval where there are fewer than 3 windows'] : []),
  ];
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}

/** A ratio that is farther than this from the quotient of the medians beside it is explained. */
const UNLIKE = 0.02;

/** Windows that alternate see the same neighbours; medians over sessions do not. */
function quotientNote(reference: Run, compared: readonly Compared[]): readonly string[] {
  const perImage = ({ times, input }: Run): number => times.median / input.n;
  const unlike = compared.some(
    ({ run, ratio }) => Math.abs((ratio.value * perImage(reference)) / perImage(run) - 1) > UNLIKE,
  );
  return unlike
    ? [
        'Ratios compare windows that ran side by side, session by session, so they may differ from the ratio of the two medians.',
      ]
    : [];
}

/** Runs of several engines cannot have the same settings. */
function engineNotes(runs: readonly Run[]): readonly string[] {
  const engines = [...new Set(runs.map(({ engine }) => abbreviate(engine)))];
  return engines.length === 1
    ? []
    : [`the runs are of ${engines.length} engines (${engines.join(', ')}): their ratios compare the engines, too.`];
}

/** What runs of one engine were set to otherwise than the first run of that engine. */
function settingNotes(runs: readonly Run[], labelOf: (run: Run) => string): readonly string[] {
  const firsts = new Map<string, Run>();
  return runs.flatMap((run) => {
    const first = firsts.get(run.engine) ?? run;
    firsts.set(run.engine, first);
    const other = otherSettings(first, run);
    if (other.length === 0) return [];
    const words = other.map(
      ({ key, first, second }) => `${abbreviate(key)} ${settingText(second)} and not ${settingText(first)}`,
    );
    return [`${labelOf(run)} ran with other settings than ${labelOf(first)}: ${words.join('; ')}.`];
  });
}

const settingText = (value: string | number | boolean | undefined): string =>
  value === undefined ? 'unknown' : abbreviate(String(value));

/** "NVIDIA H100 (webgpu)", "llvmpipe, a software GPU (webgpu)". */
export const deviceOf = ({ device, engine }: Run): string =>
  `${abbreviate(device.name)}${device.software ? ', a software GPU' : ''} (${engine})`;

/** Memory access as a runtime ran the graph, beside the two counted readings. */
const asRunNotes = (runs: readonly Run[]): readonly string[] =>
  runs.flatMap(({ model, input, asRun, totals: { memoryAccess }, weights }) => [
    ...(asRun
      ? [
          `${abbreviate(model)} at batch ${input.n} as run: ${grouped(asRun.memoryAccess)} elements of memory access in ${asRun.kernels} kernels (counted: fused ${grouped(memoryAccess.fused)}, unfused ${grouped(memoryAccess.unfused)}).`,
        ]
      : []),
    ...(weights === 'file' ? [`${abbreviate(model)} ran as the file is, with its own weights.`] : []),
  ]);

function ceilingNotes(runs: readonly Run[]): readonly string[] {
  const known = new Map(
    runs.flatMap((run) => (run.ceilings ? [[deviceOf(run), utilised(run.ceilings)] as const] : [])),
  );
  return [...known].map(([device, ceilings]) => {
    const noise = utilisationNote(runs.filter((run) => deviceOf(run) === device));
    return `utilisation is of what ${device} reached itself: ${short(ceilings.flopsPerSecond)}FLOP/s and ${short(ceilings.bytesPerSecond)}B/s (${howMeasured(ceilings)})${noise === '' ? '' : `; ${noise}`}.`;
  });
}

const ACCESS: Readonly<Record<Run['mode'], string>> = {
  fused: 'fused memory access',
  eager: 'unfused memory access',
};
const accessOf = (runs: readonly Run[]): string =>
  [...new Set(runs.map(({ mode }) => ACCESS[mode]))].join(' or, as run, the ');

/** Elements are of 4 bytes unless a file stores its weights otherwise. */
function bytesNote(runs: readonly Run[]): string {
  const others = new Map(runs.map(({ precision, bytesPerElement }) => [precision, bytesPerElement]));
  const words = [...others].flatMap(([precision, bytes]) =>
    bytes === 4 ? [] : [`${counted(bytes, 'byte')} for each element of ${abbreviate(precision)}`],
  );
  return words.length === 0 ? '' : `, with ${words.join(', ')}`;
}

/** The definitions of both kinds of memory, and why one is missing. */
const memoryNotes = (runs: readonly Run[]): readonly string[] => [
  ...(runs.some(({ memory }) => memory.peakTensorBytes !== null)
    ? ['peak tensors: bytes of all tensors alive at once, by their shapes.']
    : []),
  ...new Set(
    runs.flatMap(({ engine, memory: { deviceBytes, peakDeviceBytes } }) => {
      if (deviceBytes === null) return [];
      return [`${peakDeviceBytes === null ? 'device memory' : 'peak device'} (${abbreviate(engine)}): ${deviceBytes}.`];
    }),
  ),
];

/** Whose power it is, and why there is none where a GPU could have told it. */
const energyNotes = (runs: readonly Run[]): readonly string[] => [
  ...new Set(
    runs.flatMap(({ device, energy, noEnergy }) => {
      if (energy === null)
        return device.kind === 'gpu' && !device.software && noEnergy !== null ? [`no J/image: ${noEnergy}.`] : [];
      const { meter, idleWatts, idleHow } = energy;
      const idle = idleWatts === null ? 'unknown' : `${idleWatts.toFixed(0)} W`;
      return [
        `J/image is from ${meter}; its idle power, ${idle}${idleHow === null ? '' : ` (${idleHow})`}, is not taken off.`,
      ];
    }),
  ),
];

const right = (
  key: string,
  title: string,
  value: (run: Run) => number | null,
  show: (value: number) => string,
  rank = 0,
): Column<Run> => ({
  key,
  title,
  align: 'right',
  rank,
  value,
  show: (run) => {
    const number = value(run);
    return number === null ? '-' : show(number);
  },
});

/** A rate that rests on counts: at least that much where they are a lower bound. */
const rated = (...[key, title, value, show, rank]: Parameters<typeof right>): Column<Run> => {
  const column = right(key, title, value, show, rank);
  return {
    ...column,
    show: (run) => `${run.lowerBound && value(run) !== null ? 'at least ' : ''}${column.show!(run)}`,
  };
};

/** Columns that people see only where they tell something. */
interface Shown {
  readonly origin: boolean;
  readonly device: boolean;
  readonly mode: boolean;
  readonly precision: boolean;
  readonly peakDevice: boolean;
}

function columnsFor(reference: Run, origin: (run: Run) => string, shown: Shown): readonly Column<Run>[] {
  const ratio = (run: Run) => imageRatio(run, reference);
  return [
    {
      key: 'model',
      title: 'model',
      align: 'left',
      value: ({ model }) => model,
      show: ({ model }) => abbreviate(model),
    },
    { key: 'file', title: 'file', align: 'left', value: origin, hidden: !shown.origin },
    { key: 'device', title: 'device', align: 'left', value: deviceOf, hidden: !shown.device },
    { key: 'mode', title: 'mode', align: 'left', value: ({ mode }) => mode, hidden: !shown.mode },
    {
      key: 'precision',
      title: 'precision',
      align: 'left',
      value: ({ precision }) => precision,
      hidden: !shown.precision,
    },
    right('batch', 'batch', ({ input }) => input.n, String),
    { key: 'input', title: 'input', align: 'left', rank: 6, value: ({ input }) => by(imageSides(input)) },
    right(
      'ms',
      'ms',
      ({ times }) => times.median,
      (ms) => ms.toPrecision(4),
    ),
    right(
      'spread',
      'spread',
      ({ times }) => times.spread,
      (spread) => percentage(spread),
      2,
    ),
    right('imagesPerSecond', 'images/s', ({ imagesPerSecond }) => imagesPerSecond, short),
    {
      key: 'timeRatio',
      title: 'time/image',
      align: 'right',
      value: (run) => ratio(run).value,
      show: (run) => (run === reference ? '1.00x' : ratioFigures({ ...ratio(run), basis: 'sessions' })),
    },
    { ...right('timeRatioLow', 'from', (run) => ratio(run).low, String), hidden: true },
    { ...right('timeRatioHigh', 'to', (run) => ratio(run).high, String), hidden: true },
    { key: 'timeVerdict', title: 'verdict', align: 'left', value: (run) => ratio(run).verdict, hidden: true },
    { ...right('sessions', 'sessions', ({ sessions }) => Math.max(1, sessions.length), String), hidden: true },
    rated('flopsPerSecond', 'FLOP/s', ({ flopsPerSecond }) => flopsPerSecond, short),
    rated('paperFlopsPerSecond', 'multiply-adds/s', ({ paperFlopsPerSecond }) => paperFlopsPerSecond, short, 3),
    {
      ...rated('utilisation', 'utilisation', ({ utilisation }) => utilisation && utilisation.compute, String, 1),
      show: (run) => {
        const text = utilisationText(run);
        return text === null ? '-' : `${run.lowerBound ? 'at least ' : ''}${text}`;
      },
    },
    rated('bytesPerSecond', 'bytes/s', ({ bytesPerSecond }) => bytesPerSecond, short, 4),
    right(
      'joulesPerImage',
      'J/image',
      ({ energy }) => energy && energy.joulesPerImage,
      (joules) => joules.toPrecision(3),
      5,
    ),
    right(
      'hostMs',
      'host ms',
      ({ times }) => times.host,
      (ms) => ms.toPrecision(3),
      6,
    ),
    right('peakTensorBytes', 'peak tensors', ({ memory }) => memory.peakTensorBytes, short, 6),
    {
      ...right('peakDeviceBytes', 'peak device', ({ memory }) => memory.peakDeviceBytes, short, 6),
      hidden: !shown.peakDevice,
    },
  ];
}
