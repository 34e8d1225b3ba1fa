// Arguments and flags of flopscope doctor.

import type { Command } from 'commander';
import type { DoctorOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { formatOption } from '../../flags/options.js';

export function declareDoctor(root: Command, screen: Screen): void {
  root
    .command('doctor')
    .description('which engines, renderers and GPUs work here, and how to mend the others')
    .addOption(formatOption())
    .addHelpText('after', '\nExample:\n  flopscope doctor --format json')
    .action(async (options: DoctorOptions) => (await import('./action.js')).doctorCommand(options, screen));
}
