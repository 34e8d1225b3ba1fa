// Arguments and flags of flopscope diff.

import { Argument, Option, type Command } from 'commander';
import { PARTS } from '../../../reports/sheets/profileView.js';
import type { DiffOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { COMPARED, measureOption, measureOptions } from '../../flags/measureOptions.js';
import { InputError } from '../../../src/inputError.js';
import type { Screen } from '../../screen.js';
import { diffSortOption } from '../../flags/sortOption.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

type DiffFlags = DiffOptions & DetectorFlags;

/** Flags of measureOptions that stand above, or have no meaning here. */
const OWN = ['--input', '--batch', '--layers'];

export function declareDiff(root: Command, screen: Screen): void {
  const command = root
    .command('diff')
    .description('two versions of a network, layer by layer: what changed, and which costs moved with it')
    .addArgument(new Argument('[before]', MODEL))
    .addArgument(new Argument('[after]', 'the later version, named in the same way'))
    .addOption(new Option('--by <part>', 'one row for each').choices(PARTS).default('layer'))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(diffSortOption())
    .addOption(new Option('--top <n>', 'show only the n rows that moved most').argParser(wholeNumber))
    .addOption(measureOption())
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope diff resnet50 seresnet50 --by stage\n  flopscope diff before.yaml after.yaml --format markdown\n  flopscope diff before.yaml after.yaml --measure --budget-time 60s',
    )
    .action(async (before: string | undefined, after: string | undefined, flags: DiffFlags, called: Command) => {
      const [first, second, ...more] = namesWith(
        [before, after].filter((one) => one !== undefined),
        flags,
      );
      if (first === undefined || second === undefined || more.length > 0)
        throw new InputError(
          'flopscope diff takes two versions of a network: name both, as in flopscope diff before.yaml after.yaml',
        );
      return (await import('./action.js')).diffCommand(first, second, { ...flags, given: givenFlags(called) }, screen);
    });
  addDetectorOptions(command);
  addTrainingOptions(command);
  for (const option of measureOptions(COMPARED)) if (!OWN.includes(option.long!)) command.addOption(option);
}
