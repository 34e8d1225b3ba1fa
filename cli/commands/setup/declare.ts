// Arguments and flags of flopscope setup.

import { Argument, Option, type Command } from 'commander';
import type { SetupOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { homeOf, OPTIONAL, type OptionalName } from '../../../src/engines/optionalPackage.js';
import { tensorflowHome } from '../../../src/engines/tensorflowHome.js';

export function declareSetup(root: Command, screen: Screen): void {
  root
    .command('setup')
    .description('bring what is too large for the package: an engine, or a part of the studio or of charts')
    .addArgument(new Argument('<name>', 'what to set up').choices(['tensorflow', ...NAMES]))
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
    .action(async (name: 'tensorflow' | OptionalName, options: SetupOptions) =>
      (await import('./action.js')).setup(name, options, screen),
    );
}

const NAMES = Object.keys(OPTIONAL) as readonly OptionalName[];

const USES: Readonly<Record<OptionalName, string>> = {
  onnxruntime: 'the fastest engine on a CPU; CUDA, TensorRT, DirectML, CoreML',
  webgpu: 'an engine on any GPU with Vulkan, Metal or Direct3D 12',
  'onnxruntime-web': 'for flopscope studio, which measures dropped ONNX files on it',
  'chartjs-node-canvas': 'another renderer of charts; one is there already',
};

function place(name: OptionalName): string {
  const { package: published, version, size } = OPTIONAL[name];
  return `${name}: ${USES[name]}\n  npm installs ${published} ${version} (${size} on disk) in\n  ${homeOf(name)}`;
}

/** The folders depend on the environment, so they are found when help is asked for. */
const places = (): string => `
${NAMES.map(place).join('\n')}
tensorflow: the engine on TensorFlow itself
  (from pip 1.1 GB for a CPU, some GB with CUDA; with dir 0.3 GB) in
  ${tensorflowHome()}
FLOPSCOPE_HOME names another folder; deleting the folder undoes the set-up.`;

const EXAMPLE = `
Example:
  flopscope setup onnxruntime
  flopscope setup webgpu
  flopscope setup tensorflow --from-pip`;
