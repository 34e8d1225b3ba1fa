// How is flopscope schema called?

import type { Command } from 'commander';
import type { Screen } from '../screen.js';

export function declareSchema(root: Command, screen: Screen): void {
  root
    .command('schema')
    .description('the JSON Schema of config files, for editors')
    .addHelpText('after', '\nExample:\n  flopscope schema > flopscope.schema.json')
    .action(async () => (await import('../commands/schema.js')).schema(screen));
}
