// Arguments and flags of flopscope MODEL, which needs no command.

import { Argument, Option, type Command } from 'commander';
import { nameWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { allowUnknownOption, batchOption, bytesOption, inputOption, MODEL } from '../../flags/options.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import type { Screen } from '../../screen.js';
import type { DiagnoseOptions } from './action.js';

export function declareDiagnose(root: Command, screen: Screen): void {
  const command = root
    .command('diagnose', { isDefault: true })
    .description('one network on one screen: where its cost sits, what limits it, and what to change')
    .addArgument(new Argument('[model]', MODEL))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(bytesOption())
    .addOption(
      new Option('--runs <run.json>', 'times in place of counts: a file that flopscope measure --layers -o wrote'),
    )
    .addOption(
      new Option('--device <name>', 'predict the times on this device: a name of flopscope device list, or a file'),
    )
    .addOption(allowUnknownOption())
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json', 'markdown']).default('table'))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope densenet121\n  flopscope model.onnx --input 3x320x320\n  flopscope resnet50 --runs run.json\n  flopscope resnet50 --device rtx-4090 --batch 512\n  flopscope --detector dsod300 --backbone vovnet39',
    )
    .allowExcessArguments()
    .action(async (model: string | undefined, options: DiagnoseOptions & DetectorFlags) => {
      if (model === undefined && options.detector === undefined && options.backbone === undefined) root.help();
      const { demandModel } = await import('./named.js');
      const commands = root.commands.map((one) => one.name());
      demandModel(command.args, commands);
      return (await import('./action.js')).diagnoseCommand(nameWith(model, options), options, commands, screen);
    });
  addTrainingOptions(command, { search: true });
  addDetectorOptions(command);
}
