// The tables of VoVNet beside our counts: a row per published row and per difference, with verdict.

import type { Compared, StudyDifference, StudyRow, VoVNetTables } from '../../src/studies/voVNetTables.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

const TITLES: Readonly<Record<StudyRow['table'], string>> = {
  '2': 'Table 2: DSOD300, VOC07, TITAN X',
  '3': 'Table 3: a 1x1 bottleneck in each OSA module',
  '4': 'Table 4: RefineDet320, COCO, TITAN X',
  '7': 'Table 7: RefineDet512, COCO, TITAN X',
  readme: 'vovnet-detectron2 README: COCO, V100, batch 1',
  centermask2: 'centermask2 README: COCO, batch 1, V100; Lite on a Titan Xp',
};

export function studyTablesSheets({ device, rows, differences }: VoVNetTables): readonly AnySheet[] {
  const notes = [...new Set(rows.map(({ note }) => note))];
  const measured = rows.some((row) => row.measured !== null);
  const memories = new Set(rows.flatMap((row) => (row.measured ? [row.measured.memoryOf] : [])));
  const published = sheet<StudyRow>({
    title: `VoVNet's tables, counted again${device === null ? '' : `, and run on ${device}`}`,
    columns: columnsOf(notes, measured),
    rows,
    part: ({ table }) => TITLES[table],
    notes: [
      ...notes.map((note, i) => `${i + 1}: ${note}`),
      'FLOPs as the paper seems to count them (it does not say how): multiply-adds, and one for each element that a batch norm writes.',
      'all digits: what a figure rounded or cut off to the printed digits allows. The figures of the sources are theirs, on their GPUs.',
      ...[...memories].map((memory) => MEMORY[memory]),
      ...(measured
        ? []
        : ['--measure fills in frames, memory, energy and GFLOP/s (2 x multiply-adds per second) of this device.']),
    ],
  });
  if (differences.length === 0) return [published];
  const byDifference = sheet<StudyDifference>({
    title: 'Differences between rows, in which heads that are not published cancel',
    columns: DIFFERENCE_COLUMNS,
    rows: differences,
    part: ({ table }) => TITLES[table],
    mark: ({ flops, params }) => ([flops?.verdict, params.verdict].includes('differs') ? 'differs' : undefined),
    notes: differences.flatMap((row) =>
      [differenceSentence(row, 'flops'), differenceSentence(row, 'params')].flatMap((sentence) => sentence ?? []),
    ),
  });
  return [published, byDifference];
}

const MEMORY: Readonly<Record<'device' | 'tensors', string>> = {
  device: 'MB here is the most that the engine had taken from the device.',
  tensors:
    'MB here is of the tensors that were alive at once, by their shapes: the engine does not tell what it took from the device.',
};

const NONE = '-';
const text = <Row>(key: string, title: string, value: (row: Row) => string | null, rank = 0): Column<Row> => ({
  ...{ key, title, rank, value },
  align: 'right',
  show: (row) => value(row) ?? NONE,
});
const name = <Row>(key: string, title: string, value: (row: Row) => string): Column<Row> => ({
  ...{ key, title, value },
  align: 'left',
});

/** "+1.3 %"; what rounds to nothing has no sign. */
function signed(off: number | null | undefined): string {
  if (off == null) return NONE;
  const text = (100 * Math.abs(off)).toFixed(1);
  return `${text === '0.0' ? '' : off < 0 ? '-' : '+'}${text} %`;
}

/** Ours, the paper's, how far off, and the verdict. */
function count<Row>(key: string, title: string, pick: (row: Row) => Compared | null): readonly Column<Row>[] {
  return [
    {
      ...{ key, title, align: 'right' },
      value: (row) => pick(row)?.ours ?? null,
      show: (row) => pick(row)?.ours.toFixed(2) ?? NONE,
    },
    text(`${key}Paper`, 'paper', (row) => pick(row)?.paper ?? null),
    {
      ...{ key: `${key}Off`, title: 'off', align: 'right', rank: 2 },
      value: (row) => pick(row)?.off ?? null,
      show: (row) => signed(pick(row)?.off),
    },
    { ...name<Row>(`${key}Verdict`, 'verdict', (row) => pick(row)?.verdict ?? ''), rank: 1 },
  ];
}

/** A figure of the source, and the same measured here. */
const both = (
  key: 'fps' | 'memory' | 'energy' | 'efficiency',
  title: string,
  here: (row: StudyRow) => number | null | undefined,
  measured: boolean,
): readonly Column<StudyRow>[] => [
  text<StudyRow>(key, title, ({ figures }) => (key === 'fps' ? speed(figures) : (figures[key] ?? null)), 3),
  {
    ...{ key: `${key}Here`, title: 'here', align: 'right', rank: 1, hidden: !measured },
    value: (row) => here(row) ?? null,
    show: (row) => here(row)?.toPrecision(3) ?? NONE,
  },
];

/** Tables 2, 4 and 7 print frames per second, Table 3 and the README times. */
const speed = ({ fps, milliseconds }: StudyRow['figures']): string | null =>
  fps ?? (milliseconds === undefined ? null : `${milliseconds} ms`);

function columnsOf(notes: readonly string[], measured: boolean): readonly Column<StudyRow>[] {
  return [
    name('detector', 'detector', ({ detector }) => detector),
    name('backbone', 'backbone', ({ backbone }) => backbone),
    { ...name<StudyRow>('table', 'table', ({ table }) => table), hidden: true },
    { ...name<StudyRow>('model', 'model', ({ model }) => model), hidden: true },
    { key: 'multAdds', title: 'multiply-adds', align: 'right', value: ({ multAdds }) => multAdds, hidden: true },
    ...count<StudyRow>('flops', 'FLOPs, G', ({ flops }) => flops),
    ...count<StudyRow>('params', 'params, M', ({ params }) => params),
    ...both('fps', 'FPS', ({ measured }) => measured?.framesPerSecond, measured),
    ...both('memory', 'MB', ({ measured }) => measured?.peakMegabytes, measured),
    ...both('energy', 'J/image', ({ measured }) => measured?.joulesPerImage, measured),
    ...both('efficiency', 'GFLOP/s', ({ measured }) => measured?.gigaflopsPerSecond, measured),
    text('note', 'note', ({ note }) => String(notes.indexOf(note) + 1)),
  ];
}

const allowed = (compared: Compared | null): string =>
  compared?.allowed ? compared.allowed.map((side) => side.toFixed(2)).join(' to ') : NONE;

const inside = (compared: Compared | null): string =>
  compared?.inside == null ? NONE : compared.inside ? 'yes' : 'no';

const nameOf = ({ to, from }: StudyDifference): string => (to.startsWith('+') ? to : `${to} - ${from}`);
const QUANTITIES = { flops: ['FLOPs', 'G'], params: ['params', 'M'] } as const;

/** The precision of printed digits, if it is coarser than one per cent. */
function differenceSentence(row: StudyDifference, key: keyof typeof QUANTITIES): string | undefined {
  const { ours, paper, allowed, inside, tells } = row[key] ?? {};
  if (ours === undefined || paper == null || allowed == null || tells === true) return undefined;
  const [name, unit] = QUANTITIES[key];
  const [low, high] = allowed.map((side) => side / Number(paper) - 1).sort((a, b) => a - b) as [number, number];
  return `${nameOf(row)}, ${name}: the digits of the two rows allow ${allowed[0].toFixed(2)} to ${allowed[1].toFixed(2)} ${unit}, that is ${signed(low)} to ${signed(high)} of ${paper}, so that 1 % cannot be told from them; ours, ${ours.toFixed(2)}, lies ${inside ? 'inside' : 'outside'}.`;
}

const DIFFERENCE_COLUMNS: readonly Column<StudyDifference>[] = [
  name('difference', 'difference', nameOf),
  { ...name<StudyDifference>('detector', 'detector', ({ detector }) => detector), rank: 3 },
  ...count<StudyDifference>('flops', 'FLOPs, G', ({ flops }) => flops),
  text('flopsAllowed', 'digits allow', ({ flops }) => allowed(flops), 2),
  text('flopsInside', 'inside', ({ flops }) => inside(flops), 2),
  ...count<StudyDifference>('params', 'params, M', ({ params }) => params),
  text('paramsAllowed', 'digits allow', ({ params }) => allowed(params), 2),
  text('paramsInside', 'inside', ({ params }) => inside(params), 2),
];
