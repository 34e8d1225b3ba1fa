// The flags of guidelines and studies that read and write a record.

import { Option } from 'commander';
import { figureOptions } from './figureOptions.js';
import { InputError } from '../../src/inputError.js';
import type { Given } from './givenFlags.js';

export const labOptions = (): readonly Option[] => [
  new Option('-o, --output <file>', 'write the page (.html) or the record (.json)'),
  new Option('--charts <folder>', 'write a picture of each part as PNG, SVG and PDF into this folder'),
  ...figureOptions(),
  new Option(
    '--from <record.json>',
    'show a record that -o wrote, here or elsewhere; nothing is counted or measured again',
  ),
];

/** Flags that --from allows: those of the output, not of the measurement. */
const BESIDE_FROM = [
  ...['--from', '--output', '--charts', '--format'],
  ...['--figure-width', '--figure-font', '--no-title', '--title'],
];

/** @throws InputError for a flag that a record cannot follow any more */
export function demandNothingElse(given: Given): void {
  const other = given.find((flag) => !BESIDE_FROM.includes(flag));
  if (other !== undefined) throw new InputError(`--from shows a record as it is: leave out ${other}`);
}
