// Arguments and flags of flopscope measure.

import { Argument, Option, type Command } from 'commander';
import type { MeasureOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { MEASURED, measureOptions } from '../../flags/measureOptions.js';
import { formatOption, MODEL } from '../../flags/options.js';

export function declareMeasure(root: Command, screen: Screen): void {
  const command = root
    .command('measure')
    .description(
      'run models here: images/s, FLOP/s (2 x multiply-adds per second), utilisation and energy, whole or layer by layer',
    )
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(
      new Option('-o, --output <run.json>', 'write the record of the run; if the file exists, the run is added to it'),
    )
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope measure resnet50 densenet121 vovnet39 --batch 1,8 -o run.json\n  flopscope measure vovnet39 --layers',
    )
    .action(async (models: string[], flags: MeasureOptions & DetectorFlags, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      return (await import('./action.js')).measureCommand(namesWith(models, flags), options, screen);
    });
  addDetectorOptions(command);
  for (const option of measureOptions(MEASURED)) command.addOption(option);
}
