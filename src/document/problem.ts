// A problem of a file names a path in its data; the text turns the path into line and column.

import { InputError } from '../inputError.js';

/** Keys and list indexes from the root of the data. */
export type Path = readonly (string | number)[];

/** Undefined where the data has no such path. */
export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce((value: unknown, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step], data);

export interface Problem {
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
  readonly path: Path;
  /** The key itself is wrong, rather than what it holds. */
  readonly onKey?: boolean;
  /** The path is missing in the data, so it has no line. Problems that have a line come first. */
  readonly missing?: boolean;
}

/** The user's errors in one document, in the order in which they were found. */
export class Problems extends InputError {
  constructor(readonly problems: readonly Problem[]) {
    super(sentence(problems));
  }
}

/** @throws Problems where there are any */
export function demandNoProblem(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Problems(problems);
}

/** A limit of problems: a text of the wrong kind has one for every word. */
export const MOST_PROBLEMS = 100;

/** The first problem, and how many more there are. */
export function sentence(problems: readonly Problem[]): string {
  const [first, ...more] = problems;
  const count = problems.length < MOST_PROBLEMS ? more.length : 'many';
  return `${first?.message ?? ''}${more.length > 0 ? ` (and ${count} more)` : ''}`;
}

const LONGEST = 80;

/** A value as a message shows it: quoted, on one line, shortened, without invisible characters. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return clipped(written(value).replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?'));
}

function written(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // Data of the user may be nested deeper than the stack allows.
    return 'a value nested without end';
  }
}

export const clipped = (text: string, longest = LONGEST): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;
