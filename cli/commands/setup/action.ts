// flopscope setup: installs what an engine needs, and runs a convolution on it as a test.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineReport } from '../../../src/engines/probe.js';
import {
  onnxruntimeHome,
  PACKAGE,
  SIZE,
  VERSION as RUNTIME_VERSION,
} from '../../../src/engines/onnxruntime/install.js';
import { flopscopeHome, tensorflowHome } from '../../../src/engines/tensorflowHome.js';
import { InputError } from '../../../src/inputError.js';
import { nvidiaGpus } from '../../../src/nvidia/gpus.js';
import { tryEngine } from '../../../src/engines/tryEngine.js';
import type { Screen } from '../../screen.js';
import { compileAddon, installPackage, installRuntime, installSources } from './addon.js';
import { explanation } from './explanation.js';
import { SetupFailure } from './setupFailure.js';
import { endCalls } from './tool.js';
import { LIBRARIES, placeLibraries, wheelFromPip, wheelIn, type Wheel } from './wheel.js';

export interface SetupOptions {
  /** True for a wheel from pip, or the folder of one. */
  readonly fromPip?: true | string;
  readonly package?: true;
}

/**
 * @throws InputError for a folder without TensorFlow or a platform without one; SetupFailure when a
 * step fails
 */
export function setup(engine: 'tensorflow' | 'onnxruntime', options: SetupOptions, screen: Screen): Promise<void> {
  return engine === 'onnxruntime' ? setUpOnnxruntime(options, screen) : setUpTensorflow(options, screen);
}

/** The package has all that the engine needs: there is one route. */
async function setUpOnnxruntime({ fromPip, package: published }: SetupOptions, screen: Screen): Promise<void> {
  if (fromPip !== undefined || published !== undefined)
    throw new InputError('--from-pip and --package are routes to TensorFlow: onnxruntime needs none');
  screen.err(`npm fetches ${PACKAGE} ${RUNTIME_VERSION}, ${SIZE} on disk; its install script does not run\n`);
  const report = await inDraft('onnxruntime', (project) => installRuntime(project, screen));
  screen.out(`${said(report, onnxruntimeHome())}\n`);
}

async function setUpTensorflow({ fromPip, package: published }: SetupOptions, screen: Screen): Promise<void> {
  const nvidia = await nvidiaGpus();
  if (fromPip === undefined && published === undefined) {
    screen.out(explanation(tensorflowHome(), nvidia));
    return;
  }
  if (fromPip !== undefined && published !== undefined)
    throw new InputError('--from-pip and --package are two routes: choose one');
  const gpu = nvidia.gpus.length > 0;
  const report = await inDraft('tensorflow', (project) =>
    fromPip === undefined
      ? installed(project, gpu, screen)
      : built(project, fromPip === true ? undefined : fromPip, gpu, screen),
  );
  screen.out(`${said(report, tensorflowHome())}\n`);
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

const TITLES = { tensorflow: 'TensorFlow', onnxruntime: 'ONNX Runtime' } as const;

/** Works in a temporary folder. It becomes the set-up after a convolution has run there. */
async function inDraft(
  engine: 'tensorflow' | 'onnxruntime',
  work: (project: string) => Promise<void>,
): Promise<EngineReport> {
  const draft = join(flopscopeHome(), `setup-${process.pid}`);
  const project = join(draft, engine);
  const home = join(flopscopeHome(), engine);
  const interrupted = (): void => {
    void endCalls().then(() => {
      rmSync(draft, { recursive: true, force: true });
      process.exit(INTERRUPTED);
    });
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    makeProject(project);
    await work(project);
    const report = await tryEngine(engine, { FLOPSCOPE_HOME: draft });
    if (!report.works)
      throw new SetupFailure(`${TITLES[engine]} was set up, but ${report.problem ?? 'it does not work'}`);
    rmSync(home, { recursive: true, force: true });
    renameSync(project, home);
    return report;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    rmSync(draft, { recursive: true, force: true });
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** 128 + 2 (SIGINT), the shells' exit code of an interrupt. */
const INTERRUPTED = 130;

/** @throws InputError when the folder cannot be made */
function makeProject(project: string): void {
  try {
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  } catch (error) {
    throw new InputError(
      `${project}: cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); set FLOPSCOPE_HOME to a folder that can`,
    );
  }
}

function said({ name, device, versions, convolutionError }: EngineReport, home: string): string {
  const packages = Object.entries(versions ?? {}).map((entry) => entry.join(' '));
  const where = device?.kind === 'gpu' ? `on the GPU, ${device.name}` : `on the CPU, ${device?.name ?? 'unknown'}`;
  return `${name} works (${packages.join(', ')}): a convolution ran ${where}, off by ${(convolutionError ?? 0).toPrecision(1)}.\nIt is in ${home}; use it with --engine ${name}.`;
}
