// Arguments and flags of flopscope formula.

import { Argument, Option, type Command } from 'commander';
import type { FormulaOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { nameWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { allowUnknownOption, formatOption, MODEL } from '../../flags/options.js';

export function declareFormula(root: Command, screen: Screen): void {
  const command = root
    .command('formula')
    .description('closed forms of parameters, multiply-adds and memory access in n, h, w and fields of the config')
    .addArgument(
      new Argument(
        '[model]',
        `${MODEL}; or a block as config files name it: dense, osa, bottleneck, invertedResidual ...`,
      ),
    )
    .addOption(
      new Option(
        '--symbol <field=name...>',
        'a symbol for a number of the config, as in growth=g, channels.2=c, layers=L',
      ),
    )
    .addOption(
      new Option('--at <name=value,...>', 'values to put in, as in h=224,w=224,n=1; another symbol works too: w=h'),
    )
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope formula densenet121 --symbol growth=g --at n=1,w=h\n  flopscope formula osa --symbol layers=L\n  flopscope formula dense --symbol layers=L --training',
    )
    .action(async (model: string | undefined, options: FormulaOptions & DetectorFlags) =>
      (await import('./action.js')).formulaCommand(nameWith(model, options), options, screen),
    );
  addDetectorOptions(command);
  addTrainingOptions(command);
}
