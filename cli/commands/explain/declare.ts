// Arguments and flags of flopscope explain.

import { Argument, Option, type Command } from 'commander';
import type { ExplainOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import type { Screen } from '../../screen.js';
import { measureOptions } from '../../flags/measureOptions.js';
import { addRenamed } from '../../flags/renamed.js';
import { bytesOption, formatOption, MODEL, runsOption } from '../../flags/options.js';

export function declareExplain(root: Command, screen: Screen): void {
  const command = root
    .command('explain')
    .description('which cost explains the times of networks: parameters, multiply-adds, memory access or launches')
    .addArgument(
      new Argument('[models...]', `the networks to measure, or the files that --runs and --times name: ${MODEL}`),
    )
    .addOption(runsOption('explain runs that were measured before'))
    .addOption(
      new Option(
        '--times <times.csv>',
        'explain times that were taken elsewhere: columns model and time in ms, or a results file of timm',
      ),
    )
    .addOption(new Option('--skip-unknown', 'leave out the rows of --times whose model is not known').default(false))
    .addOption(bytesOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope explain --runs run.json\n  flopscope explain --times pytorch.csv --times-device "RTX 4090"\n  flopscope explain resnet50 densenet121 vovnet39 vgg16 mobilenet_v2 --engine wasm',
    )
    .action(async (models: string[], flags: ExplainOptions & DetectorFlags, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      return (await import('./action.js')).explainCommand(namesWith(models, flags), options, screen);
    });
  const device = new Option('--times-device <name>', 'the device that the times of --times were taken on');
  addRenamed(command, device, '--device <name>');
  addDetectorOptions(command);
  for (const option of measureOptions()) if (option.long !== '--layers') command.addOption(option);
}
