// Arguments and flags of flopscope sweep.

import { Argument, Option, type Command } from 'commander';
import type { SweepOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { measureOption, measureOptions } from '../../flags/measureOptions.js';
import { allowUnknownOption, wholeNumber } from '../../flags/options.js';

/** The space file names input and batch. Layers have no row. */
const OWN = ['--input', '--batch', '--layers'];

export function declareSweep(root: Command, screen: Screen): void {
  const command = root
    .command('sweep')
    .description('the cost of every design of a space; it goes on where it ended, and can be shared among machines')
    .addArgument(
      new Argument('<space.yaml>', 'a file with a model, the fields to vary and their values; - for standard input'),
    )
    .addOption(
      new Option(
        '-o, --output <rows>',
        'the file of the rows, .jsonl or .csv; if it exists, the sweep goes on with it',
      ),
    )
    .addOption(
      new Option(
        '--format <format>',
        'how rows are written (default: by the ending of -o, jsonl on the screen)',
      ).choices(['jsonl', 'csv']),
    )
    .addOption(
      new Option(
        '--shard <i/n>',
        'the share of this process (default: from a Slurm array or a Kubernetes job, else all)',
      ),
    )
    .addOption(
      new Option(
        '--shards <n>',
        'how many shares there are, where the environment says only which one this is',
      ).argParser(wholeNumber),
    )
    .addOption(measureOption())
    .addOption(allowUnknownOption())
    .addOption(new Option('--merge <rows...>', 'put the rows of these files together, in place of a sweep'))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope sweep space.yaml -o rows.csv\n  flopscope sweep space.yaml --shard 3/16 -o rows-3.jsonl\n  flopscope sweep space.yaml --merge rows-*.jsonl -o rows.csv',
    )
    .action(async (path: string, flags: SweepOptions, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      return (await import('./action.js')).sweepCommand(path, options, screen);
    });
  for (const option of measureOptions()) if (!OWN.includes(option.long!)) command.addOption(option);
}
