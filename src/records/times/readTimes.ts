// Reads times measured elsewhere from a CSV: network, time, and batch and input where given.

import { parse, CsvError } from 'csv-parse/sync';
import type { ImageSize } from '../../families/family.js';
import { InputError } from '../../inputError.js';
import { counted } from '../../plural.js';
import { clipped, shown } from '../../document/problem.js';

/** One row. */
export interface GivenTime {
  readonly model: string;
  /** Per inference of the whole batch: what the row says, or the default where it says none. */
  readonly milliseconds: number;
  readonly batch: number | undefined;
  readonly input: ImageSize | undefined;
  /** Millions of parameters, as a results file of timm prints them. */
  readonly params: number | undefined;
  readonly line: number;
}

export interface GivenTimes {
  readonly rows: readonly GivenTime[];
  /** Rows of networks that failed there, and have no time. */
  readonly failed: number;
}

/** Converts the value of a column to milliseconds. */
type ToMilliseconds = (value: number, batch: number) => number;
const MILLISECONDS: ToMilliseconds = (value) => value;
const SECONDS: ToMilliseconds = (value) => 1e3 * value;
const MICROSECONDS: ToMilliseconds = (value) => value / 1e3;
const PER_SECOND: ToMilliseconds = (value, batch) => (1e3 * batch) / value;

/** Headers of the time, of which a file has one; timm's result files have the last two. */
const TIMES: readonly (readonly [header: string, read: ToMilliseconds])[] = [
  ...(['time', 'ms', 'time_ms', 'latency_ms', 'latency', 'milliseconds'] as const).map(
    (name) => [name, MILLISECONDS] as const,
  ),
  ...(['s', 'seconds', 'time_s'] as const).map((name) => [name, SECONDS] as const),
  ...(['us', 'time_us'] as const).map((name) => [name, MICROSECONDS] as const),
  ...(['images_per_second', 'img_per_s', 'fps', 'throughput'] as const).map((name) => [name, PER_SECOND] as const),
  ['samples_per_sec', PER_SECOND],
  ['infer_samples_per_sec', PER_SECOND],
];
const MODELS = ['model', 'name', 'network'];
const BATCHES = ['batch', 'batch_size', 'infer_batch_size'];
const INPUTS = ['input', 'img_size', 'infer_img_size'];
const PARAMS = ['param_count'];

/**
 * @param file named in errors
 * @param defaultBatch images in an inference of a row that names no batch: images per second are of
 * so many
 * @throws InputError with file and line
 */
export function readTimes(text: string, file: string, defaultBatch = 1): GivenTimes {
  const [header, ...rows] = recordsOf(text, file);
  const names = header?.record.map((name) => name.trim().toLowerCase()) ?? [];
  const column = (known: readonly string[], what: string): number => {
    const found = names.flatMap((name, i) => (known.includes(name) ? [i] : []));
    if (found.length > 1)
      throw new InputError(
        `${file}:${header!.line}: has ${found.length} columns of ${what} (${found.map((i) => names[i]).join(', ')}): keep one`,
      );
    return found[0] ?? -1;
  };
  const model = column(MODELS, 'models');
  const time = column(
    TIMES.map(([name]) => name),
    'times',
  );
  const timed = TIMES.find(([name]) => name === names[time]);
  if (model < 0 || timed === undefined)
    throw new InputError(
      `${file}:${header?.line ?? 1}: the first line must name the columns, as in "model,time" (milliseconds per inference), and has ${shown(names.join(','))}; other times: ${TIMES.slice(
        1,
      )
        .map(([name]) => name)
        .join(', ')}`,
    );
  if (rows.length === 0) throw new InputError(`${file}: has no times below its first line`);
  const [batches, inputs] = [column(BATCHES, 'batches'), column(INPUTS, 'inputs')];
  const counts = column(PARAMS, 'parameters');
  const given = rows.map(({ record, line }): GivenTime | undefined => {
    const at = `${file}:${line}`;
    if (record.length !== names.length)
      throw new InputError(
        `${at}: has ${counted(record.length, 'cell')} under ${counted(names.length, 'column')}: ${record.length > names.length ? 'write a decimal point, not a comma, and quote what holds commas' : 'leave no cell out'}`,
      );
    const cell = (index: number): string | undefined => (index < 0 ? undefined : record[index]?.trim()) || undefined;
    const name = cell(model);
    if (name === undefined) throw new InputError(`${at}: names no model`);
    const written = cell(time) ?? '';
    // timm leaves the time of a network empty that did not run.
    if (written === '') return undefined;
    const batchText = cell(batches);
    const batch = batchText === undefined ? undefined : wholeNumber(batchText, `${at}: the batch`);
    const value = Number(written);
    const milliseconds = timed[1](value, batch ?? defaultBatch);
    if (!(value > 0 && Number.isFinite(milliseconds) && milliseconds > 0))
      throw new InputError(
        `${at}: the ${timed[0]} of ${clipped(name)} is ${shown(written)}, and must be a positive number`,
      );
    const params = Number(cell(counts) ?? NaN);
    return {
      model: name,
      milliseconds,
      batch,
      input: inputOf(cell(inputs), at),
      params: params > 0 ? params : undefined,
      line,
    };
  });
  const timedRows = given.filter((row) => row !== undefined);
  if (timedRows.length === 0) throw new InputError(`${file}: has no times: the ${timed[0]} of every row is empty`);
  return { rows: timedRows, failed: given.length - timedRows.length };
}

interface Row {
  readonly record: readonly string[];
  readonly line: number;
}

function recordsOf(text: string, file: string): readonly Row[] {
  try {
    const rows = parse(text, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    });
    return (rows as unknown as readonly { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(`${file}: is not CSV (${clipped(error.message, 200)})`);
  }
}

/** "224" is a square image of three channels; "3x224x288" names all sides. */
function inputOf(text: string | undefined, at: string): ImageSize | undefined {
  if (text === undefined) return undefined;
  const sides = text.split('x').map((side) => wholeNumber(side, `${at}: the input`));
  const [c, h, w] = sides.length === 1 ? [3, sides[0]!, sides[0]!] : sides;
  if (sides.length !== 1 && sides.length !== 3)
    throw new InputError(`${at}: the input is ${shown(text)}: write one side, as in 224, or CxHxW, as in 3x224x288`);
  return [c!, h!, w!];
}

function wholeNumber(text: string, what: string): number {
  const value = Number(text);
  // A table that went through floating point has 1024.0.
  if (/^\d+(\.0+)?$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new InputError(`${what} is ${shown(text)}, and must be a whole number of at least 1`);
}
