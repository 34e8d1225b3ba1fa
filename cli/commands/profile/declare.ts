// Arguments and flags of flopscope profile.

import { Argument, Option, type Command } from 'commander';
import { PARTS } from '../../../reports/sheets/profileView.js';
import type { ProfileOptions } from './action.js';
import { profileSortOption } from '../../flags/sortOption.js';
import type { Screen } from '../../screen.js';
import { nameWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import {
  allowUnknownOption,
  inputOption,
  batchOption,
  bytesOption,
  deviceOption,
  formatOption,
  MODEL,
  wholeNumber,
} from '../../flags/options.js';

export function declareProfile(root: Command, screen: Screen): void {
  const command = root
    .command('profile')
    .description('the costs of every layer, or summed by stage, block or op')
    .addArgument(new Argument('[model]', MODEL))
    .addOption(new Option('--by <part>', 'one row for each').choices(PARTS).default('layer'))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(bytesOption())
    .addOption(deviceOption())
    .addOption(profileSortOption())
    .addOption(new Option('--top <n>', 'show only the first n rows').argParser(wholeNumber))
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope profile densenet121 --by stage\n  flopscope profile densenet121 --training --batch 2 --checkpoint concat\n  flopscope profile my-backbone.yaml --sort memoryAccessUnfused --top 10\n  flopscope profile --detector dsod300 --backbone vovnet27_slim --by stage',
    )
    .action(async (model: string | undefined, options: ProfileOptions & DetectorFlags) =>
      (await import('./action.js')).profileCommand(nameWith(model, options), options, screen),
    );
  addDetectorOptions(command);
  addTrainingOptions(command, { search: true });
}
