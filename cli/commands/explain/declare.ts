// Arguments and flags of flopscope explain.

import { Argument, Option, type Command } from 'commander';
import type { ExplainOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { measureOptions } from '../../flags/measureOptions.js';
import { bytesOption, formatOption, MODEL } from '../../flags/options.js';

export function declareExplain(root: Command, screen: Screen): void {
  const command = root
    .command('explain')
    .description('which cost explains the time: parameters, multiply-adds, memory access, launches')
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(new Option('--runs <run.json...>', 'explain runs of flopscope measure -o instead of measuring'))
    .addOption(
      new Option(
        '--times <times.csv>',
        'explain times measured elsewhere: model,time in ms, or a results file of timm',
      ),
    )
    .addOption(new Option('--device <name>', 'what the times of --times were taken on, for the sentences'))
    .addOption(new Option('--skip-unknown', 'leave out rows of --times whose model is not known').default(false))
    .addOption(bytesOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope explain --runs run.json\n  flopscope explain --times pytorch.csv --device "RTX 4090"\n  flopscope explain resnet50 densenet121 vovnet39 vgg16 mobilenet_v2 --engine wasm',
    )
    .action(async (models: string[], flags: ExplainOptions, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      return (await import('./action.js')).explainCommand(models, options, screen);
    });
  for (const option of measureOptions()) if (option.long !== '--layers') command.addOption(option);
}
