// The streams that the command line writes to: results and messages. Tests pass their own.

import pc from 'picocolors';
import type { Look } from '../reports/text/terminal.js';
import type { Bar } from './output/bar.js';

export interface Screen {
  /** Results. */
  out(text: string): void;
  /** Progress, warnings and errors. */
  err(text: string): void;
  /** Receives the output of engine libraries; if absent it is dropped. */
  readonly heard?: (text: string) => void;
  readonly look: Look;
  /** How long work shows its progress: a bar on a terminal, plain lines elsewhere. */
  readonly progress: 'bar' | 'lines' | 'none';
  /** Draws progress in another process; absent where this one draws it. */
  readonly bar?: (parts: number, seconds?: number) => Bar;
}

const colours = (on: boolean): Omit<Look, 'width'> => {
  const { bold, dim, yellow } = pc.createColors(on);
  return { bold, dim, warn: yellow };
};

/** Columns of a terminal that does not tell them, and the fewest in which a table can be read. */
const [USUAL, LEAST] = [80, 20];

/** COLUMNS of the environment, else what the terminal says; undefined where the output is none. */
export function columnsOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  asked = process.env['COLUMNS'],
): number | undefined {
  if (stream.isTTY !== true) return undefined;
  const wanted = /^[1-9]\d{0,4}$/.test(asked ?? '') ? Number(asked) : stream.columns;
  return Math.max(LEAST, wanted || USUAL);
}

/**
 * NO_COLOR is honoured; width is known only where a person looks. A dumb terminal cannot draw a
 * bar.
 */
export const processScreen = (): Screen => ({
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  look: {
    ...colours(pc.isColorSupported && process.stdout.isTTY),
    width: columnsOf(process.stdout),
  },
  progress: process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? 'bar' : 'lines',
});

/** Of a file, or of a test. */
export const plainLook: Look = { ...colours(false), width: undefined };
