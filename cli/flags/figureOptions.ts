// The flags of charts that are written as files: their size and font on paper.

import { Option } from 'commander';
import { InputError } from '../../src/inputError.js';
import type { FigureFlags } from '../charts/figures.js';

export const figureOptions = (): readonly Option[] => [
  new Option('--figure-width <size>', 'width of the files of --charts, as in 85mm, 3.3in or 240pt (default: 960px)'),
  new Option('--figure-font <font>', 'font of the files of --charts: a family that is installed, or a font file'),
  new Option('--no-title', 'write charts without the title, explanation and source around them'),
];

/** @throws InputError for a flag of charts where none are written */
export function demandCharts(flags: FigureFlags & { readonly charts?: string; readonly only?: unknown }): void {
  if (flags.charts !== undefined) return;
  const given = [
    ...(flags.figureWidth === undefined ? [] : ['--figure-width']),
    ...(flags.figureFont === undefined ? [] : ['--figure-font']),
    ...(flags.title === false ? ['--no-title'] : []),
  ];
  if (given.length > 0)
    throw new InputError(`${given.join(' and ')} is for the files of --charts: add --charts FOLDER`);
}
