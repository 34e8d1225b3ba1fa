// Arguments and flags of flopscope reconcile.

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { ReconcileOptions } from './action.js';
import { nameWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { freezeOption } from '../../flags/trainingOptions.js';
import type { Screen } from '../../screen.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL } from '../../flags/options.js';

export function declareReconcile(root: Command, screen: Screen): void {
  const command = root
    .command('reconcile')
    .description('what fvcore, ptflops, thop, torchinfo, DeepSpeed and others print for a model, and why they differ')
    .addArgument(new Argument('[model]', MODEL))
    .addOption(
      new Option(
        '--given <figure>',
        'find the counter that a figure came from, as in 2.87G or "5.67 GFLOPs"',
      ).argParser(onlyOne),
    )
    .addOption(new Option('--counter <name>', 'show one counter alone, with all that it counts and leaves out: fvcore'))
    .addOption(new Option('--training', 'count forward and backward together, as torch, DeepSpeed and calflops do'))
    .addOption(freezeOption())
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope reconcile densenet121\n  flopscope reconcile densenet121 --counter thop\n  flopscope reconcile densenet121 --given 2.87G',
    )
    .action(async (model: string | undefined, options: ReconcileOptions & DetectorFlags) =>
      (await import('./action.js')).reconcileCommand(nameWith(model, options), options, screen),
    );
  addDetectorOptions(command);
}

function onlyOne(figure: string, before: string | undefined): string {
  if (before === undefined) return figure;
  throw new InvalidArgumentError(`There is one before it, ${before}: ask about one figure at a time.`);
}
