// Arguments and flags of flopscope list.

import type { Command } from 'commander';
import type { ListOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { formatOption } from '../../flags/options.js';

export function declareList(root: Command, screen: Screen): void {
  root
    .command('list')
    .description('every built-in model, by family, or every kind of file that is read')
    .option('--formats', 'list the kinds of file that are read', false)
    .addOption(formatOption())
    .addHelpText('after', '\nExample:\n  flopscope list --format csv\n  flopscope list --formats')
    .action(async (options: ListOptions) => (await import('./action.js')).list(options, screen));
}
