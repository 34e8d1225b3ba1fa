// Arguments and flags of flopscope compare.

import { Argument, type Command } from 'commander';
import type { CompareOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { COMPARED, measureOption, measureOptions } from '../../flags/measureOptions.js';
import { allowUnknownOption, bytesOption, deviceOption, formatOption, MODEL, runsOption } from '../../flags/options.js';

export function declareCompare(root: Command, screen: Screen): void {
  const command = root
    .command('compare')
    .description('models side by side, with ratios to the first one')
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(measureOption())
    .addOption(runsOption('compare runs that were measured before, here or elsewhere'))
    .addOption(bytesOption())
    .addOption(deviceOption())
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope compare resnet50 densenet121 vovnet39\n  flopscope compare resnet50 densenet121 vovnet39 --training --batch 2\n  flopscope compare resnet50 vovnet39 --measure --batch 8\n  flopscope compare --runs here.json there.json',
    )
    .action(async (models: string[], flags: CompareOptions & DetectorFlags, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      return (await import('./action.js')).compareCommand(namesWith(models, flags), options, screen);
    });
  addDetectorOptions(command);
  addTrainingOptions(command, { search: true });
  for (const option of measureOptions(COMPARED)) command.addOption(option);
}
