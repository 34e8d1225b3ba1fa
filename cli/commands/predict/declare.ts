// Arguments and flags of flopscope predict.

import { Argument, Option, type Command } from 'commander';
import type { PredictOptions } from './action.js';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import type { Screen } from '../../screen.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

export function declarePredict(root: Command, screen: Screen): void {
  const command = root
    .command('predict')
    .description('the time of models on devices that are not here, with an interval and where the time goes')
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(
      new Option(
        '--device <name,...>',
        'the devices: names of flopscope device list, or files of flopscope device calibrate',
      ).makeOptionMandatory(),
    )
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(
      new Option(
        '--times <times.csv>',
        'known times of the same networks on another device, run in the same mode: the prediction starts from them',
      ),
    )
    .addOption(new Option('--times-device <name>', 'the device that the times of --times were taken on'))
    .addOption(new Option('--top <n>', 'how many of the slowest layers are listed').default(10).argParser(wholeNumber))
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope predict resnet50 densenet121 vovnet39 --device rtx-4090 --batch 256\n  flopscope predict my-net.onnx --device rtx-3090,my-device.json',
    )
    .action(async (models: string[], options: PredictOptions & DetectorFlags) =>
      (await import('./action.js')).predictCommand(namesWith(models, options), options, screen),
    );
  addDetectorOptions(command);
}
