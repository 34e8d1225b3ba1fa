// Arguments and flags of flopscope report.

import { Argument, Option, type Command } from 'commander';
import type { ReportOptions } from './action.js';
import { figureOptions } from '../../flags/figureOptions.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { COMPARED, measureOption, measureOptions } from '../../flags/measureOptions.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { allowUnknownOption, deviceOption, MODEL, runsOption } from '../../flags/options.js';

export function declareReport(root: Command, screen: Screen): void {
  const command = root
    .command('report')
    .description('one HTML page with the findings, charts and tables of models')
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(
      new Option('-o, --output <file>', 'the file to write, .html or .md (default: report.html; Markdown is printed)'),
    )
    .addOption(new Option('--open', 'open the page in your browser').default(false))
    .addOption(
      new Option(
        '--format <format>',
        'a page, or a summary for a pull request (default: by the ending of -o, else html)',
      ).choices(['html', 'markdown']),
    )
    .addOption(measureOption())
    .addOption(allowUnknownOption())
    .addOption(runsOption('show runs that were measured before, here or elsewhere'))
    .addOption(deviceOption())
    .addOption(new Option('--charts <folder>', 'write each chart as PNG, SVG and PDF into this folder, too'))
    .addOption(new Option('--only <model...>', 'the networks in the files of --charts, also as a,b (default: all)'))
    .addOption(new Option('--title <title>', 'title of the page (default: the models)'))
    .addOption(new Option('--baseline <model>', 'the model that the others are compared to (default: the first)'))
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
