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

/** NO_COLOR is honoured; width is known only where a person looks. */
export const processScreen = (): Screen => ({
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  look: {
    ...colours(pc.isColorSupported && process.stdout.isTTY),
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
  },
  progress: process.stderr.isTTY ? 'bar' : 'lines',
});

/** Of a file, or of a test. */
export const plainLook: Look = { ...colours(false), width: undefined };
