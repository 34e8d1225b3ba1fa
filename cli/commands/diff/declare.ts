// Arguments and flags of flopscope diff.

import { Argument, Option, type Command } from 'commander';
import { COUNT_KEYS, PARTS } from '../../../reports/sheets/profileView.js';
import type { DiffOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

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
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope diff resnet50 seresnet50 --by stage\n  flopscope diff before.yaml after.yaml --format markdown',
    )
    .action(async (before: string, after: string, options: DiffOptions) =>
      (await import('./action.js')).diffCommand(before, after, options, screen),
    );
  addTrainingOptions(command);
}
