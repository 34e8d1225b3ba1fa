// Arguments and flags of flopscope schema.

import { Argument, type Command } from 'commander';
import type { Screen } from '../../screen.js';

export function declareSchema(root: Command, screen: Screen): void {
  root
    .command('schema')
    .description('the JSON Schema of config or budgets files, with which editors check and complete them')
    .addArgument(
      new Argument('[of]', 'the kind of file that it describes').choices(['config', 'budgets']).default('config'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  flopscope schema > flopscope.schema.json\n  flopscope schema budgets > flopscope.budgets.schema.json',
    )
    .action(async (of: 'config' | 'budgets') => (await import('./action.js')).schema(of, screen));
}
