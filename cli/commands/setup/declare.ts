// Arguments and flags of flopscope setup.

import { Argument, Option, type Command } from 'commander';
import type { SetupOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { onnxruntimeHome, PACKAGE, SIZE, VERSION } from '../../../src/engines/onnxruntime/install.js';
import { tensorflowHome } from '../../../src/engines/tensorflowHome.js';

export function declareSetup(root: Command, screen: Screen): void {
  root
    .command('setup')
    .description('install what an engine needs; for tensorflow, without an option, explain the two ways to do it')
    .addArgument(new Argument('<engine>', 'the engine that needs it').choices(['tensorflow', 'onnxruntime']))
    .addOption(
      new Option(
        '--from-pip [dir]',
        'tensorflow: from pip, or the one in dir; the addon of tfjs-node is compiled for it',
      ),
    )
    .addOption(
      new Option('--package', 'tensorflow: version 2.9, which tfjs-node-gpu or tfjs-node downloads, for CUDA 11.2'),
    )
    .addHelpText('after', () => `${places()}\n${EXAMPLE}`)
    .action(async (engine: 'tensorflow' | 'onnxruntime', options: SetupOptions) =>
      (await import('./action.js')).setup(engine, options, screen),
    );
}

/** The folders depend on the environment, so they are found when help is asked for. */
const places = (): string => `
onnxruntime: npm installs ${PACKAGE} ${VERSION} in ${onnxruntimeHome()}
  (${SIZE} on disk, with the libraries of all systems; its install script does not run)
tensorflow: it is installed in ${tensorflowHome()}
  (from pip 1.1 GB for a CPU, some GB with CUDA; with dir 0.3 GB)
FLOPSCOPE_HOME names another folder; deleting the folder undoes the set-up.`;

const EXAMPLE = `
Example:
  flopscope setup tensorflow
  flopscope setup tensorflow --from-pip
  flopscope setup onnxruntime`;
