// flopscope setup: installs what an engine, the studio or charts can use, and tries it.

import { homeOf, type OptionalName } from '../../../src/engines/optionalPackage.js';
import { tensorflowHome } from '../../../src/engines/tensorflowHome.js';
import { InputError } from '../../../src/inputError.js';
import { nvidiaGpus } from '../../../src/nvidia/gpus.js';
import { tryEngine } from '../../../src/engines/tryEngine.js';
import type { Screen } from '../../screen.js';
import { compileAddon, installPackage, installSources } from './addon.js';
import { inDraft } from './draft.js';
import { setUpPackage, works } from './setUpPackage.js';
import { explanation } from './explanation.js';
import { SetupFailure } from './setupFailure.js';
import { LIBRARIES, placeLibraries, wheelFromPip, wheelIn, type Wheel } from './wheel.js';

export interface SetupOptions {
  /** True for a wheel from pip, or the folder of one. */
  readonly fromPip?: true | string;
  readonly package?: true;
}

/** As commander gives them: an absent option may be a key with undefined. */
type Loose<Options> = { readonly [Key in keyof Options]: Options[Key] | undefined };

/**
 * @throws InputError for a folder without TensorFlow or a platform without one; SetupFailure when a
 * step fails
 */
export async function setup(
  name: 'tensorflow' | OptionalName,
  { fromPip, package: published }: SetupOptions,
  screen: Screen,
): Promise<void> {
  if (name === 'tensorflow') return setUpTensorflow({ fromPip, package: published }, screen);
  // Other packages have one way of installation.
  if (fromPip !== undefined || published !== undefined)
    throw new InputError(`--from-pip and --package are routes to TensorFlow: ${name} needs none`);
  screen.out(`${await setUpPackage(name, screen)}\nIt is in ${homeOf(name)}; deleting the folder undoes the set-up.\n`);
}

async function setUpTensorflow({ fromPip, package: published }: Loose<SetupOptions>, screen: Screen): Promise<void> {
  const nvidia = await nvidiaGpus();
  if (fromPip === undefined && published === undefined) {
    screen.out(explanation(tensorflowHome(), nvidia));
    return;
  }
  if (fromPip !== undefined && published !== undefined)
    throw new InputError('--from-pip and --package are two routes: choose one');
  const gpu = nvidia.gpus.length > 0;
  const report = await inDraft('tensorflow', async (project, environment) => {
    if (fromPip === undefined) await installed(project, gpu, screen);
    else await built(project, fromPip === true ? undefined : fromPip, gpu, screen);
    const tried = await tryEngine('tensorflow', environment);
    if (tried.works) return tried;
    throw new SetupFailure(`TensorFlow was set up, but ${tried.problem ?? 'it does not work'}`);
  });
  screen.out(`${works(report)}\nIt is in ${tensorflowHome()}; use it with --engine tensorflow.\n`);
  if (gpu && report.device?.kind === 'cpu')
    screen.err(
      'warning: TensorFlow found no GPU that it can use, though nvidia-smi sees one: it lacks a CUDA library\n',
    );
}

async function installed(project: string, gpu: boolean, screen: Screen): Promise<void> {
  screen.err(`installing tfjs-node${gpu ? '-gpu' : ''}, which downloads TensorFlow 2.9\n`);
  await installPackage(project, gpu, screen);
}

async function built(project: string, folder: string | undefined, gpu: boolean, screen: Screen): Promise<void> {
  if (process.platform !== 'linux') throw new InputError('--from-pip works on Linux only: elsewhere use --package');
  let wheel: Wheel;
  if (folder === undefined) {
    screen.err(`1/3 pip fetches ${gpu ? 'tensorflow[and-cuda]' : 'tensorflow-cpu'}\n`);
    wheel = await wheelFromPip(project, gpu, screen);
  } else {
    wheel = wheelIn(folder);
    screen.err(`1/3 TensorFlow is in ${wheel.tensorflow}\n`);
  }
  screen.err('2/3 npm fetches tfjs-node\n');
  await installSources(project, screen);
  screen.err('3/3 its addon is compiled\n');
  await compileAddon(project, wheel.tensorflow, LIBRARIES, screen);
  placeLibraries(wheel, project);
}
