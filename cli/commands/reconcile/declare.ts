// Arguments and flags of flopscope reconcile.

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { ReconcileOptions } from './action.js';
import { freezeOption } from '../../flags/trainingOptions.js';
import type { Screen } from '../../screen.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL } from '../../flags/options.js';

export function declareReconcile(root: Command, screen: Screen): void {
  root
    .command('reconcile')
    .description(
      'what fvcore, ptflops, thop, torchinfo, DeepSpeed and others would print for a model, and why they differ',
    )
    .addArgument(new Argument('<model>', MODEL))
    .addOption(
      new Option('--given <figure>', 'find out which counter a figure came from, e.g. 2.87G, "5.67 GFLOPs"').argParser(
        onlyOne,
      ),
    )
    .addOption(new Option('--counter <name>', 'only one, with all that it counts and leaves out, e.g. fvcore'))
    .addOption(new Option('--training', 'forward and backward together, as torch, DeepSpeed and calflops count them'))
    .addOption(freezeOption())
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope reconcile densenet121\n  flopscope reconcile densenet121 --counter thop\n  flopscope reconcile densenet121 --given 2.87G',
    )
    .action(async (model: string, options: ReconcileOptions) =>
      (await import('./action.js')).reconcileCommand(model, options, screen),
    );
}

function onlyOne(figure: string, before: string | undefined): string {
  if (before === undefined) return figure;
  throw new InvalidArgumentError(`There is one before it, ${before}: ask about one figure at a time.`);
}
