// Arguments and flags of flopscope studio.

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { namesWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import type { Screen } from '../../screen.js';
import type { StudioOptions } from './action.js';

export function declareStudio(root: Command, screen: Screen): void {
  const command = root
    .command('studio')
    .description('a page in your browser: edit a network or drop a file, and see every cost change')
    .addArgument(
      new Argument(
        '[models...]',
        'built-in names, and files or folders of models; each opens in a tab, and nothing else is served',
      ),
    )
    .addOption(new Option('--port <n>', 'where to listen on this machine (default: a free port)').argParser(port))
    .addOption(new Option('--open', 'open the page in your browser').default(false))
    .addHelpText('after', '\nExample:\n  flopscope studio\n  flopscope studio resnet50 backbone.yaml yolov4.cfg --open')
    .action(async (names: readonly string[], options: StudioOptions & DetectorFlags) =>
      (await import('./action.js')).studioCommand(namesWith(names, options), options, screen),
    );
  addDetectorOptions(command);
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value < 1 || value > 65535)
    throw new InvalidArgumentError('It must be a whole number from 1 to 65535.');
  return value;
}
