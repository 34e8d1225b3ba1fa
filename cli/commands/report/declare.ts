// Arguments and flags of flopscope report.

import { Argument, Option, type Command } from 'commander';
import type { ReportOptions } from './action.js';
import { figureOptions } from '../../flags/figureOptions.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { COMPARED, measureOptions } from '../../flags/measureOptions.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { allowUnknownOption, deviceOption, MODEL } from '../../flags/options.js';

export function declareReport(root: Command, screen: Screen): void {
  const command = root
    .command('report')
    .description('one HTML page with the finding, charts and tables; counted, and measured if you like')
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(new Option('-o, --output <file>', 'where to write it (default: report.html; markdown is printed)'))
    .addOption(
      new Option(
        '--format <format>',
        'a page, or a summary for a pull request (default: what the ending of -o says, else html)',
      ).choices(['html', 'markdown']),
    )
    .addOption(new Option('--measure', 'run the models too, with the flags of flopscope measure').default(false))
    .addOption(allowUnknownOption())
    .addOption(new Option('--runs <run.json...>', 'show runs that were measured before, here or elsewhere'))
    .addOption(deviceOption())
    .addOption(new Option('--charts <folder>', 'each chart as PNG, SVG and PDF, too'))
    .addOption(new Option('--only <model...>', 'the networks that the files of --charts draw (default: all)'))
    .addOption(new Option('--title <title>', 'of the page (default: the models)'))
    .addOption(new Option('--baseline <model>', 'what the others are compared to (default: the first)'))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope report resnet50 densenet121 vovnet39 -o report.html\n  flopscope report resnet50 vovnet39 --measure --layers --charts charts\n  flopscope report resnet50 densenet121 vovnet39 --training --batch 2\n  flopscope report resnet50 vovnet39 --device rtx-4090 --batch 512\n  flopscope report --runs run.json --format markdown',
    )
    .action(async (models: string[], flags: ReportOptions & DetectorFlags, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      return (await import('./action.js')).reportCommand(namesWith(models, flags), options, screen);
    });
  addDetectorOptions(command);
  addTrainingOptions(command, { search: true });
  for (const option of [...figureOptions(), ...measureOptions(COMPARED)]) command.addOption(option);
}
