// Arguments and flags of flopscope diff.

import { Argument, Option, type Command } from 'commander';
import { COUNT_KEYS, PARTS } from '../../../reports/sheets/profileView.js';
import type { DiffOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import { COMPARED, measureOptions } from '../../flags/measureOptions.js';
import type { Screen } from '../../screen.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

/** Flags of measureOptions that stand above, or have no meaning here. */
const OWN = ['--input', '--batch', '--layers'];

export function declareDiff(root: Command, screen: Screen): void {
  const command = root
    .command('diff')
    .description('two versions of a network, layer by layer: what changed, and the cost that it moved')
    .addArgument(new Argument('<before>', MODEL))
    .addArgument(new Argument('<after>', 'the same of the version after'))
    .addOption(new Option('--by <part>', 'one row per').choices(PARTS).default('layer'))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(new Option('--sort <cost>', 'what moved most first').choices(COUNT_KEYS))
    .addOption(new Option('--top <n>', 'only the n rows that moved most').argParser(wholeNumber))
    .addOption(
      new Option(
        '--measure',
        'run both versions too, with the flags of flopscope measure, and say whether times differ',
      ).default(false),
    )
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope diff resnet50 seresnet50 --by stage\n  flopscope diff before.yaml after.yaml --format markdown\n  flopscope diff before.yaml after.yaml --measure --budget-time 60s',
    )
    .action(async (before: string, after: string, flags: DiffOptions, called: Command) =>
      (await import('./action.js')).diffCommand(before, after, { ...flags, given: givenFlags(called) }, screen),
    );
  addTrainingOptions(command);
  for (const option of measureOptions(COMPARED)) if (!OWN.includes(option.long!)) command.addOption(option);
}
