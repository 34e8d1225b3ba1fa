// Arguments and flags of flopscope setup.

import { Argument, Option, type Command } from 'commander';
import type { SetupOptions } from './action.js';
import type { Screen } from '../../screen.js';

export function declareSetup(root: Command, screen: Screen): void {
  root
    .command('setup')
    .description('set up what the engine tensorflow or onnxruntime needs; for tensorflow without a route, explain both')
    .addArgument(new Argument('<engine>', 'the engine that needs it').choices(['tensorflow', 'onnxruntime']))
    .addOption(
      new Option('--from-pip [dir]', "TensorFlow from pip, or the one in dir; tfjs-node's addon is compiled for it"),
    )
    .addOption(new Option('--package', 'the TensorFlow 2.9 that tfjs-node-gpu or tfjs-node downloads, for CUDA 11.2'))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope setup tensorflow\n  flopscope setup tensorflow --from-pip\n  flopscope setup onnxruntime',
    )
    .action(async (engine: 'tensorflow' | 'onnxruntime', options: SetupOptions) =>
      (await import('./action.js')).setup(engine, options, screen),
    );
}
