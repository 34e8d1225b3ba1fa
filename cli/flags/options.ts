// The flags that several commands share, and the parsers of their values.

import { InvalidArgumentError, Option } from 'commander';
import { FORMATS } from '../output/format.js';

export const inputOption = () =>
  new Option('--input <CxHxW>', 'input image, as in 3x224x224 (default: what the model was published or exported for)');
export const batchOption = () =>
  new Option('--batch <n>', 'images per inference (default: 1, or what the file was exported for)').argParser(
    wholeNumber,
  );
export const bytesOption = () =>
  new Option(
    '--bytes-per-element <n>',
    '4 for fp32, 2 for fp16, 1 for int8 (default: as a file stores its weights, else 4)',
  ).argParser(wholeNumber);
export const deviceOption = () =>
  new Option('--device <name,...>', 'predict the time on these devices too: names of flopscope device list, or files');
export const formatOption = () => new Option('--format <format>', 'how to print').choices(FORMATS).default('table');
export const allowUnknownOption = () =>
  new Option(
    '--allow-unknown',
    'leave out the ops of a file that flopscope does not know: totals are a lower bound then',
  ).default(false);
/** The help text of the MODEL argument. */
export const MODEL =
  'a built-in name (flopscope list), a model file (flopscope list --formats), - for a file on standard input, or a detector on one of them (dsod300@vovnet39)';
/** Where the files of measured runs come from, in help. */
export const runsOption = (about: string): Option =>
  new Option('--runs <run.json...>', `${about}: files that flopscope measure -o wrote`);

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1, in digits.');
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError(`It must be at most ${Number.MAX_SAFE_INTEGER}.`);
  return value;
}
