// Arguments and flags of flopscope list.

import type { Command } from 'commander';
import type { ListOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { formatOption } from '../../flags/options.js';

export function declareList(root: Command, screen: Screen): void {
  root
    .command('list')
    .description('the built-in models by family, or the kinds of model file')
    .argument('[pattern]', 'part of a name, or a name with * for any letters (default: all models)')
    .option('--formats', 'list the kinds of model file in place of models', false)
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope list densenet\n  flopscope list --format csv\n  flopscope list --formats',
    )
    .action(async (pattern: string | undefined, options: ListOptions) =>
      (await import('./action.js')).list(pattern, options, screen),
    );
}
