// Finds TensorFlow's library in a folder that pip filled, or has pip fill one.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { InputError } from '../../../src/inputError.js';
import type { Screen } from '../../screen.js';
import { call } from './tool.js';

/** Names in pip's wheels since TensorFlow 2.9, on Linux. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

export interface Wheel {
  /** The folder with TensorFlow's libraries and headers. */
  readonly tensorflow: string;
  /** The folder beside it into which pip puts CUDA libraries. */
  readonly nvidia: string;
}

/**
 * @param folder the user's: what `pip show tensorflow` calls its location, or the folder tensorflow
 * in it
 * @throws InputError naming the folder
 */
export function wheelIn(folder: string): Wheel {
  const tensorflow = [join(folder, 'tensorflow'), folder].map((path) => resolve(path)).find(isWhole);
  if (tensorflow === undefined)
    throw new InputError(
      `${folder}: has no ${LIBRARIES[0]!} with its headers, nor has its folder tensorflow; give the location that pip show tensorflow prints, or no folder to let pip fetch one`,
    );
  return { tensorflow, nvidia: resolve(tensorflow, '..', 'nvidia') };
}

const isWhole = (path: string): boolean =>
  LIBRARIES.every((name) => existsSync(join(path, name))) && existsSync(join(path, 'include/tensorflow/c/c_api.h'));

/**
 * @param gpu the wheel with CUDA and all that it depends on, rather than the one for CPUs alone
 * @throws SetupFailure when pip cannot give it
 */
export async function wheelFromPip(project: string, gpu: boolean, screen: Screen): Promise<Wheel> {
  const folder = join(project, 'wheel');
  const [name, ...flags] = gpu ? ['tensorflow[and-cuda]'] : ['tensorflow-cpu', '--no-deps'];
  const quiet = ['--no-compile', '--only-binary', ':all:', '--disable-pip-version-check'];
  await call(
    {
      command: 'python3',
      args: ['-m', 'pip', 'install', '--target', folder, ...quiet, ...flags, name],
      folder: project,
      failed: 'pip could not give the wheel',
      missing: 'install Python 3 with pip, or name a folder that has a TensorFlow: --from-pip DIR',
    },
    screen,
  );
  return wheelIn(folder);
}

/**
 * Puts the libraries into `lib` of the project, and CUDA's beside them, where TensorFlow looks for
 * them. The user's folder is only linked to. Of pip's folder of a gigabyte only the libraries are
 * kept.
 */
export function placeLibraries({ tensorflow, nvidia }: Wheel, project: string): void {
  const lib = join(project, 'lib');
  mkdirSync(lib);
  const own = !relative(project, tensorflow).startsWith('..');
  for (const name of LIBRARIES) {
    const from = join(tensorflow, name);
    if (own) renameSync(from, join(lib, name));
    else symlinkSync(from, join(lib, name));
  }
  for (const path of cudaLibraries(nvidia))
    symlinkSync(own ? relative(lib, path) : path, join(lib, path.split('/').at(-1)!));
  if (own) rmSync(tensorflow, { recursive: true });
}

function cudaLibraries(nvidia: string): readonly string[] {
  if (!existsSync(nvidia)) return [];
  const folders = readdirSync(nvidia)
    .map((name) => join(nvidia, name, 'lib'))
    .filter(existsSync);
  const paths = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const byName = new Map(paths.filter((path) => path.includes('.so')).map((path) => [path.split('/').at(-1), path]));
  return [...byName.values()];
}
