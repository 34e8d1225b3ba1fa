// Arguments and flags of flopscope sweep.

import { Argument, Option, type Command } from 'commander';
import type { SweepOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { measureOptions } from '../../flags/measureOptions.js';
import { allowUnknownOption, wholeNumber } from '../../flags/options.js';

/** The space file names input and batch. Layers have no row. */
const OWN = ['--input', '--batch', '--layers'];

export function declareSweep(root: Command, screen: Screen): void {
  const command = root
    .command('sweep')
    .description('every design of a space, counted or measured: resumable, in shards for a fleet, mergeable')
    .addArgument(new Argument('<space.yaml>', 'a model, the fields to vary, and their values'))
    .addOption(new Option('-o, --output <rows>', 'a .jsonl or .csv file; where it is there already, the sweep goes on'))
    .addOption(
      new Option('--format <format>', 'of the rows (default: by the ending, jsonl on stdout)').choices([
        'jsonl',
        'csv',
      ]),
    )
    .addOption(
      new Option('--shard <i/n>', "this process's share (default: from a Slurm array or Kubernetes job, else all)"),
    )
    .addOption(
      new Option('--shards <n>', 'how many there are, where only their number is in the environment').argParser(
        wholeNumber,
      ),
    )
    .addOption(new Option('--measure', 'run every design too, with the flags of flopscope measure').default(false))
    .addOption(allowUnknownOption())
    .addOption(new Option('--merge <rows...>', 'put the files of shards together instead'))
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
