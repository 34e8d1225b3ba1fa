// Arguments and flags of flopscope predict.

import { Argument, Option, type Command } from 'commander';
import type { PredictOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

export function declarePredict(root: Command, screen: Screen): void {
  root
    .command('predict')
    .description('the time of models on devices that you do not have, with an interval and where it goes')
    .addArgument(new Argument('<models...>', MODEL))
    .addOption(
      new Option(
        '--device <name,...>',
        'records to predict with: built in (flopscope device list), or files of flopscope device calibrate',
      ).makeOptionMandatory(),
    )
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(
      new Option(
        '--times <times.csv>',
        'times of the same networks on another device of the same mode, which say more than any model',
      ),
    )
    .addOption(new Option('--times-device <name>', 'the device of --times'))
    .addOption(new Option('--top <n>', 'list the n slowest layers').default(10).argParser(wholeNumber))
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope predict resnet50 densenet121 vovnet39 --device rtx-4090 --batch 256\n  flopscope predict my-net.onnx --device rtx-3090,my-device.json',
    )
    .action(async (models: string[], options: PredictOptions) =>
      (await import('./action.js')).predictCommand(models, options, screen),
    );
}
